using System.Buffers.Binary;

namespace OpenSts.SecurityModule.Vault;

/// <summary>Reads single entries of an open vault's log, from any number on.</summary>
/// <remarks>
/// It knows where some entries stand: the first, those behind the last sealing and the last opening, and every 1,024th that it has passed.
/// So who goes on from where he was is served at once, and only somebody who looks far back waits, once. The chain is not checked
/// here: it was when the vault was opened.
/// </remarks>
internal sealed class LogPager(string path)
{
    private const ulong Step = 1024;
    private readonly Lock _gate = new();
    private readonly List<(ulong Sequence, long Offset)> _marks = [(1, LogChain.HeadLength)];

    /// <summary>Learns where the entry behind a position stands.</summary>
    public void Mark(LogPosition position)
    {
        lock (_gate)
            Add(position.Sequence + 1, position.Length);
    }

    /// <summary>Entries from a number on, none beyond the last one that is durable.</summary>
    public IReadOnlyList<LogEntry> Read(ulong from, int count, ulong durable)
    {
        var entries = new List<LogEntry>();
        if (from == 0 || from > durable)
            return entries;
        lock (_gate)
        {
            using var log = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, 1 << 16);
            var frame = new byte[LogReader.GreatestFrame];
            var (next, offset) = _marks[At(from)];
            log.Position = offset;
            for (var marked = next; next <= durable && entries.Count < count; next++)
            {
                if (next - marked == Step)
                {
                    marked = next;
                    Add(next, log.Position);
                }

                var length = LogReader.ReadFrame(log, frame);
                if (length <= 0 || BinaryPrimitives.ReadUInt64BigEndian(frame.AsSpan(4)) != next)
                    break;
                if (next >= from && LogEntry.TryDecode(frame.AsSpan(4, length)) is { } entry)
                    entries.Add(entry);
            }
        }

        return entries;
    }

    // The place of the last mark that is not behind an entry.
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
