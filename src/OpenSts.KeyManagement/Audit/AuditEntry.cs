using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace OpenSts.KeyManagement.Audit;

/// <summary>One entry of the centre's audit log: who did what, and which records it left.</summary>
/// <remarks>
/// chain(n) = SHA-256(chain(n-1), sequence, milliseconds, actor, text, changes), each text with its length before it;
/// the MAC over the chain is made with the master key. The changes name each record and the first 16 octets of SHA-256
/// over its body, so that the records as they are can be held against the log.
/// </remarks>
public sealed record AuditEntry
{
    /// <summary>1 for the first, no gaps.</summary>
    public required long Sequence { get; init; }

    /// <summary>By the centre's clock, to the millisecond.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>The person or the machine that caused it.</summary>
    public required string Actor { get; init; }

    /// <summary>What was done; never key material.</summary>
    public required string Text { get; init; }

    /// <summary>Records and their hashes, one to a line.</summary>
    public required string Changes { get; init; }

    /// <summary>The records it left, as kind/id.</summary>
    public IEnumerable<string> Records => Lines.Select(line => line.Record);

    /// <summary>The tag of the line that holds the MAC over the set of all records.</summary>
    internal const string SetTag = "records";

    /// <summary>The MAC over the set of all records after this change; null in entries of version 1.</summary>
    internal string? RecordSetMac => Changes.Split('\n', StringSplitOptions.RemoveEmptyEntries) is [.., var line]
        && line.StartsWith(SetTag + " ", StringComparison.Ordinal)
        ? line[(SetTag.Length + 1)..]
        : null;

    /// <summary>Records with their hashes. A record's name holds a slash, the tag of the set none.</summary>
    internal IEnumerable<(string Record, string Hash)> Lines =>
        from line in Changes.Split('\n', StringSplitOptions.RemoveEmptyEntries)
        let space = line.LastIndexOf(' ')
        where line.AsSpan(0, space).Contains('/')
        select (line[..space], line[(space + 1)..]);

    internal byte[] Chain { get; init; } = [];

    internal byte[] Mac { get; init; } = [];

    /// <summary>One line for people.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"{Sequence} {Time.UtcDateTime:yyyy-MM-ddTHH:mm:ssZ} {Actor}: {Text}");

    internal static string HashOf(string body) =>
        Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(body)).AsSpan(0, 16));

    internal byte[] ChainAfter(ReadOnlySpan<byte> before)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(before);
        Span<byte> number = stackalloc byte[8];
        foreach (var value in (long[])[Sequence, Time.ToUnixTimeMilliseconds()])
        {
            BinaryPrimitives.WriteInt64BigEndian(number, value);
            hash.AppendData(number);
        }

        foreach (var text in (string[])[Actor, Text, Changes])
        {
            var octets = Encoding.UTF8.GetBytes(text);
            BinaryPrimitives.WriteInt64BigEndian(number, octets.Length);
            hash.AppendData(number);
            hash.AppendData(octets);
        }

        return hash.GetHashAndReset();
    }
}

/// <summary>What reading the audit log found.</summary>
/// <param name="Good">True where every entry is what was written and every record is what the log says.</param>
/// <param name="Entries">Entries in order.</param>
/// <param name="Text">One sentence; for a bad log it names the first entry or record.</param>
public sealed record AuditReport(bool Good, long Entries, string Text);
