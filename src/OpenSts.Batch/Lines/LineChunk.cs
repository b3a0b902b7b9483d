namespace OpenSts.Batch.Lines;

/// <summary>Some lines of the input, in order, in one array.</summary>
internal sealed class LineChunk
{
    private const int TooLong = -1;
    private readonly List<(int Start, int Length)> _lines = [];
    private byte[] _bytes = new byte[1 << 16];
    private int _used;

    /// <summary>How many lines there are.</summary>
    public int Count => _lines.Count;

    /// <summary>True where the line at that place was longer than is read.</summary>
    public bool IsTooLong(int index) => _lines[index].Length == TooLong;

    /// <summary>The bytes of a line, without its end.</summary>
    public ReadOnlyMemory<byte> this[int index] => _bytes.AsMemory(_lines[index].Start, _lines[index].Length);

    public void Add(ReadOnlySpan<byte> line)
    {
        if (_bytes.Length - _used < line.Length)
            Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, _used + line.Length));
        line.CopyTo(_bytes.AsSpan(_used));
        _lines.Add((_used, line.Length));
        _used += line.Length;
    }

    public void AddTooLong() => _lines.Add((_used, TooLong));

    public void Clear()
    {
        _lines.Clear();
        _used = 0;
        // One long line must not keep its room for ever.
        if (_bytes.Length > 1 << 20)
            _bytes = new byte[1 << 16];
    }
}
