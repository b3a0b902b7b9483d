using System.Buffers.Binary;

namespace OpenSts.SecureStorage;

/// <summary>Reads single entries of an open log, from any number on, without stopping whoever appends.</summary>
/// <remarks>
/// It knows where some entries stand: the first, those that <see cref="Mark"/> named, and every 1,024th that a reader
/// passed. A reader that goes on from where it was is served at once; only a first look far back reads the file from
/// the nearest known place. The chain is not checked here: it was when the log was opened. Safe for several threads.
/// </remarks>
/// <param name="path">The file of the log.</param>
public sealed class LogIndex(string path)
{
    private const ulong Step = 1024;
    private readonly Lock _lock = new();
    private readonly List<(ulong Sequence, long Offset)> _marks = [(1, LogChain.HeadLength)];

    /// <summary>Learns where the entry behind a position stands.</summary>
    public void Mark(LogPosition position)
    {
        lock (_lock)
            Add(position.Sequence + 1, position.Length);
    }

    /// <summary>Entries from a number on, seals too, none beyond the last one that is durable.</summary>
    /// <param name="from">The number of the first entry, 1 or more.</param>
    /// <param name="count">At most so many entries.</param>
    /// <param name="durable">The last entry that may be shown.</param>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public IReadOnlyList<LogRecord> Read(ulong from, int count, ulong durable)
    {
        var entries = new List<LogRecord>();
        if (from == 0 || from > durable)
            return entries;
        (ulong Sequence, long Offset) place;
        lock (_lock)
            place = _marks[At(from)];
        using var log = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, 1 << 16);
        var frame = new byte[LogReader.GreatestFrame];
        var next = place.Sequence;
        log.Position = place.Offset;
        for (var marked = next; next <= durable && entries.Count < count; next++)
        {
            if (next - marked == Step)
            {
                marked = next;
                lock (_lock)
                    Add(next, log.Position);
            }

            var length = LogReader.ReadFrame(log, frame);
            if (length <= 0 || BinaryPrimitives.ReadUInt64BigEndian(frame.AsSpan(4)) != next)
                break;
            if (next >= from && LogRecord.TryDecode(frame.AsSpan(4, length)) is { } entry)
                entries.Add(entry);
        }

        return entries;
    }

    // The index of the last mark that is not behind an entry.
    private int At(ulong sequence)
    {
        var (low, high) = (0, _marks.Count - 1);
        while (low < high)
        {
            var middle = (low + high + 1) / 2;
            if (_marks[middle].Sequence <= sequence)
                low = middle;
            else
                high = middle - 1;
        }

        return low;
    }

    private void Add(ulong sequence, long offset)
    {
        var at = At(sequence);
        if (_marks[at].Sequence != sequence)
            _marks.Insert(at + 1, (sequence, offset));
    }
}
