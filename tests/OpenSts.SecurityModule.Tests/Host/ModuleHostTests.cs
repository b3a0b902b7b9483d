using System.Diagnostics;
using System.Runtime.InteropServices;
using OpenSts.SecurityModule.Host;
using OpenSts.SecurityModule.Tests.Commands;
using OpenSts.SecurityModule.Tests.Vault;
using OpenSts.SecurityModule.Vault;
using OpenSts.Sts6;
using OpenSts.Sts6.Client;
using OpenSts.Sts6.Tests;

namespace OpenSts.SecurityModule.Tests.Host;

/// <summary>The program <c>sts-module</c> and the checks of its options.</summary>
public sealed partial class ModuleHostTests : IDisposable
{
    private readonly TestVault _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Validate_ManyFaults_AllAreNamedAtOnce()
    {
        var options = new ModuleOptions
        {
            Vault = "/nope",
            Tcp = "0.0.0.0:5100,nonsense",
            Unix = "/tmp/socket",
            UnixUser = "nobody-of-that-name",
            Serial = "/dev/ttyUSB0:9600;9X9",
            Certificate = "/nope.pem",
            TidWindow = -1,
        };
        var faults = new ModuleOptionsValidator().Validate(null, options).Failures!.ToArray();
        Assert.Equal(
            ["vault", "keyFile", "certificate", "certificate", "tidWindow", "tcp", "unixUser", "serial"],
            faults.Select(fault => fault.Split(':')[0]));
    }

    [Fact]
    public void Validate_OpenToOtherMachinesWithoutTls_Refused()
    {
        var options = new ModuleOptions { Vault = _folder.Folder, KeyFile = _folder.KeyPath, Tcp = "0.0.0.0:5100" };
        Assert.StartsWith("tcp: '0.0.0.0:5100' is open to other machines", Assert.Single(new ModuleOptionsValidator().Validate(null, options).Failures!), StringComparison.Ordinal);
        options.Tcp = "127.0.0.1:5100";
        Assert.True(new ModuleOptionsValidator().Validate(null, options).Succeeded);
    }

    [Fact]
    public async Task Program_ServesAVaultUntilItIsStopped_ExitStatus0()
    {
        using (var vault = _folder.Open())
            vault.Put(1, (TestModule.Card with { CheckValue = "" }).ToString(), KeyHome.Vault, Convert.FromHexString(TestVault.KeyText), "test");
        var socket = _folder.Folder + ".socket";
        using var process = Start("--vault", _folder.Folder, "--keyFile", _folder.KeyPath, "--unix", socket, "--tidWindow", "36500");
        var lines = new List<string>();
        while (await process.StandardError.ReadLineAsync(Cancel) is { } line && !line.EndsWith("; ready", StringComparison.Ordinal))
            lines.Add(line);
        Assert.Contains($"sts-module: lines on {socket}", lines);
        await using (var client = new SecurityModuleClient(new ModuleEndpoint { Transport = ModuleTransport.Unix, Path = socket }))
            Assert.Equal(ResponseCode.Successful, (await client.VendCreditAsync(PublishedRequests.Credit, Cancel)).Code);
        const int terminate = 15;
        Assert.Equal(0, kill(process.Id, terminate));
        await process.WaitForExitAsync(Cancel);
        Assert.Equal(0, process.ExitCode);
        Assert.False(File.Exists(socket));
        using var again = _folder.Open();
        Assert.Equal(1, again.Counters(1).Tokens);
    }

    [Theory]
    [InlineData(2, "--nope", "1")]
    [InlineData(2, "--tcp", "127.0.0.1:0")]
    public async Task Program_WrongOptions_OneLineForEachAndNothingServed(int status, string option, string value)
    {
        using var process = Start(option, value);
        var error = await process.StandardError.ReadToEndAsync(Cancel);
        await process.WaitForExitAsync(Cancel);
        Assert.Equal(status, process.ExitCode);
        Assert.All(error.Split('\n', StringSplitOptions.RemoveEmptyEntries), line => Assert.StartsWith("sts-module: ", line, StringComparison.Ordinal));
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static Process Start(params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardError = true, RedirectStandardOutput = true };
        start.ArgumentList.Add(Sts.ProgramOf("OpenSts.SecurityModule.Host", "sts-module.dll"));
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        return Process.Start(start)!;
    }

    [LibraryImport("libc")]
    private static partial int kill(int process, int signal);
}
