namespace OpenSts.SecureStorage;

/// <summary>What a process that opens a vault can ask of the system for its memory.</summary>
public static class ProcessMemory
{
    /// <summary>
    /// No core file, and no memory image or debugger of another process of the same user. Not against the superuser.
    /// </summary>
    /// <returns>False where the system does not offer it.</returns>
    public static bool ForbidDumps() => Posix.ForbidDumps();
}
