using System.Buffers.Binary;
using System.Text;
using OpenSts.SecureStorage;

namespace OpenSts.SecurityModule.Vault;

/// <summary>One key of the vault as it lies on the disk.</summary>
internal sealed record SealedRecord
{
    /// <summary>The place: the key register, 1 to 65535. A record is good in its own place only.</summary>
    public required int Number { get; init; }

    /// <summary>Everything public about the key, as text; authenticated with it.</summary>
    public required string Attributes { get; init; }

    /// <summary>Nonce (12), sealed key, tag (16).</summary>
    public required ReadOnlyMemory<byte> Sealed { get; init; }

    /// <summary>What was sold through this register when the vault was sealed; the log goes on from here.</summary>
    public required VaultCounters Counters { get; init; }

    public override string ToString() => $"(record {Number})";
}

/// <summary>
/// The sealed file of a vault, field by field: what is in clear, what is sealed, what the last 32 octets authenticate.
/// </summary>
/// <remarks>
/// All numbers most significant octet first: <c>OSTSVALT</c>, edition (1), vault (16), lock kind (1), lock parameters
/// (1 + n), wrapped storage key (60), generation (8), log sequence (8), log length (8), log chain (32), number of
/// records (2), the records: number (2), units (8), currency (8), tokens (8), attributes (2 + n), sealed key (2 + n);
/// then HMAC-SHA-256 over everything before.
/// </remarks>
internal sealed record VaultImage
{
    public const int WrappedKeyLength = 12 + StorageLock.KeyLength + 16;
    public const int MacLength = 32;

    /// <summary>Octets that a file may have at most.</summary>
    public const int GreatestLength = 64 << 20;
    private const byte Edition = 1;
    private static readonly byte[] Magic = "OSTSVALT"u8.ToArray();

    /// <summary>The vault's name, random at its birth.</summary>
    public required Guid Vault { get; init; }

    public required StorageLockKind LockKind { get; init; }

    public required ReadOnlyMemory<byte> LockParameters { get; init; }

    public required ReadOnlyMemory<byte> WrappedKey { get; init; }

    /// <summary>How often the vault was sealed; 1 at its birth.</summary>
    public required ulong Generation { get; init; }

    public required LogPosition Log { get; init; }

    public required IReadOnlyList<SealedRecord> Records { get; init; }

    /// <summary>What the wrapped storage key is bound to: vault, kind and parameters of its lock.</summary>
    public static byte[] LockBinding(Guid vault, StorageLockKind kind, ReadOnlySpan<byte> parameters)
    {
        var binding = new List<byte>(Magic) { Edition };
        binding.AddRange(vault.ToByteArray(bigEndian: true));
        binding.Add((byte)kind);
        binding.Add((byte)parameters.Length);
        binding.AddRange(parameters);
        return [.. binding];
    }

    /// <summary>What a sealed key is bound to: vault, place and attributes.</summary>
    public static byte[] RecordBinding(Guid vault, int number, string attributes)
    {
        var binding =
            new List<byte>(vault.ToByteArray(bigEndian: true)) { (byte)(number >> 8), (byte)(number & 0xFF) };
        binding.AddRange(Encoding.UTF8.GetBytes(attributes));
        return [.. binding];
    }

    /// <summary>Everything but the closing authentication.</summary>
    public byte[] Encode()
    {
        using var stream = new MemoryStream();
        stream.Write(LockBinding(Vault, LockKind, LockParameters.Span));
        stream.Write(WrappedKey.Span);
        Write(stream, Generation, 8);
        Write(stream, Log.Sequence, 8);
        Write(stream, (ulong)Log.Length, 8);
        stream.Write(Convert.FromHexString(Log.Chain));
        Write(stream, (ulong)Records.Count, 2);
        foreach (var record in Records)
        {
            Write(stream, (ulong)record.Number, 2);
            Write(stream, unchecked((ulong)record.Counters.Units), 8);
            Write(stream, unchecked((ulong)record.Counters.Currency), 8);
            Write(stream, unchecked((ulong)record.Counters.Tokens), 8);
            var attributes = Encoding.UTF8.GetBytes(record.Attributes);
            Write(stream, (ulong)attributes.Length, 2);
            stream.Write(attributes);
            Write(stream, (ulong)record.Sealed.Length, 2);
            stream.Write(record.Sealed.Span);
        }

        return stream.ToArray();
    }

    /// <summary>
    /// Reads a file without believing it: the caller checks the key and the authentication before anything is used.
    /// </summary>
    public static VaultImage? TryDecode(ReadOnlySpan<byte> file)
    {
        var reader = new Reader(file);
        if (!reader.Take(Magic.Length).SequenceEqual(Magic) || reader.Number(1) != Edition)
            return null;
        var vault = reader.Take(16);
        var kind = (StorageLockKind)reader.Number(1);
        var parameters = reader.Take((int)reader.Number(1)).ToArray();
        var wrapped = reader.Take(WrappedKeyLength).ToArray();
        var generation = reader.Number(8);
        var sequence = reader.Number(8);
        var length = reader.Number(8);
        var chain = reader.Take(32);
        var count = (int)reader.Number(2);
        if (reader.Failed || length > long.MaxValue)
            return null;
        var records = new List<SealedRecord>(Math.Min(count, 1024));
        for (var i = 0; i < count && !reader.Failed; i++)
        {
            var number = (int)reader.Number(2);
            var counters = new VaultCounters
            {
                Units = unchecked((long)reader.Number(8)),
                Currency = unchecked((long)reader.Number(8)),
                Tokens = unchecked((long)reader.Number(8)),
            };
            var attributes = Encoding.UTF8.GetString(reader.Take((int)reader.Number(2)));
            var key = reader.Take((int)reader.Number(2)).ToArray();
            records.Add(
                new SealedRecord { Number = number, Attributes = attributes, Sealed = key, Counters = counters });
        }

        _ = reader.Take(MacLength);
        return reader.Failed || !reader.AtEnd ? null : new VaultImage
        {
            Vault = new Guid(vault, bigEndian: true),
            LockKind = kind,
            LockParameters = parameters,
            WrappedKey = wrapped,
            Generation = generation,
            Log = new LogPosition { Sequence = sequence, Length = (long)length, Chain = Convert.ToHexString(chain) },
            Records = records,
        };
    }

    public override string ToString() => $"(vault {Vault:N}, generation {Generation})";

    private static void Write(MemoryStream stream, ulong value, int octets)
    {
        Span<byte> buffer = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64BigEndian(buffer, value);
        if (octets < 8 && value >> (octets * 8) != 0)
            throw new ArgumentOutOfRangeException(nameof(value), value,
                $"The sealed file has {octets} octets for this number.");
        stream.Write(buffer[(8 - octets)..]);
    }

    /// <summary>Takes fields from the front; once one does not fit, all that follow are empty.</summary>
    private ref struct Reader(ReadOnlySpan<byte> rest)
    {
        private ReadOnlySpan<byte> _rest = rest;

        public bool Failed { get; private set; }

        public readonly bool AtEnd => _rest.IsEmpty;

        public ReadOnlySpan<byte> Take(int octets)
        {
            if (Failed || octets > _rest.Length)
            {
                Failed = true;
                return new byte[Math.Min(octets, 64)];
            }

            var field = _rest[..octets];
            _rest = _rest[octets..];
            return field;
        }

        public ulong Number(int octets)
        {
            var value = 0ul;
            foreach (var octet in Take(octets))
                value = (value << 8) | octet;
            return value;
        }
    }
}
