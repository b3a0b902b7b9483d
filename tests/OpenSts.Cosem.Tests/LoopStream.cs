using OpenSts.Dlms.Server;
using OpenSts.Dlms.Wire;

namespace OpenSts.Cosem.Tests;

/// <summary>A stream whose other end is a session: what is written is answered at once.</summary>
internal sealed class LoopStream(IServerSession session, List<(byte[] Request, byte[] Answer)>? wire = null,
    int chunk = int.MaxValue) : Stream
{
    private readonly WireWriter _answers = new();
    private bool _ended;

    /// <summary>Drops so many answers, as a noisy line does.</summary>
    public int Lost { get; set; }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer,
        CancellationToken cancellationToken = default)
    {
        var answer = new WireWriter();
        for (var at = 0; at < buffer.Length; at += Math.Min(chunk, buffer.Length - at))
            _ended |= !await session.ReceiveAsync(buffer.Slice(at, Math.Min(chunk, buffer.Length - at)), answer,
                cancellationToken);
        wire?.Add((buffer.ToArray(), answer.Written.ToArray()));
        if (Lost > 0 && answer.Length > 0)
            Lost--;
        else
            _answers.Bytes(answer.Written);
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (_answers.Length == 0)
        {
            if (_ended)
                return 0;
            await Task.Delay(5, cancellationToken);
        }

        var count = Math.Min(Math.Min(chunk, buffer.Length), _answers.Length);
        _answers.Written[..count].CopyTo(buffer.Span);
        _answers.RemoveFront(count);
        return count;
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        session.Dispose();
        base.Dispose(disposing);
    }
}
