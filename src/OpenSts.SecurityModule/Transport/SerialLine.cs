using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace OpenSts.SecurityModule.Transport;

/// <summary>A serial line or pseudo-terminal as a stream: 8 data bits, no parity, 1 stop bit, nothing translated.</summary>
/// <remarks>Linux and macOS. A line takes a thread of its own while it waits.</remarks>
internal sealed partial class SerialLine : Stream
{
    private const int Now = 0;

    // The C library's code for 9600 baud; the structure's layout is left to the library.
    private const uint Baud9600 = 13;
    private const int StructureRoom = 256;
    private const short PollIn = 1;
    private const int PollMilliseconds = 200;
    private readonly FileStream _line;

    private SerialLine(SafeFileHandle line) => _line = new FileStream(line, FileAccess.ReadWrite, bufferSize: 0);

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>Opens a device at 9600 baud.</summary>
    /// <exception cref="IOException">It cannot be opened, or is no terminal.</exception>
    public static unsafe SerialLine Open(string path)
    {
        var line = File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
        var settings = stackalloc byte[StructureRoom];
        var number = (int)line.DangerousGetHandle();
        if (tcgetattr(number, settings) != 0)
        {
            line.Dispose();
            throw new IOException($"{path} is not a serial line.");
        }

        cfmakeraw(settings);
        _ = cfsetspeed(settings, Baud9600);
        if (tcsetattr(number, Now, settings) == 0)
            return new SerialLine(line);
        line.Dispose();
        throw new IOException($"{path} cannot be set to 9600 baud.");
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer) => _line.Read(buffer);

    /// <summary>Waits for octets on a thread of its own and looks at the cancellation a few times a second.</summary>
    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        new(Task.Factory.StartNew(() =>
        {
            while (!HasOctets())
                cancellationToken.ThrowIfCancellationRequested();
            return Read(buffer.Span);
        }, cancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default));

    public override void Write(byte[] buffer, int offset, int count) => _line.Write(buffer, offset, count);

    public override void Write(ReadOnlySpan<byte> buffer) => _line.Write(buffer);

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        Write(buffer.Span);
        return ValueTask.CompletedTask;
    }

    public override void Flush()
    {
        // Nothing is held back.
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        _line.Dispose();
        base.Dispose(disposing);
    }

    // An error counts as something to read: the read then says what it is.
    private unsafe bool HasOctets()
    {
        var waiting = new PollEntry { File = (int)_line.SafeFileHandle.DangerousGetHandle(), Events = PollIn };
        return poll(&waiting, 1, PollMilliseconds) != 0;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct PollEntry
    {
        public int File;
        public short Events;
        public short Happened;
    }

    [LibraryImport("libc", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static unsafe partial int poll(PollEntry* entries, nuint count, int milliseconds);

    [LibraryImport("libc", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static unsafe partial int tcgetattr(int file, byte* settings);

    [LibraryImport("libc", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static unsafe partial int tcsetattr(int file, int when, byte* settings);

    [LibraryImport("libc")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static unsafe partial void cfmakeraw(byte* settings);

    [LibraryImport("libc", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static unsafe partial int cfsetspeed(byte* settings, uint speed);
}
