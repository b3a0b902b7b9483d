using System.CommandLine;
using OpenSts.Cli.Terminal;
using OpenSts.SecureStorage;
using OpenSts.SecurityModule;
using OpenSts.SecurityModule.Host;

namespace OpenSts.Cli.SecurityModule;

/// <summary><c>sts sm serve</c>: a security module for everybody who speaks STS6.</summary>
internal static class ServeCommand
{
    private const string TestWarning = "WARNING: test mode. The random bits are always 5, the clock refuses nothing, and only test keys are loaded. Not for meters in the field.";

    public static Command Create()
    {
        var vault = new Option<string?>("--vault") { Description = "Folder of the vault whose registers are served" };
        var testRegisters = new Option<bool>("--test-registers") { Description = "Registers 1 to 9 of the public test suites, in memory; nothing is kept" };
        var locks = new LockOptions();
        var listen = new ListenOptions();
        var settings = new ModuleOptions();
        var command = new Command("serve", "Serve the keys of a vault, or the public test keys, by STS6") { vault, testRegisters };
        listen.AddTo(command);
        settings.AddTo(command);
        locks.AddTo(command);
        return command.DoesWithVault(async (parsed, stop) =>
        {
            _ = ProcessMemory.ForbidDumps();
            var folder = parsed.GetValue(vault);
            if (parsed.GetValue(testRegisters) == folder is not null)
                throw new CliException("give either --vault or --test-registers");
            listen.Check(parsed);
            try
            {
                if (folder is null)
                {
                    using var module = SoftwareSecurityModule.WithTestRegisters(settings.Read(parsed, new PublicIdentification()));
                    return await ServeAsync(parsed, module, listen, stop);
                }

                using var open = OpenVault.From(parsed, folder, locks);
                using var served = SoftwareSecurityModule.Open(open.Vault, open.Token, settings.Read(parsed, PublicIdentification.Of(open.Vault)));
                _ = open.Vault.Note($"serving {(served.Role == ModuleRole.Vending ? "Vending" : "Manufacturing")}{(served.Settings.TestMode ? ", test mode" : "")}");
                return await ServeAsync(parsed, served, listen, stop);
            }
            catch (InvalidOperationException error)
            {
                throw new CliException(error.Message);
            }
        });
    }

    private static async Task<int> ServeAsync(ParseResult parsed, SoftwareSecurityModule module, ListenOptions listen, CancellationToken stop)
    {
        if (module.Settings.TestMode)
            Console.Error.WriteLine(TestWarning);
        using var tls = listen.ReadTls(parsed);
        await ModuleHost.RunAsync(module, listen.Read(parsed), tls, line => Console.Error.WriteLine($"sts sm serve: {line}"), stop);
        return ExitCode.Good;
    }
}
