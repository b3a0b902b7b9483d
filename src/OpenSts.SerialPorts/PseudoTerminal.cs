using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;

namespace OpenSts.SerialPorts;

/// <summary>A pseudo-terminal: a serial device without hardware. Another program opens <see cref="DeviceName"/>, this
/// one reads and writes <see cref="Stream"/>.</summary>
/// <remarks>Linux only: the base library has no way to make one. Octets are transferred as they are: eight bits, no
/// parity.</remarks>
public sealed partial class PseudoTerminal : IDisposable
{
    private const int ReadWrite = 0x2;
    private const int NoControllingTerminal = 0x100;
    private const int LongestName = 64;
    private const int Immediately = 0;

    // Larger than the structure termios of every Linux; its layout is left to the C library.
    private const int TerminalSettingsSize = 256;

    private readonly PseudoTerminalStream _stream;

    private PseudoTerminal(SafeFileHandle handle, string deviceName)
    {
        DeviceName = deviceName;
        _stream = new PseudoTerminalStream(handle);
    }

    /// <summary>The device that the other program opens, such as <c>/dev/pts/3</c>.</summary>
    public string DeviceName { get; }

    /// <summary>Our side. While no program has the device open, reads end with an <see cref="IOException"/>; it may be
    /// read again later.</summary>
    public Stream Stream => _stream;

    /// <summary>Makes a pseudo-terminal in raw mode.</summary>
    /// <exception cref="IOException">The system has none left.</exception>
    /// <exception cref="PlatformNotSupportedException">The system is not Linux.</exception>
    public static PseudoTerminal Create()
    {
        if (!OperatingSystem.IsLinux())
            throw new PlatformNotSupportedException("Pseudo-terminals are made on Linux only.");
        return CreateOnLinux();
    }

    /// <summary>True where a device name is that of a pseudo-terminal of Linux.</summary>
    public static bool IsName(string deviceName)
    {
        ArgumentNullException.ThrowIfNull(deviceName);
        if (!OperatingSystem.IsLinux())
            return false;
        var target = File.ResolveLinkTarget(deviceName, returnFinalTarget: true)?.FullName ?? deviceName;
        return target.StartsWith("/dev/pts/", StringComparison.Ordinal);
    }

    /// <summary>Closes it; the other program's reads then end.</summary>
    public void Dispose() => _stream.Dispose();

    [SupportedOSPlatform("linux")]
    private static unsafe PseudoTerminal CreateOnLinux()
    {
        var descriptor = posix_openpt(ReadWrite | NoControllingTerminal);
        if (descriptor < 0)
            throw Failure();
        var handle = new SafeFileHandle(descriptor, ownsHandle: true);
        var name = stackalloc byte[LongestName];
        var settings = stackalloc byte[TerminalSettingsSize];
        if (grantpt(descriptor) != 0 || unlockpt(descriptor) != 0 || ptsname_r(descriptor, name, LongestName) != 0
                || tcgetattr(descriptor, settings) != 0)
        {
            var failure = Failure();
            handle.Dispose();
            throw failure;
        }

        cfmakeraw(settings);
        _ = tcsetattr(descriptor, Immediately, settings);
        return new PseudoTerminal(handle, Marshal.PtrToStringUTF8((nint)name)!);
    }

    private static IOException Failure() =>
        new($"a pseudo-terminal cannot be made: {Marshal.GetLastPInvokeErrorMessage()}");

    [LibraryImport("libc", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int posix_openpt(int flags);

    [LibraryImport("libc", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int grantpt(int descriptor);

    [LibraryImport("libc", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int unlockpt(int descriptor);

    [LibraryImport("libc", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static unsafe partial int ptsname_r(int descriptor, byte* name, nuint length);

    [LibraryImport("libc", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static unsafe partial int tcgetattr(int descriptor, byte* settings);

    [LibraryImport("libc", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static unsafe partial int tcsetattr(int descriptor, int when, byte* settings);

    [LibraryImport("libc")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static unsafe partial void cfmakeraw(byte* settings);
}
