using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;
using OpenSts.Cryptography;
using OpenSts.Secrets;

namespace OpenSts.Keys;

/// <summary>The secret key of a supply group, from which the decoder keys of its meters are derived.</summary>
/// <remarks>
/// IEC 62055-41: 64 bits for DKGA02, 160 bits for DKGA04. Imported by <see cref="Hazmat"/>; cleared on dispose.
/// Every byte of a 64-bit vending key has odd parity, as DES keys have. Thread-safe.
/// </remarks>
public sealed class VendingKey : IDisposable
{
    private const int LongestExpanded = Des.ScheduleLength * sizeof(uint);

    // What every derivation starts from (the DES schedule of a 64-bit key, the keyed HMAC states of a longer one),
    // then the key.
    private readonly SecretBytes _secret;

    internal VendingKey(ReadOnlySpan<byte> bytes)
    {
        Bits = bytes.Length * 8;
        _secret = new SecretBytes(LongestExpanded + bytes.Length);
        using var lease = _secret.LeaseForWriting();
        bytes.CopyTo(lease.Span[LongestExpanded..]);
        var expanded = MemoryMarshal.Cast<byte, uint>(lease.Span[..LongestExpanded]);
        if (bytes.Length == 8)
            Des.ExpandKey(BinaryPrimitives.ReadUInt64BigEndian(bytes), expanded);
        else
            HmacSha256.ExpandKey(bytes, expanded);
    }

    /// <summary>The key's length in bits: 64, 128 or 160.</summary>
    public int Bits { get; }

    /// <summary>
    /// The length in bits that an algorithm requires of a vending key: 64 (DKGA01, DKGA02), 128 (DKGA03) or 160
    /// (DKGA04).
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The standard has no such algorithm.</exception>
    public static int RequiredBits(DecoderKeyGenerationAlgorithm dkga) => dkga switch
    {
        DecoderKeyGenerationAlgorithm.Dkga01 or DecoderKeyGenerationAlgorithm.Dkga02 => 64,
        DecoderKeyGenerationAlgorithm.Dkga03 => 128,
        DecoderKeyGenerationAlgorithm.Dkga04 => 160,
        _ => throw new ArgumentOutOfRangeException(nameof(dkga), dkga, null),
    };

    /// <summary>Whether every byte has an odd number of one bits, as the bytes of a DES key must.</summary>
    public static bool HasOddParity(ReadOnlySpan<byte> key)
    {
        var even = false;
        foreach (var b in key)
            even |= (BitOperations.PopCount(b) & 1) == 0;
        return !even;
    }

    /// <summary>Clears the key; derivations on other threads that have begun still complete.</summary>
    public void Dispose() => _secret.Dispose();

    /// <summary>Names the kind of key, never its value.</summary>
    public override string ToString() => $"(vending key, {Bits} bits)";

    /// <summary>Keeps the key from being released while it is used.</summary>
    internal VendingKeyLease Lease() => new(_secret.Lease());

    /// <summary>Keeps the key from being released until <see cref="Release"/>.</summary>
    internal void Retain()
    {
        var added = false;
        _secret.DangerousAddRef(ref added);
    }

    /// <summary>Ends one <see cref="Retain"/>.</summary>
    internal void Release() => _secret.DangerousRelease();

    /// <summary>The key for whoever retains it; not to be disposed.</summary>
    internal unsafe VendingKeyLease Retained =>
        new(new ReadOnlySpan<byte>((void*)_secret.DangerousGetHandle(), _secret.Length));

    /// <summary>A vending key in use.</summary>
    internal readonly ref struct VendingKeyLease : IDisposable
    {
        private readonly SecretLease _secret;
        private readonly ReadOnlySpan<byte> _span;

        public VendingKeyLease(SecretLease secret)
        {
            _secret = secret;
            _span = secret.Span;
        }

        public VendingKeyLease(ReadOnlySpan<byte> retained) => _span = retained;

        /// <summary>The key, 8, 16 or 20 bytes.</summary>
        public ReadOnlySpan<byte> Bytes => _span[LongestExpanded..];

        /// <summary>The DES schedule (32 words) or the keyed HMAC states (16 words).</summary>
        public ReadOnlySpan<uint> Expanded => MemoryMarshal.Cast<byte, uint>(_span[..LongestExpanded]);

        public void Dispose() => _secret.Dispose();
    }
}
