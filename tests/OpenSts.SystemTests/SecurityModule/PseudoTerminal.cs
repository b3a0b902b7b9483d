using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace OpenSts.SystemTests.SecurityModule;

/// <summary>A pair of terminals: what is written to one comes out of the other, as over a serial line.</summary>
internal sealed partial class PseudoTerminal : IDisposable
{
    private readonly FileStream _host;

    public PseudoTerminal()
    {
        const int readWrite = 2, notControlling = 0x100;
        var file = posix_openpt(readWrite | notControlling);
        Assert.True(file >= 0 && grantpt(file) == 0 && unlockpt(file) == 0);
        _host = new FileStream(new SafeFileHandle(file, ownsHandle: true), FileAccess.ReadWrite, bufferSize: 0);
        Module = Marshal.PtrToStringUTF8(ptsname(file))!;
    }

    /// <summary>The device that the module opens.</summary>
    public string Module { get; }

    public void Write(ReadOnlySpan<byte> octets) => _host.Write(octets);

    /// <summary>Everything up to a carriage return.</summary>
    public byte[] ReadLine()
    {
        var line = new List<byte>();
        var octet = new byte[1];
        while (line.Count == 0 || line[^1] != '\r')
        {
            Assert.Equal(1, _host.Read(octet));
            line.Add(octet[0]);
        }

        return [.. line];
    }

    public void Dispose() => _host.Dispose();

    [LibraryImport("libc")]
    private static partial int posix_openpt(int flags);

    [LibraryImport("libc")]
    private static partial int grantpt(int file);

    [LibraryImport("libc")]
    private static partial int unlockpt(int file);

    [LibraryImport("libc")]
    private static partial nint ptsname(int file);
}
