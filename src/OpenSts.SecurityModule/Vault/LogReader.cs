using System.Buffers.Binary;
using System.Security.Cryptography;

namespace OpenSts.SecurityModule.Vault;

/// <summary>What is wrong with a log, if anything.</summary>
public enum LogVerdict
{
    /// <summary>Every entry up to the last seal is what was written.</summary>
    Good,

    /// <summary>The file is not a log, or the log of another vault.</summary>
    NotThisLog,

    /// <summary>The entry was changed.</summary>
    Altered,

    /// <summary>The entry is gone; later ones are there.</summary>
    Removed,

    /// <summary>The entry stands at another place.</summary>
    Reordered,

    /// <summary>The chain is in order and the seal over it was not made with this vault's key.</summary>
    Forged,
}

/// <summary>What reading a log found.</summary>
public sealed record LogReport
{
    /// <summary>The finding.</summary>
    public required LogVerdict Verdict { get; init; }

    /// <summary>The first entry it concerns; for a good log, the last entry.</summary>
    public required ulong Sequence { get; init; }

    /// <summary>Octets behind the last seal: a group that was cut by a crash and never answered.</summary>
    public long Unsealed { get; init; }

    internal LogPosition End { get; init; }

    /// <summary>One sentence.</summary>
    public override string ToString() => Verdict switch
    {
        LogVerdict.Good => $"{Sequence} entries, all in order" + (Unsealed == 0 ? "" : $"; {Unsealed} octets behind the last seal were never answered"),
        LogVerdict.NotThisLog => "not the log of this vault",
        LogVerdict.Altered => $"entry {Sequence} was altered",
        LogVerdict.Removed => $"entry {Sequence} was removed",
        LogVerdict.Reordered => $"entry {Sequence} was moved",
        _ => $"the seal that is entry {Sequence} was not made by this vault",
    };
}

/// <summary>Reads a log from the beginning or from where a vault was last sealed, believing nothing.</summary>
internal static class LogReader
{
    /// <summary>Octets of one frame at most: length, body, link.</summary>
    public const int GreatestFrame = 4 + GreatestBody + LogEntry.LinkLength;
    private const int GreatestBody = LogEntry.HeadLength + LogEntry.SaleLength + LogEntry.GreatestText;

    /// <summary>Reads all entries and calls back once for each sealed one.</summary>
    /// <param name="log">Read from its present position.</param>
    /// <param name="from">Where that is.</param>
    /// <param name="cipher">Checks the seals; without it only the chain is checked.</param>
    /// <param name="take">Gets every entry of a group once its seal was checked.</param>
    public static LogReport Read(Stream log, LogPosition from, VaultCipher? cipher, Action<LogEntry> take)
    {
        using var chain = new LogChain(from);
        var end = from;
        var sequence = from.Sequence;
        var group = new List<LogEntry>();
        var frame = new byte[GreatestFrame];
        var mac = new byte[LogEntry.MacLength];
        var offset = from.Length;
        while (true)
        {
            var length = ReadFrame(log, frame);
            if (length <= 0)
                return Tail(log, end, sequence + 1, length < 0);
            var body = frame.AsSpan(4, length);
            var entry = LogEntry.TryDecode(body);
            if (entry is null)
                return Tail(log, end, sequence + 1, broken: true);
            if (entry.Sequence != sequence + 1)
                return Misplaced(log, end, sequence + 1, entry.Sequence);
            if (entry.Kind == LogEntryKind.Seal && cipher is not null)
                cipher.MacOfLog(chain.Value, mac);
            chain.Add(body);
            if (!chain.Link.SequenceEqual(frame.AsSpan(4 + length, LogEntry.LinkLength)))
                return Tail(log, end, sequence + 1, broken: true);
            sequence++;
            offset += 4 + length + LogEntry.LinkLength;
            if (entry.Kind != LogEntryKind.Seal)
            {
                group.Add(entry);
                continue;
            }

            if (cipher is not null && !CryptographicOperations.FixedTimeEquals(mac, body[LogEntry.HeadLength..]))
                return new LogReport { Verdict = LogVerdict.Forged, Sequence = sequence, End = end };
            end = new LogPosition { Sequence = sequence, Length = offset, Chain = Convert.ToHexString(chain.Value) };
            group.ForEach(take);
            group.Clear();
        }
    }

    // What is behind the last good seal is either a group that a crash cut (no whole seal in it) or a change somebody made.
    private static LogReport Tail(Stream log, LogPosition end, ulong first, bool broken)
    {
        var unsealed = log.Length - end.Length;
        return broken && HoldsSeal(log, end)
            ? new LogReport { Verdict = LogVerdict.Altered, Sequence = first, End = end }
            : new LogReport { Verdict = LogVerdict.Good, Sequence = end.Sequence, Unsealed = unsealed, End = end };
    }

    private static LogReport Misplaced(Stream log, LogPosition end, ulong expected, ulong found)
    {
        if (!HoldsSeal(log, end))
            return new LogReport { Verdict = LogVerdict.Good, Sequence = end.Sequence, Unsealed = log.Length - end.Length, End = end };
        var later = found < expected;
        var frame = new byte[GreatestFrame];
        log.Position = end.Length;
        for (int length; !later && (length = ReadFrame(log, frame)) > 0;)
            later = length >= 8 && BinaryPrimitives.ReadUInt64BigEndian(frame.AsSpan(4)) == expected && LogEntry.TryDecode(frame.AsSpan(4, length)) is not null;
        return new LogReport { Verdict = later ? LogVerdict.Reordered : LogVerdict.Removed, Sequence = later && found < expected ? found : expected, End = end };
    }

    // A frame that looks like a seal, at any offset: the length of a seal's frame, its kind, and room for it whole. Zeros at the
    // end of the file do not count: after a loss of power a file can be longer than what reached it.
    private static bool HoldsSeal(Stream log, LogPosition end)
    {
        const int body = LogEntry.HeadLength + LogEntry.MacLength, whole = 4 + body + LogEntry.LinkLength;
        var left = WithoutZeros(log, end.Length) - end.Length;
        log.Position = end.Length;
        var window = new byte[1 << 16];
        var kept = 0;
        for (int read; left > 0 && (read = log.ReadAtLeast(window.AsSpan(kept), window.Length - kept, throwOnEndOfStream: false)) > 0; left -= read)
        {
            var filled = kept + (int)Math.Min(read, left);
            for (var i = 0; i + whole <= filled; i++)
            {
                if (window[i + 3] == body && window[i] == 0 && window[i + 1] == 0 && window[i + 2] == 0 && window[i + 4 + 16] == (byte)LogEntryKind.Seal
                    && BinaryPrimitives.ReadUInt64BigEndian(window.AsSpan(i + 4)) > end.Sequence
                    && BinaryPrimitives.ReadUInt64BigEndian(window.AsSpan(i + 4)) - end.Sequence < 1 << 30)
                    return true;
            }

            kept = Math.Min(filled, whole - 1);
            window.AsSpan(filled - kept, kept).CopyTo(window);
        }

        return false;
    }

    private static long WithoutZeros(Stream log, long from)
    {
        var window = new byte[1 << 12];
        for (var until = log.Length; until > from;)
        {
            var start = Math.Max(from, until - window.Length);
            log.Position = start;
            log.ReadExactly(window, 0, (int)(until - start));
            var last = window.AsSpan(0, (int)(until - start)).LastIndexOfAnyExcept((byte)0);
            if (last >= 0)
                return start + last + 1;
            until = start;
        }

        return from;
    }

    // Length of the body; 0 at the end of the file, -1 where no whole frame follows.
    internal static int ReadFrame(Stream log, byte[] frame)
    {
        var got = log.ReadAtLeast(frame.AsSpan(0, 4), 4, throwOnEndOfStream: false);
        if (got == 0)
            return 0;
        if (got < 4)
            return -1;
        var length = BinaryPrimitives.ReadUInt32BigEndian(frame);
        if (length is < LogEntry.HeadLength or > GreatestBody)
            return -1;
        var rest = (int)length + LogEntry.LinkLength;
        return log.ReadAtLeast(frame.AsSpan(4, rest), rest, throwOnEndOfStream: false) == rest ? (int)length : -1;
    }
}
