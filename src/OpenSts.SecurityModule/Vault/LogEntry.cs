using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace OpenSts.SecurityModule.Vault;

/// <summary>What an entry of the log records.</summary>
public enum LogEntryKind
{
    /// <summary>The end of a group that went to the disk together; authenticates everything before it.</summary>
    Seal = 0,

    /// <summary>Tokens were made; holds the register's running totals after it.</summary>
    Sale = 1,

    /// <summary>The vault's sealed file was written; holds its generation.</summary>
    VaultSealed = 2,

    /// <summary>Anything else worth keeping: start, stop, import, removal, refusal.</summary>
    Event = 3,
}

/// <summary>One entry of a security module's log.</summary>
public sealed record LogEntry
{
    internal const int HeadLength = 8 + 8 + 1, SaleLength = 2 + 24, MacLength = 32, LinkLength = 16;

    /// <summary>Longest text in octets of UTF-8.</summary>
    public const int GreatestText = 1024;

    /// <summary>Its number: 1 for the first, no gaps.</summary>
    public required ulong Sequence { get; init; }

    /// <summary>When it was written, to the millisecond, by the module's clock.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>What it records.</summary>
    public required LogEntryKind Kind { get; init; }

    /// <summary>For a sale, the register; otherwise 0.</summary>
    public int Register { get; init; }

    /// <summary>For a sale, the register's totals after it.</summary>
    public VaultCounters Counters { get; init; }

    /// <summary>For <see cref="LogEntryKind.VaultSealed"/>, the generation that was written; otherwise 0.</summary>
    public ulong Generation { get; init; }

    /// <summary>What happened, for people; never key material.</summary>
    public string Text { get; init; } = "";

    /// <summary>One line for people and for the log query of the protocol.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Sequence} {Time.UtcDateTime:yyyyMMddHHmmss}Z {Kind switch
    {
        LogEntryKind.Seal => "seal",
        LogEntryKind.Sale => $"sale register {Register}: {Counters}",
        LogEntryKind.VaultSealed => $"vault sealed, generation {Generation}",
        _ => "event",
    }}{(Text.Length == 0 ? "" : " " + Text)}");

    /// <summary>Writes the body of an entry: sequence (8), milliseconds since 1970 (8), kind (1), what the kind holds, text.</summary>
    internal static int Encode(Span<byte> at, ulong sequence, long milliseconds, LogEntryKind kind, int register, in VaultCounters counters, ulong generation, ReadOnlySpan<char> text)
    {
        BinaryPrimitives.WriteUInt64BigEndian(at, sequence);
        BinaryPrimitives.WriteInt64BigEndian(at[8..], milliseconds);
        at[16] = (byte)kind;
        var length = HeadLength;
        switch (kind)
        {
            case LogEntryKind.Sale:
                BinaryPrimitives.WriteUInt16BigEndian(at[length..], (ushort)register);
                BinaryPrimitives.WriteInt64BigEndian(at[(length + 2)..], counters.Units);
                BinaryPrimitives.WriteInt64BigEndian(at[(length + 10)..], counters.Currency);
                BinaryPrimitives.WriteInt64BigEndian(at[(length + 18)..], counters.Tokens);
                length += SaleLength;
                break;
            case LogEntryKind.VaultSealed:
                BinaryPrimitives.WriteUInt64BigEndian(at[length..], generation);
                length += 8;
                break;
        }

        return length + Encoding.UTF8.GetBytes(text, at[length..]);
    }

    /// <summary>Reads a body; null where it is too short for its kind or of no known kind.</summary>
    internal static LogEntry? TryDecode(ReadOnlySpan<byte> body)
    {
        if (body.Length < HeadLength)
            return null;
        var milliseconds = BinaryPrimitives.ReadInt64BigEndian(body[8..]);
        if (milliseconds is < 0 or > 253_402_300_799_999)
            return null;
        var kind = (LogEntryKind)body[16];
        var rest = body[HeadLength..];
        var entry = new LogEntry { Sequence = BinaryPrimitives.ReadUInt64BigEndian(body), Time = DateTimeOffset.FromUnixTimeMilliseconds(milliseconds), Kind = kind };
        switch (kind)
        {
            case LogEntryKind.Seal:
                return rest.Length == MacLength ? entry : null;
            case LogEntryKind.Sale when rest.Length >= SaleLength:
                return entry with
                {
                    Register = BinaryPrimitives.ReadUInt16BigEndian(rest),
                    Counters = new VaultCounters
                    {
                        Units = BinaryPrimitives.ReadInt64BigEndian(rest[2..]),
                        Currency = BinaryPrimitives.ReadInt64BigEndian(rest[10..]),
                        Tokens = BinaryPrimitives.ReadInt64BigEndian(rest[18..]),
                    },
                    Text = Encoding.UTF8.GetString(rest[SaleLength..]),
                };
            case LogEntryKind.VaultSealed when rest.Length >= 8:
                return entry with { Generation = BinaryPrimitives.ReadUInt64BigEndian(rest), Text = Encoding.UTF8.GetString(rest[8..]) };
            case LogEntryKind.Event:
                return entry with { Text = Encoding.UTF8.GetString(rest) };
            default:
                return null;
        }
    }
}
