using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace OpenSts.Meter.LocalPort;

/// <summary>A serial line or pseudo-terminal at 2400 baud, seven bits, even parity, opened raw.</summary>
/// <remarks>A pseudo-terminal has eight bits and no parity whatever it is told; then the session puts the parity into the eighth bit.</remarks>
public sealed partial class SerialLine : IDisposable
{
    private const int OpenReadWriteNoTerminal = 0x2 | 0x100;
    private const uint IgnoreBreak = 0x1;
    private const uint SevenBits = 0x20;
    private const uint SizeMask = 0x30;
    private const uint EnableReceiver = 0x80;
    private const uint EnableParity = 0x100;
    private const uint IgnoreModemLines = 0x800;
    private const uint Baud2400 = 0xB;
    private const int Immediately = 0;
    private const int MinimumCharacters = 6;
    private const int WaitTime = 5;

    private SerialLine(SafeFileHandle handle, string name, PortParity parity)
    {
        Name = name;
        Parity = parity;
        Stream = new FileStream(handle, FileAccess.ReadWrite, bufferSize: 0, isAsync: false);
    }

    /// <summary>The device's path; of a pseudo-terminal that of the side for the other program.</summary>
    public string Name { get; }

    /// <summary>Who takes care of the parity bit on this line.</summary>
    public PortParity Parity { get; }

    /// <summary>The line.</summary>
    public Stream Stream { get; }

    /// <summary>Opens a device.</summary>
    /// <exception cref="PortException">There is no such device, or it is no terminal, or it may not be used.</exception>
    /// <exception cref="PlatformNotSupportedException">The machine is not Linux.</exception>
    public static SerialLine Open(string path)
    {
        RequireLinux();
        var descriptor = OpenDevice(path, OpenReadWriteNoTerminal);
        if (descriptor < 0)
            throw new PortException($"{path} cannot be opened: {Marshal.GetLastPInvokeErrorMessage()}");
        var handle = new SafeFileHandle(descriptor, ownsHandle: true);
        return new SerialLine(handle, path, Configure(handle, path));
    }

    /// <summary>Makes a pseudo-terminal; another program opens <see cref="Name"/>.</summary>
    /// <exception cref="PortException">The machine has none left.</exception>
    /// <exception cref="PlatformNotSupportedException">The machine is not Linux.</exception>
    public static SerialLine CreatePseudoTerminal()
    {
        RequireLinux();
        var descriptor = OpenPseudoTerminal(OpenReadWriteNoTerminal);
        var name = new byte[64];
        if (descriptor < 0 || Grant(descriptor) != 0 || Unlock(descriptor) != 0 || NameOf(descriptor, name, (nuint)name.Length) != 0)
            throw new PortException($"a pseudo-terminal cannot be made: {Marshal.GetLastPInvokeErrorMessage()}");
        var handle = new SafeFileHandle(descriptor, ownsHandle: true);
        var path = System.Text.Encoding.ASCII.GetString(name).TrimEnd('\0');
        return new SerialLine(handle, path, Configure(handle, path));
    }

    /// <summary>Closes the line.</summary>
    public void Dispose() => Stream.Dispose();

    private static unsafe PortParity Configure(SafeFileHandle handle, string path)
    {
        var descriptor = (int)handle.DangerousGetHandle();
        Terminal settings = default;
        if (GetAttributes(descriptor, &settings) != 0)
        {
            handle.Dispose();
            throw new PortException($"{path} is no serial line or pseudo-terminal");
        }

        settings.Input = IgnoreBreak;
        settings.Output = 0;
        settings.Local = 0;
        settings.Control = SevenBits | EnableParity | EnableReceiver | IgnoreModemLines | Baud2400;
        settings.InputSpeed = settings.OutputSpeed = Baud2400;
        settings.Characters[MinimumCharacters] = 1;
        settings.Characters[WaitTime] = 0;
        // A pseudo-terminal takes what it can and reports the rest as an error: what counts is what it then says it is.
        _ = SetAttributes(descriptor, Immediately, &settings);
        if (GetAttributes(descriptor, &settings) != 0 || settings.Local != 0)
        {
            handle.Dispose();
            throw new PortException($"{path} cannot be set to 2400 baud, 7E1");
        }

        return (settings.Control & EnableParity) != 0 && (settings.Control & SizeMask) == SevenBits ? PortParity.ByTheLine : PortParity.InTheEighthBit;
    }

    private static void RequireLinux()
    {
        if (!OperatingSystem.IsLinux())
            throw new PlatformNotSupportedException("Serial lines and pseudo-terminals are opened on Linux only; the port over TCP works everywhere.");
    }

    // struct termios of Linux on all its usual architectures.
    [StructLayout(LayoutKind.Sequential)]
    private unsafe struct Terminal
    {
        public uint Input;
        public uint Output;
        public uint Control;
        public uint Local;
        public byte Line;
        public fixed byte Characters[32];
        public uint InputSpeed;
        public uint OutputSpeed;
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int OpenDevice(string path, int flags);

    [LibraryImport("libc", EntryPoint = "posix_openpt", SetLastError = true)]
    private static partial int OpenPseudoTerminal(int flags);

    [LibraryImport("libc", EntryPoint = "grantpt", SetLastError = true)]
    private static partial int Grant(int descriptor);

    [LibraryImport("libc", EntryPoint = "unlockpt", SetLastError = true)]
    private static partial int Unlock(int descriptor);

    [LibraryImport("libc", EntryPoint = "ptsname_r", SetLastError = true)]
    private static partial int NameOf(int descriptor, byte[] name, nuint length);

    [LibraryImport("libc", EntryPoint = "tcgetattr", SetLastError = true)]
    private static unsafe partial int GetAttributes(int descriptor, Terminal* settings);

    [LibraryImport("libc", EntryPoint = "tcsetattr", SetLastError = true)]
    private static unsafe partial int SetAttributes(int descriptor, int when, Terminal* settings);
}
