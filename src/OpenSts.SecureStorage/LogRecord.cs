using System.Buffers.Binary;

namespace OpenSts.SecureStorage;

/// <summary>
/// One entry of a hash-chained log. What kind and payload mean is the matter of whoever writes the log.
/// </summary>
/// <remarks>
/// Body in the file: sequence (8), milliseconds since 1970 (8), kind (1), payload; numbers most significant octet
/// first.
/// </remarks>
public sealed record LogRecord
{
    /// <summary>
    /// The kind of the entry that ends a group and authenticates everything before it; no other entry may have it.
    /// </summary>
    public const byte SealKind = 0;

    /// <summary>Greatest length of a payload in octets.</summary>
    public const int MaxPayloadLength = 1050;

    internal const int HeadLength = 8 + 8 + 1, MacLength = 32, LinkLength = 16;
    private const long LastMillisecond = 253_402_300_799_999;

    /// <summary>1 for the first entry; no number is left out.</summary>
    public required ulong Sequence { get; init; }

    /// <summary>When the entry was appended, to the millisecond, UTC.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>0 for a seal; other values are the writer's.</summary>
    public required byte Kind { get; init; }

    /// <summary>At most <see cref="MaxPayloadLength"/> octets.</summary>
    public required ReadOnlyMemory<byte> Payload { get; init; }

    internal static int Encode(
        Span<byte> body, ulong sequence, long milliseconds, byte kind, ReadOnlySpan<byte> payload)
    {
        BinaryPrimitives.WriteUInt64BigEndian(body, sequence);
        BinaryPrimitives.WriteInt64BigEndian(body[8..], milliseconds);
        body[16] = kind;
        payload.CopyTo(body[HeadLength..]);
        return HeadLength + payload.Length;
    }

    internal static LogRecord? TryDecode(ReadOnlySpan<byte> body)
    {
        if (body.Length < HeadLength)
            return null;
        var milliseconds = BinaryPrimitives.ReadInt64BigEndian(body[8..]);
        var kind = body[16];
        if (milliseconds is < 0 or > LastMillisecond || (kind == SealKind && body.Length != HeadLength + MacLength))
            return null;
        return new LogRecord
        {
            Sequence = BinaryPrimitives.ReadUInt64BigEndian(body),
            Time = DateTimeOffset.FromUnixTimeMilliseconds(milliseconds),
            Kind = kind,
            Payload = body[HeadLength..].ToArray(),
        };
    }
}
