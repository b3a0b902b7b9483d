using System.Buffers.Binary;
using System.Security.Cryptography;

namespace OpenSts.Vending.Storage.Journal;

/// <summary>One transaction of a journal: what it wrote, and its place in the order.</summary>
/// <remarks>
/// On the disk: length of the body (4 octets, little endian), body, SHA-256 of the body (32). The body is the sequence (8), milliseconds since 1970 UTC (8), the hash of
/// the transaction before it (32), and the statements with their values and with how many rows they changed.
/// </remarks>
internal sealed class JournalFrame
{
    public const int LengthOctets = 4, HashOctets = 32;
    internal const int HeadOctets = 8 + 8 + HashOctets;
    internal const int LargestBody = 1 << 30;

    private readonly byte[] _body;

    private JournalFrame(byte[] body, JournalPosition position, JournalPosition previous, DateTimeOffset at) =>
        (_body, Position, Previous, At) = (body, position, previous, at);

    /// <summary>Its own place.</summary>
    public JournalPosition Position { get; }

    /// <summary>The place of the transaction before it, of whichever journal.</summary>
    public JournalPosition Previous { get; }

    /// <summary>When it was written, by its server's clock.</summary>
    public DateTimeOffset At { get; }

    /// <summary>The frame with this body; null where the hash is not that of the body.</summary>
    public static JournalFrame? Read(byte[] body, ReadOnlySpan<byte> hash)
    {
        Span<byte> found = stackalloc byte[HashOctets];
        _ = SHA256.HashData(body, found);
        if (!found.SequenceEqual(hash) || body.Length < HeadOctets)
            return null;
        var sequence = BinaryPrimitives.ReadInt64LittleEndian(body);
        return new JournalFrame(body, new JournalPosition(sequence, Convert.ToHexStringLower(hash)), new JournalPosition(sequence - 1, Convert.ToHexStringLower(body.AsSpan(16, HashOctets))),
            DateTimeOffset.FromUnixTimeMilliseconds(BinaryPrimitives.ReadInt64LittleEndian(body.AsSpan(8))));
    }

    /// <summary>Does to a store what the transaction did.</summary>
    /// <exception cref="StoreException">The store answers otherwise than it did then: it is not the one that the journal is of.</exception>
    public void Replay(IStoreSession session)
    {
        using var reader = new BinaryReader(new MemoryStream(_body, HeadOctets, _body.Length - HeadOctets));
        while (reader.BaseStream.Position < reader.BaseStream.Length)
        {
            if ((FrameStep)reader.ReadByte() == FrameStep.Rows)
            {
                session.Write(ReadSets(reader));
                continue;
            }

            var (sql, expected) = (reader.ReadString(), reader.Read7BitEncodedInt());
            var changed = session.Execute(sql, ReadValues(reader));
            if (changed != expected)
                throw new StoreException($"Transaction {Position.Sequence} of the journal changed {expected} rows where it changes {changed} now: the store is not the one that the journal is of.");
        }
    }

    private static List<RowSet> ReadSets(BinaryReader reader)
    {
        var sets = new List<RowSet>();
        for (var left = reader.Read7BitEncodedInt(); left > 0; left--)
        {
            var set = new RowSet(RowShape.Parse(reader.ReadString()));
            for (var rows = reader.Read7BitEncodedInt(); rows > 0; rows--)
                set.Add(ReadValues(reader));
            sets.Add(set);
        }

        return sets;
    }

    private static SqlValue[] ReadValues(BinaryReader reader)
    {
        var values = new SqlValue[reader.Read7BitEncodedInt()];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = (FrameValue)reader.ReadByte() switch
            {
                FrameValue.Nothing => default,
                FrameValue.Number => reader.ReadInt64(),
                FrameValue.Text => reader.ReadString(),
                _ => SqlValue.Of([.. Enumerable.Range(0, reader.Read7BitEncodedInt()).Select(_ => reader.ReadString())]),
            };
        }

        return values;
    }
}

/// <summary>What a step of a transaction is.</summary>
internal enum FrameStep : byte
{
    Statement = 1,
    Rows = 2,
}

/// <summary>What a value is.</summary>
internal enum FrameValue : byte
{
    Nothing,
    Number,
    Text,
    Texts,
}
