using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using OpenSts.Cryptography;

namespace OpenSts.Keys;

/// <summary>Why no decoder key was derived, in the order of the checks.</summary>
public enum DecoderKeyFault
{
    /// <summary>A key was derived.</summary>
    None,

    /// <summary>EA09 is withdrawn; the code is none of the standard's.</summary>
    EncryptionAlgorithm,

    /// <summary>DKGA01 is legacy, DKGA03 withdrawn; the code is none of the standard's.</summary>
    DecoderKeyGenerationAlgorithm,

    /// <summary>EA11 goes only with DKGA04.</summary>
    AlgorithmPair,

    /// <summary>DKGA02 takes a vending key of 64 bits, DKGA04 one of 160.</summary>
    VendingKeyLength,
}

/// <summary>Derives decoder keys from vending keys: DKGA02 and DKGA04.</summary>
/// <remarks>
/// IEC 62055-41, decoder key generation. DKGA04 is a key derivation of NIST SP 800-108 form over HMAC-SHA-256.
/// </remarks>
public static class DecoderKeyGeneration
{
    /// <summary>Length of the DKGA04 message in octets, for every meter.</summary>
    internal const int MessageLength = 49;

    /// <summary>The offset of the two digits of the tariff index in the message.</summary>
    internal const int TariffIndexOffset = 11;

    /// <summary>The offset of the 18 digits of the MeterPAN in the message.</summary>
    internal const int MeterPanOffset = 27;

    /// <summary>Derives the key of a meter.</summary>
    /// <returns>False where the algorithms or the vending key do not fit; nothing is derived then.</returns>
    public static bool TryDerive(VendingKey vendingKey, DecoderKeyAttributes attributes,
        [NotNullWhen(true)] out DecoderKey? key, out DecoderKeyFault fault)
    {
        ArgumentNullException.ThrowIfNull(vendingKey);
        ArgumentNullException.ThrowIfNull(attributes);
        key = null;
        fault = Check(vendingKey.Bits, attributes.EncryptionAlgorithm, attributes.DecoderKeyGenerationAlgorithm);
        if (fault != DecoderKeyFault.None)
            return false;
        key = attributes.DecoderKeyGenerationAlgorithm == DecoderKeyGenerationAlgorithm.Dkga02
            ? DeriveDkga02(vendingKey, attributes)
            : DeriveDkga04(vendingKey, attributes);
        return true;
    }

    /// <summary>Derives the key of a meter or throws.</summary>
    /// <exception cref="ArgumentException">The algorithms or the vending key do not fit; the message says
    /// which.</exception>
    public static DecoderKey Derive(VendingKey vendingKey, DecoderKeyAttributes attributes) =>
        TryDerive(vendingKey, attributes, out var key, out var fault) ? key
            : throw new ArgumentException(fault.Describe(attributes), nameof(attributes));

    /// <summary>Whether a vending key of that length and these algorithms go together.</summary>
    public static DecoderKeyFault Check(int vendingKeyBits, EncryptionAlgorithm ea, DecoderKeyGenerationAlgorithm dkga)
    {
        if (ea.Refusal() is not null)
            return DecoderKeyFault.EncryptionAlgorithm;
        if (dkga.Refusal() is not null)
            return DecoderKeyFault.DecoderKeyGenerationAlgorithm;
        if (ea == EncryptionAlgorithm.Ea11 && dkga != DecoderKeyGenerationAlgorithm.Dkga04)
            return DecoderKeyFault.AlgorithmPair;
        return vendingKeyBits == VendingKey.RequiredBits(dkga) ? DecoderKeyFault.None
            : DecoderKeyFault.VendingKeyLength;
    }

    /// <summary>The error and what is allowed, in English.</summary>
    public static string Describe(this DecoderKeyFault fault, DecoderKeyAttributes attributes)
    {
        ArgumentNullException.ThrowIfNull(attributes);
        return fault switch
        {
            DecoderKeyFault.None => "a key can be derived",
            DecoderKeyFault.EncryptionAlgorithm => attributes.EncryptionAlgorithm.Refusal()!,
            DecoderKeyFault.DecoderKeyGenerationAlgorithm => attributes.DecoderKeyGenerationAlgorithm.Refusal()!,
            DecoderKeyFault.AlgorithmPair => "EA11 goes only with DKGA04",
            DecoderKeyFault.VendingKeyLength =>
                $"{attributes.DecoderKeyGenerationAlgorithm.Name()} takes a vending key of "
                    + $"{VendingKey.RequiredBits(attributes.DecoderKeyGenerationAlgorithm) / 4} hex digits",
            _ => throw new ArgumentOutOfRangeException(nameof(fault), fault, null),
        };
    }

    /// <summary>PANBlock xor CONTROLBlock, the DES input of DKGA02.</summary>
    internal static ulong BlockInput(DecoderKeyAttributes a) => PanBlock(a.MeterPan, a.KeyType) ^ ControlBlock(a);

    /// <summary>Writes the 49 octets that DKGA04 authenticates.</summary>
    internal static void WriteMessage(DecoderKeyAttributes a, Span<byte> message)
    {
        var rest = message;
        rest[0] = 4;
        rest = rest[1..];
        rest = Field(rest, 4, 2);
        rest = Field(rest, (ulong)a.BaseDate.Code, 2);
        rest = Field(rest, (ulong)a.EncryptionAlgorithm, 2);
        rest = Field(rest, (ulong)a.TariffIndex.Value, 2);
        rest[0] = 0;
        rest[1] = 4;
        rest = rest[2..];
        rest = Field(rest, (ulong)a.SupplyGroupCode.Value, 6);
        rest = Field(rest, (ulong)a.KeyType, 1);
        rest = Field(rest, (ulong)a.KeyRevisionNumber.Value, 1);
        rest = Field(rest, KeyedPan(a.MeterPan, a.KeyType), 18);
        BinaryPrimitives.WriteUInt32BigEndian(rest, (uint)a.EncryptionAlgorithm.DecoderKeyBits());
    }

    /// <summary>DKGA02 over the block input: single DES, then both inputs joined again by exclusive or.</summary>
    internal static ulong Dkga02(in VendingKey.VendingKeyLease vendingKey, ulong input) =>
        Des.Encrypt(vendingKey.Expanded, input) ^ input ^ BinaryPrimitives.ReadUInt64BigEndian(vendingKey.Bytes);

    /// <summary>DKGA04 over the message: the first 8 octets are a key of EA07, the first 16 one of EA11.</summary>
    internal static void Dkga04(in VendingKey.VendingKeyLease vendingKey, ReadOnlySpan<byte> message, Span<byte> mac)
    {
        SelfTests.RequireHmac();
        HmacSha256.ComputeShort(vendingKey.Expanded, message, mac);
    }

    private static DecoderKey DeriveDkga02(VendingKey vendingKey, DecoderKeyAttributes attributes)
    {
        Span<byte> bytes = stackalloc byte[8];
        using (var lease = vendingKey.Lease())
            BinaryPrimitives.WriteUInt64BigEndian(bytes, Dkga02(lease, BlockInput(attributes)));
        var key = new DecoderKey(EncryptionAlgorithm.Ea07, bytes);
        CryptographicOperations.ZeroMemory(bytes);
        return key;
    }

    private static DecoderKey DeriveDkga04(VendingKey vendingKey, DecoderKeyAttributes attributes)
    {
        Span<byte> message = stackalloc byte[MessageLength];
        WriteMessage(attributes, message);
        Span<byte> mac = stackalloc byte[32];
        using (var lease = vendingKey.Lease())
            Dkga04(lease, message, mac);
        var key = new DecoderKey(attributes.EncryptionAlgorithm,
            mac[..(attributes.EncryptionAlgorithm.DecoderKeyBits() / 8)]);
        CryptographicOperations.ZeroMemory(mac);
        return key;
    }

    /// <summary>
    /// The MeterPAN as it enters the derivation: a common key belongs to no meter, so its DRN and check digit are
    /// zeros.
    /// </summary>
    /// <remarks>IEC 62055-41 for DKGA02; for DKGA04 a reading, see docs/standard/readings.md.</remarks>
    internal static ulong KeyedPan(MeterPan pan, KeyType keyType)
    {
        if (keyType != KeyType.Common)
            return pan.Value;
        return pan.IssuerIdentificationNumber == 0 ? 0ul : 600_727_000_000_000_000ul;
    }

    /// <summary>The PANBlock: 16 digits, one to a nibble.</summary>
    // IEC 62055-41: the rightmost IIN digits and the DRN are the 16 rightmost digits before the MeterPAN's check
    // digit.
    internal static ulong PanBlock(MeterPan pan, KeyType keyType) =>
        DecimalDigits.ToNibbles(KeyedPan(pan, keyType) / 10 % 10_000_000_000_000_000);

    // IEC 62055-41: KT, SGC (6 digits), TI (2), KRN, six nibbles F.
    internal static ulong ControlBlock(DecoderKeyAttributes a) =>
        ((ulong)a.KeyType << 60) | (DecimalDigits.ToNibbles((ulong)a.SupplyGroupCode.Value) << 36)
            | (DecimalDigits.ToNibbles((ulong)a.TariffIndex.Value) << 28)
        | ((ulong)a.KeyRevisionNumber.Value << 24) | 0xFFFFFF;

    private static Span<byte> Field(Span<byte> at, ulong value, int digits)
    {
        at[0] = (byte)digits;
        for (var i = digits; i > 0; i--, value /= 10)
            at[i] = (byte)('0' + (int)(value % 10));
        return at[(digits + 1)..];
    }
}
