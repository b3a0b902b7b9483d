using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace OpenSts.SerialPorts;

/// <summary>Our side of a pseudo-terminal. A read waits on a thread of its own and looks at its cancellation token
/// several times a second.</summary>
/// <remarks>A <see cref="FileStream"/> alone would not do: a read of it that waits cannot be cancelled.</remarks>
internal sealed partial class PseudoTerminalStream(SafeFileHandle handle) : Stream
{
    private const short DataToRead = 1;
    private const int PollMilliseconds = 50;
    private readonly FileStream _file = new(handle, FileAccess.ReadWrite, bufferSize: 0, isAsync: false);

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override int Read(byte[] buffer, int offset, int count) => _file.Read(buffer, offset, count);

    public override int Read(Span<byte> buffer) => _file.Read(buffer);

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        new(Task.Factory.StartNew(
            () =>
            {
                while (!HasData())
                    cancellationToken.ThrowIfCancellationRequested();
                return Read(buffer.Span);
            },
            cancellationToken,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default));

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override void Write(byte[] buffer, int offset, int count) => _file.Write(buffer, offset, count);

    public override void Write(ReadOnlySpan<byte> buffer) => _file.Write(buffer);

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
        _file.WriteAsync(buffer, cancellationToken);

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        _file.WriteAsync(buffer, offset, count, cancellationToken);

    public override void Flush()
    {
        // Nothing is buffered.
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        _file.Dispose();
        base.Dispose(disposing);
    }

    // An error counts as data: the read that follows reports it.
    private unsafe bool HasData()
    {
        var waiting = new PollEntry
        {
            Descriptor = (int)_file.SafeFileHandle.DangerousGetHandle(),
            Events = DataToRead
        };
        return poll(&waiting, 1, PollMilliseconds) != 0;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct PollEntry
    {
        public int Descriptor;
        public short Events;
        public short ReturnedEvents;
    }

    [LibraryImport("libc", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static unsafe partial int poll(PollEntry* entries, nuint count, int milliseconds);
}
