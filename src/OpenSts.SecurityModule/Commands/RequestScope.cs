namespace OpenSts.SecurityModule.Commands;

/// <summary>What a command works with while it answers one request of a session.</summary>
internal sealed class RequestScope(SoftwareSecurityModule module)
{
    public SoftwareSecurityModule Module { get; } = module;

    public RandomBits Random { get; } = new(module.Settings.TestMode ? (byte)5 : null);

    /// <summary>The log entry that must be durable before the answer leaves; 0 for none.</summary>
    public ulong Entry { get; set; }
}
