using System.Buffers.Binary;
using System.Security.Cryptography;

namespace OpenSts.SecureStorage;

/// <summary>Computes the HMAC-SHA-256 (32 octets) over a chain value (32 octets) under the key of a log.</summary>
/// <param name="chain">The chain up to the seal.</param>
/// <param name="mac">Gets the code.</param>
public delegate void LogAuthentication(ReadOnlySpan<byte> chain, Span<byte> mac);

/// <summary>Reads a log from the beginning or from where a vault was last sealed, believing nothing.</summary>
public static class LogReader
{
    /// <summary>Octets of one frame at most: length, body, link.</summary>
    internal const int GreatestFrame = 4 + GreatestBody + LogRecord.LinkLength;
    private const int GreatestBody = LogRecord.HeadLength + LogRecord.MaxPayloadLength;

    /// <summary>Reads all entries and calls back once for each sealed one.</summary>
    /// <param name="log">Read from its present position.</param>
    /// <param name="from">Where that is.</param>
    /// <param name="authenticate">Checks the seals; null checks the chain only, which anybody can do and a forger can
    /// satisfy.</param>
    /// <param name="isEntry">False for an entry that nobody of this edition writes; the log then counts as altered
    /// there.</param>
    /// <param name="take">Gets every entry of a group once its seal was checked.</param>
    public static LogReport Read(Stream log, LogPosition from, LogAuthentication? authenticate,
        Func<LogRecord, bool> isEntry, Action<LogRecord> take)
    {
        ArgumentNullException.ThrowIfNull(log);
        ArgumentNullException.ThrowIfNull(isEntry);
        ArgumentNullException.ThrowIfNull(take);
        using var chain = new LogChain(from);
        var end = from;
        var sequence = from.Sequence;
        var group = new List<LogRecord>();
        var frame = new byte[GreatestFrame];
        var mac = new byte[LogRecord.MacLength];
        var offset = from.Length;
        while (true)
        {
            var length = ReadFrame(log, frame);
            if (length <= 0)
                return Tail(log, end, sequence + 1, length < 0);
            var body = frame.AsSpan(4, length);
            var entry = LogRecord.TryDecode(body);
            if (entry is null || (entry.Kind != LogRecord.SealKind && !isEntry(entry)))
                return Tail(log, end, sequence + 1, broken: true);
            if (entry.Sequence != sequence + 1)
                return Misplaced(log, end, sequence + 1, entry.Sequence);
            if (entry.Kind == LogRecord.SealKind)
                authenticate?.Invoke(chain.Value, mac);
            chain.Add(body);
            if (!chain.Link.SequenceEqual(frame.AsSpan(4 + length, LogRecord.LinkLength)))
                return Tail(log, end, sequence + 1, broken: true);
            sequence++;
            offset += 4 + length + LogRecord.LinkLength;
            if (entry.Kind != LogRecord.SealKind)
            {
                group.Add(entry);
                continue;
            }

            if (authenticate is not null
                && !CryptographicOperations.FixedTimeEquals(mac, body[LogRecord.HeadLength..]))
                return new LogReport { Verdict = LogVerdict.Forged, Sequence = sequence, End = end };
            end = new LogPosition { Sequence = sequence, Length = offset, Chain = Convert.ToHexString(chain.Value) };
            group.ForEach(take);
            group.Clear();
        }
    }

    // What is behind the last good seal is either a group that a crash cut (no whole seal in it) or a change somebody
    // made.
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
            return new LogReport
            {
                Verdict = LogVerdict.Good,
                Sequence = end.Sequence,
                Unsealed = log.Length - end.Length,
                End = end,
            };
        var later = found < expected;
        var frame = new byte[GreatestFrame];
        log.Position = end.Length;
        for (int length; !later && (length = ReadFrame(log, frame)) > 0;)
            later = length >= 8 && BinaryPrimitives.ReadUInt64BigEndian(frame.AsSpan(4)) == expected
                && LogRecord.TryDecode(frame.AsSpan(4, length)) is not null;
        return new LogReport
        {
            Verdict = later ? LogVerdict.Reordered : LogVerdict.Removed,
            Sequence = later && found < expected ? found : expected,
            End = end,
        };
    }

    // A frame that looks like a seal, at any offset: the length of a seal's frame, its kind, and room for it whole.
    // Zeros at the end of the file do not count: after a loss of power a file can be longer than what reached it.
    private static bool HoldsSeal(Stream log, LogPosition end)
    {
        const int body = LogRecord.HeadLength + LogRecord.MacLength, whole = 4 + body + LogRecord.LinkLength;
        var left = WithoutZeros(log, end.Length) - end.Length;
        log.Position = end.Length;
        var window = new byte[1 << 16];
        var kept = 0;
        for (int read; left > 0 && (read =
            log.ReadAtLeast(window.AsSpan(kept), window.Length - kept, throwOnEndOfStream: false)) > 0; left -= read)
        {
            var filled = kept + (int)Math.Min(read, left);
            for (var i = 0; i + whole <= filled; i++)
            {
                if (window[i + 3] == body && window[i] == 0 && window[i + 1] == 0 && window[i + 2] == 0
                    && window[i + 4 + 16] == LogRecord.SealKind
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
        if (length is < LogRecord.HeadLength or > GreatestBody)
            return -1;
        var rest = (int)length + LogRecord.LinkLength;
        return log.ReadAtLeast(frame.AsSpan(4, rest), rest, throwOnEndOfStream: false) == rest ? (int)length : -1;
    }
}
