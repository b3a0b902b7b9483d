using System.CommandLine;
using OpenSts.Cli.KeyManagement;

namespace OpenSts.Cli.SecurityModule;

/// <summary><c>sts sm ...</c>: the security module.</summary>
internal static class SecurityModuleCommands
{
    public static Command Create() =>
        new Command("sm", "The security module: its vault, its keys, its log, and serving them by STS6")
    {
        VaultCommands.Init(),
        ServeCommand.Create(),
        StatusCommand.Create(),
        CallCommand.Create(),
        KeyLoadingCommands.Create(),
        new Command("key", "The vending keys in a vault") { KeyImportCommand.Create(), VaultCommands.KeyList() },
        new Command("log", "The log of a vault") { VaultCommands.LogVerify() },
    }.WithSecurityModuleExamples();
}
