namespace OpenSts.SecurityModule.Server.Commands;

/// <summary>The place of the commands by which a key management centre loads keys and gives instructions; they come with the centre.</summary>
/// <remarks>
/// KC key agreement, KR key request, KL key load, KF end of loading, KX removal of a centre, CI signed instruction. Until then the
/// module has no such command, and says so as it does of any other that it does not know. What changes keys goes through
/// <see cref="SoftwareSecurityModule.ChangeKeys"/>.
/// </remarks>
internal static class LoadingCommands
{
    /// <summary>None yet.</summary>
    public static ModuleCommand[] All => [];
}
