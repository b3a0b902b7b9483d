using System.Diagnostics;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace OpenSts.Cli.Tests.Cosem;

/// <summary>A serial line without a wire: what one end writes, the other reads.</summary>
internal sealed partial class PseudoTerminal : IDisposable
{
    private const int ReadWriteNoControl = 0x102;
    private readonly SafeFileHandle _handle;

    public PseudoTerminal()
    {
        var descriptor = Open(ReadWriteNoControl);
        _handle = new SafeFileHandle(descriptor, ownsHandle: true);
        if (descriptor < 0 || Grant(descriptor) != 0 || Unlock(descriptor) != 0)
            throw new InvalidOperationException("no pseudo-terminal");
        Device = Marshal.PtrToStringAnsi(Name(descriptor))!;
        // Octets as they are: no echo, no line ends.
        using var stty = Process.Start("stty", ["-F", Device, "raw", "-echo"]);
        stty.WaitForExit();
        Stream = new FileStream(_handle, FileAccess.ReadWrite, 0);
    }

    /// <summary>The path of the other end.</summary>
    public string Device { get; }

    /// <summary>This end.</summary>
    public FileStream Stream { get; }

    public void Dispose() => _handle.Dispose();

    [LibraryImport("libc", EntryPoint = "posix_openpt")]
    private static partial int Open(int flags);

    [LibraryImport("libc", EntryPoint = "grantpt")]
    private static partial int Grant(int descriptor);

    [LibraryImport("libc", EntryPoint = "unlockpt")]
    private static partial int Unlock(int descriptor);

    [LibraryImport("libc", EntryPoint = "ptsname")]
    private static partial nint Name(int descriptor);
}
