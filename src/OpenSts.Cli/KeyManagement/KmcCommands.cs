using System.CommandLine;

namespace OpenSts.Cli.KeyManagement;

/// <summary><c>sts kmc ...</c>: the key management centre.</summary>
internal static class KmcCommands
{
    public static Command Create() =>
        new Command("kmc",
            "The key management centre: vending keys, who may hold them, and the files by which they get there")
    {
        CeremonyCommand.Create(),
        InitCommand.Create(),
        LockCommands.Create(),
        SealCommands.Create(),
        OfficerCommands.Create(),
        RootCommands.Create(),
        CentreKeyCommands.Create(),
        CentreKeyCommands.Certify(),
        UserCommands.Create(),
        GroupCommands.Create(),
        VendingKeyCommands.Create(),
        ModuleCommands.Create(),
        AuthoriseCommands.Create(),
        AuthoriseCommands.Withdraw(),
        AuthoriseCommands.List(),
        ChangeCommands.List(),
        ChangeCommands.Approve(),
        ChangeCommands.Refuse(),
        FileCommands.LoadFile(),
        FileCommands.Confirm(),
        FileCommands.List(),
        PeerCommands.Create(),
        ReportCommands.Create(),
        LegacyCommands.Create(),
        ChangeCommands.Log(),
    }.WithKmcExamples();
}
