using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace OpenSts.Cli.Tests.Meters;

/// <summary>One meter with several ports open: the local port and DLMS/COSEM share its lock-out, its memory and its
/// last result.</summary>
public sealed class MeterCosemTests : IDisposable
{
    private const string Published = "70630503470028726114";
    private readonly string _folder = Directory.CreateTempSubdirectory("ostscosem").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Serve_LocalPortAndCosem_AreOneMeter()
    {
        var meter = Path.Combine(_folder, "meter");
        Assert.Equal(0, Sts.Run("meter", "create", meter, "--manufactured-at", "2014-01-01T00:00:00Z").Exit);
        using var serving = Sts.Start(
            "meter", "serve", meter, "--tcp", "127.0.0.1:0", "--cosem", "127.0.0.1:0",
            "--laboratory");
        try
        {
            var cosem = serving.StandardOutput.ReadLine()!.Split(':')[^1];
            var port = serving.StandardOutput.ReadLine()!.Split(' ')[^1];
            string[] client = ["--port", cosem, "--laboratory"];
            Assert.Contains(
                "Accept", Sts.Run(["cosem", "enter", .. client, Published]).Output, StringComparison.Ordinal);
            Assert.Equal("UsedError\n", Sts.Run("meter", "port", "enter", "--tcp", port, Published).Output);
            Assert.Contains(
                "0.1 kWh", Sts.Run(["cosem", "read", .. client, "0-0:19.10.0.255", "2"]).Output,
                StringComparison.Ordinal);
            Assert.Equal("00000001\n", Sts.Run("meter", "port", "read", "2010", "--tcp", port).Output);
            // One wrong token by each way: the second starts the wait for both.
            Assert.Contains(
                "CRCError", Sts.Run(["cosem", "enter", .. client, "70630503470028726115"]).Output,
                StringComparison.Ordinal);
            Assert.Equal(
                "CRCError\n", Sts.Run("meter", "port", "enter", "--tcp", port, "70630503470028726116").Output);
            Assert.NotEqual("0000\n", Sts.Run("meter", "port", "read", "F011", "--tcp", port).Output);
        }
        finally
        {
            serving.Kill();
            serving.WaitForExit();
        }

        Assert.Contains(
            "\"lockoutFailures\":2", Sts.Run("meter", "show", meter, "--json").Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Serve_CosemWithAnAccount_RefusesThePaymentModeFlagAndShowsIt()
    {
        var meter = Path.Combine(_folder, "meter");
        Assert.Equal(0, Sts.Run("meter", "create", meter).Exit);
        // Before it is served the meter has no Account: the flag may be cleared, and supply needs no credit.
        Assert.Equal(0, Sts.Run("meter", "enter", meter, Flag(6, "off", 1)).Exit);
        Assert.Equal("closed", Shown(meter, "loadSwitch"));
        WithCosem(meter, client =>
        {
            Assert.Contains(
                "[0, 1, 0, 1, 1, 2, 2, 2, 2, 2, 2, 2]", Run(
                    "cosem", "read", client, "0-0:93.1.1.255", "2"), StringComparison.Ordinal);
            Assert.Contains(
                "FunctionError", Run("cosem", "enter", client, Flag(6, "on", 2)), StringComparison.Ordinal);
            Assert.Contains(
                "FunctionError", Run("cosem", "enter", client, Flag(10, "off", 3)), StringComparison.Ordinal);
            Assert.Contains(
                "FunctionError", Run("cosem", "enter", client, Flag(5, "on", 4)), StringComparison.Ordinal);
        });
        // It is a prepayment meter now, by whatever carrier.
        Assert.Equal(1, Sts.Run("meter", "enter", meter, Flag(6, "off", 5)).Exit);
        Assert.Equal("open", Shown(meter, "loadSwitch"));
    }

    [Fact]
    public void Serve_CosemOfAMeterThatCountsCurrencyOnly_ShowsItsMoney()
    {
        var meter = Path.Combine(_folder, "meter");
        Assert.Equal(0, Sts.Run("meter", "create", meter, "--credit-registers", "currency", "--price", "2.5").Exit);
        // 100 base units of money, as in the story money-only.
        Assert.Equal(0, Sts.Run("meter", "enter", meter, "52596830407315009307").Exit);
        WithCosem(meter, client =>
        {
            Assert.Contains("100", Run("cosem", "read", client, "0-0:19.10.0.255", "2"), StringComparison.Ordinal);
            Assert.DoesNotContain(
                "kWh", Run("cosem", "read", client, "0-0:19.10.0.255", "2"), StringComparison.Ordinal);
        });
    }

    [Fact]
    public void Serve_Terminated_SavesTheConsumptionAndEndsWell()
    {
        var meter = Path.Combine(_folder, "meter");
        Assert.Equal(0, Sts.Run("meter", "create", meter, "--save-after", "1000").Exit);
        Assert.Equal(0, Sts.Run("meter", "enter", meter, Published).Exit);
        using var serving = Sts.Start(
            "meter", "serve", meter, "--tcp", "127.0.0.1:0", "--load", "10", "--speed", "60");
        _ = serving.StandardOutput.ReadLine();
        Thread.Sleep(2_500);
        Assert.Equal(0, Terminate(serving.Id));
        Assert.True(serving.WaitForExit(20_000));
        Assert.Equal((0, ""), (serving.ExitCode, serving.StandardError.ReadToEnd()));
        Assert.NotEqual("0", Shown(meter, "cumulative"));
    }

    private static int Terminate(int process)
    {
        using var kill = System.Diagnostics.Process.Start("kill", ["-TERM", $"{process}"]);
        kill.WaitForExit();
        return kill.ExitCode;
    }

    private static string Flag(int index, string value, int minute) => Regex.Match(
        Sts.Run(
            "token", "flag", "--index", $"{index}", "--value", value, "--at", $"2026-01-01T01:{minute:D2}:00Z",
            "--pan", "600727000000000009", "--sgc", "201457", "--vending-key", TestKeys.VendingKeyA).Output,
        "[0-9]{4}( [0-9]{4}){4}").Value;

    private static string Run(string command, string verb, string[] client, params string[] rest) =>
        Sts.Run([command, verb, .. client, .. rest]).Output;

    private static string Shown(string meter, string member) =>
        JsonNode.Parse(Sts.Run("meter", "show", meter, "--json").Output)![member]!.ToString();

    private static void WithCosem(string meter, Action<string[]> talk)
    {
        using var serving = Sts.Start(
            "meter", "serve", meter, "--cosem", "127.0.0.1:0", "--cosem-new-counter-file", "--laboratory");
        try
        {
            talk(["--port", serving.StandardOutput.ReadLine()!.Split(':')[^1], "--laboratory"]);
        }
        finally
        {
            Assert.Equal(0, Terminate(serving.Id));
            Assert.True(serving.WaitForExit(20_000));
        }
    }
}
