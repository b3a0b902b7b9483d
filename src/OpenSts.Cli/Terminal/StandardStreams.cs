using Microsoft.Win32.SafeHandles;

namespace OpenSts.Cli.Terminal;

/// <summary>Standard input and output as streams of octets.</summary>
internal static class StandardStreams
{
    public static Stream OpenInput() => Console.OpenStandardInput();

    /// <summary>
    /// Standard output. A write to a pipe whose reader is gone fails: the runtime's own stream passes over it, and
    /// bulk work would go on for nobody.
    /// </summary>
    public static Stream OpenOutput()
    {
        if (OperatingSystem.IsWindows())
            return Console.OpenStandardOutput();
        var pipe = new FileStream(new SafeFileHandle(1, ownsHandle: false), FileAccess.Write, bufferSize: 0);
        // A file is written at the offset that it shares with the processes before and after, which only the runtime's
        // own stream keeps.
        if (!pipe.CanSeek)
            return pipe;
        pipe.Dispose();
        return Console.OpenStandardOutput();
    }
}
