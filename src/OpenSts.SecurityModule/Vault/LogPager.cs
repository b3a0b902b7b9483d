using System.Buffers.Binary;

namespace OpenSts.SecurityModule.Vault;

/// <summary>Reads single entries of an open vault's log, from any number on. Remembers where every 1,024th stands, so that only the first reading is long.</summary>
/// <remarks>The chain is not checked here: it was when the vault was opened.</remarks>
internal sealed class LogPager(string path)
{
    private const ulong Step = 1024;
    private readonly Lock _gate = new();
    private readonly List<long> _marks = [LogChain.HeadLength];

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
            var mark = (int)Math.Min((from - 1) / Step, (ulong)(_marks.Count - 1));
            log.Position = _marks[mark];
            var next = ((ulong)mark * Step) + 1;
            while (next <= durable && entries.Count < count)
            {
                if (next % Step == 1 && next / Step == (ulong)_marks.Count)
                    _marks.Add(log.Position);
                var length = LogReader.ReadFrame(log, frame);
                if (length <= 0 || BinaryPrimitives.ReadUInt64BigEndian(frame.AsSpan(4)) != next)
                    break;
                if (next >= from && LogEntry.TryDecode(frame.AsSpan(4, length)) is { } entry)
                    entries.Add(entry);
                next++;
            }
        }

        return entries;
    }
}
