using System.Net.Http.Headers;
using OpenSts.Metering;
using OpenSts.Vending.Hosting;

namespace OpenSts.SystemTests.Vending;

/// <summary>The vending server as its own process, the security module as another, STS6 between them, and a meter that takes what was sold.</summary>
public sealed class EndToEndTests : IDisposable
{
    private readonly string _folder = Path.Combine(Directory.CreateTempSubdirectory("opensts-vending-").FullName, "store");

    public void Dispose() => Directory.Delete(Path.GetDirectoryName(_folder)!, recursive: true);

    [Fact]
    public async Task Serve_FirstStart_SellsATokenThatAMeterAccepts()
    {
        using var module = new Serving("--test-registers");
        using var server = VendingCommand.Start("serve", "--folder", _folder, "--listen", "http://127.0.0.1:0", "--module", $"127.0.0.1:{module.Port}");
        try
        {
            var (address, key) = await VendingCommand.FirstLinesAsync(server, TestContext.Current.CancellationToken);
            using var client = new HttpClient { BaseAddress = address };
            client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);

            var (health, state, _) = await client.SendAsync("GET", "/healthz");
            var (status, sale, _) = await client.SendAsync("PUT", "/v1/vends/first-sale", $$"""{"meter":"{{FirstStart.DemonstrationMeter}}","tender":"100","vendor":"corner-shop"}""");

            Assert.True(health == 200, state?.ToJsonString());
            Assert.True(status == 201, sale?.ToJsonString());
            Assert.Equal(TokenResult.Accept, Entered((string)sale!["tokens"]![0]!["tokens"]![0]!, (string)sale["price"]!["tokenUnits"]!));
        }
        finally
        {
            server.Kill(entireProcessTree: true);
            await server.WaitForExitAsync(TestContext.Current.CancellationToken);
        }

        var (exit, output, _) = VendingCommand.Run("verify", "--folder", _folder);
        Assert.Equal(0, exit);
        Assert.Contains("1 entries are in order", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("unknown command", "'sell' is no command", "sell")]
    [InlineData("unknown option", "'--x' is no option", "serve", "--x", "1")]
    [InlineData("no value", "--folder held nothing", "serve", "--folder")]
    [InlineData("port", "--module held 'here'", "serve", "--module", "here")]
    [InlineData("time zone", "--time-zone held 'Mars'", "serve", "--time-zone", "Mars")]
    [InlineData("currency", "--currency held 'rand'", "serve", "--currency", "rand")]
    [InlineData("folder that cannot be", "The option folder held '/proc/no/folder'", "serve", "--folder", "/proc/no/folder")]
    [InlineData("address of another machine", "The option listen held 'http://192.0.2.1:80'", "serve", "--listen", "http://192.0.2.1:80", "--folder", "TEMPORARY")]
    [InlineData("file of options", "--config held '/nowhere'", "serve", "--config", "/nowhere")]
    [InlineData("export over a file", "already exists", "export-log", "/etc/hostname", "--folder", "TEMPORARY")]
    public void Command_BadInput_ExitStatus2AndOneLine(string description, string expected, params string[] arguments)
    {
        var (exit, _, error) = VendingCommand.Run([.. arguments.Select(argument => argument == "TEMPORARY" ? _folder : argument)]);

        Assert.True(exit == 2, description);
        Assert.Contains(expected, error, StringComparison.Ordinal);
        _ = Assert.Single(error.TrimEnd().Split('\n'));
    }

    [Theory]
    [InlineData("serve")]
    [InlineData("export-log")]
    [InlineData("import-meters")]
    [InlineData("verify")]
    public void Command_HelpAfterACommand_ShowsHelpAndMakesNothing(string command)
    {
        var folder = Directory.CreateTempSubdirectory("sts-vending-help-");
        try
        {
            var (exit, output, error) = VendingCommand.Run(command, "--help", "--folder", Path.Combine(folder.FullName, "store"));
            Assert.Equal((0, ""), (exit, error));
            Assert.Contains("--folder", output, StringComparison.Ordinal);
            Assert.Empty(folder.EnumerateFileSystemInfos());
            Assert.False(File.Exists("--help"));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Theory]
    [InlineData("no file", "export-log needs a file", "export-log")]
    [InlineData("an option in the file's place", "export-log needs a file", "export-log", "--folder", "TEMPORARY")]
    [InlineData("a second file", "'two' is one argument too many", "export-log", "one", "two")]
    public void Command_WrongArguments_MakeNoFile(string description, string expected, params string[] arguments)
    {
        var (exit, _, error) = VendingCommand.Run([.. arguments.Select(argument => argument == "TEMPORARY" ? _folder : argument)]);
        Assert.True(exit == 2, description);
        Assert.Contains(expected, error, StringComparison.Ordinal);
        Assert.False(File.Exists("one") || File.Exists("--folder"));
    }

    private static TokenResult Entered(string token, string units)
    {
        var attributes = TestModule.Attributes(FirstStart.DemonstrationMeter, 1, TariffIndex.Parse("01"), EncryptionAlgorithm.Ea07) with { SupplyGroupCode = FirstStart.DemonstrationGroup };
        using var key = TestModule.KeyOf(attributes);
        Assert.True(TokenIdentifier.TryFromTime(DateTimeOffset.UtcNow.AddDays(-30), attributes.BaseDate, out var made));
        var settings = new MeterSettings { MeterPan = attributes.MeterPan, EncryptionAlgorithm = EncryptionAlgorithm.Ea07, Service = CreditService.Electricity };
        var decision = MeterApplication.Enter(settings, MeterState.AtManufacture(key, attributes, made), token, TimeSpan.FromSeconds(20));
        Assert.Equal(units, ExactDecimal.Format(decision.State.CreditUnits, 1));
        return decision.Result;
    }
}
