using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using OpenSts.SecureStorage;

namespace OpenSts.SecurityModule.Vault;

/// <summary>What an entry of a module's log records. The numbers are in the file.</summary>
public enum LogEntryKind
{
    /// <summary>The end of a group that went to the disk together; authenticates everything before it.</summary>
    Seal = 0,

    /// <summary>Tokens were made; holds the register's running totals after it.</summary>
    TokenIssue = 1,

    /// <summary>The vault's sealed file was written; holds its generation.</summary>
    VaultSealed = 2,

    /// <summary>Anything else worth keeping: start, stop, import, removal, refusal.</summary>
    Event = 3,

    /// <summary>
    /// Keys of registers will be exchanged with a generation; holds the generation and the registers.
    /// </summary>
    RegistersChanging = 4,
}

/// <summary>One entry of a security module's log.</summary>
public sealed record LogEntry
{
    /// <summary>Registers that one entry of <see cref="LogEntryKind.RegistersChanging"/> names at most.</summary>
    internal const int MaxRegisters = 512;

    /// <summary>Longest text in octets of UTF-8.</summary>
    public const int GreatestText = 1024;

    private const int TotalsLength = 2 + 24, GenerationLength = 8;

    /// <summary>1 for the first entry; no number is left out.</summary>
    public required ulong Sequence { get; init; }

    /// <summary>When it was written, to the millisecond, by the module's clock.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>What it records.</summary>
    public required LogEntryKind Kind { get; init; }

    /// <summary>For a token issue, the register; otherwise 0.</summary>
    public int Register { get; init; }

    /// <summary>For a token issue, the register's totals after it.</summary>
    public VaultCounters Counters { get; init; }

    /// <summary>
    /// For <see cref="LogEntryKind.VaultSealed"/> and <see cref="LogEntryKind.RegistersChanging"/>, the generation;
    /// otherwise 0.
    /// </summary>
    public ulong Generation { get; init; }

    /// <summary>For <see cref="LogEntryKind.RegistersChanging"/>, the registers; otherwise empty.</summary>
    public IReadOnlyList<int> Registers { get; init; } = [];

    /// <summary>What happened, for people; never key material.</summary>
    public string Text { get; init; } = "";

    /// <summary>One line for people and for the log query of the protocol.</summary>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Sequence} {Time.UtcDateTime:yyyyMMddHHmmss}Z {Kind switch
        {
            LogEntryKind.Seal => "seal",
            LogEntryKind.TokenIssue => $"sale register {Register}: {Counters}",
            LogEntryKind.VaultSealed => $"vault sealed, generation {Generation}",
            LogEntryKind.RegistersChanging => $"keys of {Registers.Count} registers change with generation {Generation}",
            _ => "event",
        }}{(Text.Length == 0 ? "" : " " + Text)}");

    /// <summary>
    /// Writes the payload of a token issue: register (2), units (8), currency (8), tokens (8), text.
    /// </summary>
    internal static int EncodeTokenIssue(
        Span<byte> payload, int register, in VaultCounters counters, ReadOnlySpan<char> text)
    {
        BinaryPrimitives.WriteUInt16BigEndian(payload, (ushort)register);
        BinaryPrimitives.WriteInt64BigEndian(payload[2..], counters.Units);
        BinaryPrimitives.WriteInt64BigEndian(payload[10..], counters.Currency);
        BinaryPrimitives.WriteInt64BigEndian(payload[18..], counters.Tokens);
        return TotalsLength + Encoding.UTF8.GetBytes(text, payload[TotalsLength..]);
    }

    /// <summary>
    /// Writes the payload of a changed generation: generation (8), for changing registers their numbers (2 each).
    /// </summary>
    internal static byte[] EncodeGeneration(ulong generation, ReadOnlySpan<int> registers = default)
    {
        var payload = new byte[GenerationLength + (registers.Length * 2)];
        BinaryPrimitives.WriteUInt64BigEndian(payload, generation);
        for (var i = 0; i < registers.Length; i++)
            BinaryPrimitives.WriteUInt16BigEndian(payload.AsSpan(GenerationLength + (i * 2)), (ushort)registers[i]);
        return payload;
    }

    /// <summary>Reads a record of the log; null where it is too short for its kind or of no known kind.</summary>
    internal static LogEntry? TryDecode(LogRecord record)
    {
        var payload = record.Payload.Span;
        var entry = new LogEntry { Sequence = record.Sequence, Time = record.Time, Kind = (LogEntryKind)record.Kind };
        switch (entry.Kind)
        {
            case LogEntryKind.Seal:
                return entry;
            case LogEntryKind.TokenIssue when payload.Length >= TotalsLength:
                return entry with
                {
                    Register = BinaryPrimitives.ReadUInt16BigEndian(payload),
                    Counters = new VaultCounters
                    {
                        Units = BinaryPrimitives.ReadInt64BigEndian(payload[2..]),
                        Currency = BinaryPrimitives.ReadInt64BigEndian(payload[10..]),
                        Tokens = BinaryPrimitives.ReadInt64BigEndian(payload[18..]),
                    },
                    Text = Encoding.UTF8.GetString(payload[TotalsLength..]),
                };
            case LogEntryKind.VaultSealed when payload.Length >= GenerationLength:
                return entry with
                {
                    Generation = BinaryPrimitives.ReadUInt64BigEndian(payload),
                    Text = Encoding.UTF8.GetString(payload[GenerationLength..]),
                };
            case LogEntryKind.RegistersChanging when payload.Length >= GenerationLength && payload.Length % 2 == 0:
                return entry with
                {
                    Generation = BinaryPrimitives.ReadUInt64BigEndian(payload),
                    Registers = ReadRegisters(payload[GenerationLength..]),
                };
            case LogEntryKind.Event:
                return entry with { Text = Encoding.UTF8.GetString(payload) };
            default:
                return null;
        }
    }

    private static int[] ReadRegisters(ReadOnlySpan<byte> numbers)
    {
        var registers = new int[numbers.Length / 2];
        for (var i = 0; i < registers.Length; i++)
            registers[i] = BinaryPrimitives.ReadUInt16BigEndian(numbers[(i * 2)..]);
        return registers;
    }
}
