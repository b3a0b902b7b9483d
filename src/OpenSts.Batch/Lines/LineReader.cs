namespace OpenSts.Batch.Lines;

/// <summary>
/// Cuts a byte stream into lines without ever holding more than one block and one line of bounded length.
/// </summary>
/// <remarks>
/// A line over the limit is passed over to its end and reported as too long; memory stays constant. A byte order mark
/// at the start of a line is passed over: editors write one at the start of a file, and files are joined.
/// </remarks>
internal sealed class LineReader(Stream input, int maximumLine = LineReader.DefaultMaximumLine)
{
    /// <summary>The longest line that is read: 1 MiB. The longest sensible request has about 1 KiB.</summary>
    public const int DefaultMaximumLine = 1 << 20;

    private const int BlockSize = 1 << 17;
    private const byte LineFeed = (byte)'\n';

    private byte[] _buffer = new byte[BlockSize];
    private int _start;
    private int _end;
    private bool _ended;
    private bool _skipping;

    private static ReadOnlySpan<byte> ByteOrderMark => [0xEF, 0xBB, 0xBF];

    /// <summary>Adds every line that is at hand to the chunk; false at the end of the input.</summary>
    /// <remarks>
    /// It never waits for more input while a complete line is at hand, so answers do not lag behind requests.
    /// </remarks>
    public async ValueTask<bool> ReadChunkAsync(LineChunk chunk, CancellationToken cancellation)
    {
        while (!_ended)
        {
            MakeRoom();
            // A read of a pipe cannot be cancelled: it is left behind, so that whoever waits for it can end.
            var read = await input.ReadAsync(_buffer.AsMemory(_end), cancellation).AsTask().WaitAsync(cancellation)
                .ConfigureAwait(false);
            _ended = read == 0;
            var fresh = _end;
            _end += read;
            CutLines(fresh, chunk);
            if (_ended && _end > _start)
                TakeRest(chunk);
            if (chunk.Count > 0)
                return true;
        }

        return false;
    }

    private void MakeRoom()
    {
        if (_start > 0)
        {
            Buffer.BlockCopy(_buffer, _start, _buffer, 0, _end - _start);
            _end -= _start;
            _start = 0;
        }

        if (_end < _buffer.Length)
            return;
        if (_buffer.Length > maximumLine)
        {
            // Too long: what has come so far is dropped, and so is the rest up to the line feed.
            _skipping = true;
            _end = 0;
            return;
        }

        Array.Resize(ref _buffer, _buffer.Length * 2);
    }

    private void CutLines(int searchFrom, LineChunk chunk)
    {
        while (true)
        {
            var at = _buffer.AsSpan(searchFrom, _end - searchFrom).IndexOf(LineFeed);
            if (at < 0)
            {
                if (_skipping)
                    _start = _end;
                return;
            }

            Add(_buffer.AsSpan(_start, searchFrom + at - _start), chunk);
            _start = searchFrom = searchFrom + at + 1;
        }
    }

    private void TakeRest(LineChunk chunk)
    {
        Add(_buffer.AsSpan(_start, _end - _start), chunk);
        _start = _end;
    }

    private void Add(ReadOnlySpan<byte> line, LineChunk chunk)
    {
        if (line is [.., (byte)'\r'])
            line = line[..^1];
        if (line.StartsWith(ByteOrderMark))
            line = line[ByteOrderMark.Length..];
        if (_skipping || line.Length > maximumLine)
            chunk.AddTooLong();
        else if (line.ContainsAnyExcept(" \t"u8)) // An empty line asks nothing and gets no answer.
            chunk.Add(line);
        _skipping = false;
    }
}
