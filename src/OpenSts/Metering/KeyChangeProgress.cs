using OpenSts.Keys;

namespace OpenSts.Metering;

/// <summary>The sections of a key change set that have been entered so far, in any order.</summary>
/// <param name="First">The first section, or null.</param>
/// <param name="Second">The second section, or null.</param>
/// <param name="Third">The third token, or null. EA11: key bits and the low half of the supply group code; EA07: the
/// whole supply group code.</param>
/// <param name="Fourth">The fourth section, or null.</param>
/// <param name="Started">Monotonic time at which the first of them was entered.</param>
public sealed record KeyChangeProgress(
    Set1stSectionDecoderKey? First,
    Set2ndSectionDecoderKey? Second,
    Token? Third,
    Set4thSectionDecoderKey? Fourth,
    TimeSpan Started)
{
    /// <summary>No section entered.</summary>
    public static KeyChangeProgress None { get; } = new(null, null, null, null, TimeSpan.Zero);

    /// <summary>True when no section has been entered.</summary>
    public bool IsEmpty => First is null && Second is null && Third is null && Fourth is null;

    /// <summary>The progress with one more section; a second one with the same number replaces the first.</summary>
    public KeyChangeProgress With(Token section, TimeSpan now)
    {
        var progress = IsEmpty ? this with { Started = now } : this;
        return section switch
        {
            Set1stSectionDecoderKey first => progress with { First = first },
            Set2ndSectionDecoderKey second => progress with { Second = second },
            Set4thSectionDecoderKey fourth => progress with { Fourth = fourth },
            _ => progress with { Third = section },
        };
    }

    /// <summary>True when every section of the set has been entered.</summary>
    /// <param name="ea">The meter's encryption algorithm.</param>
    /// <param name="tokensSupported">How many key change tokens the meter supports, 2 to 4.</param>
    public bool IsComplete(EncryptionAlgorithm ea, int tokensSupported)
    {
        if (First is null || Second is null)
            return false;
        if (ea == EncryptionAlgorithm.Ea11)
            return Third is not null && Fourth is not null;
        // A meter that supports two tokens ignores the bit that announces a third.
        return tokensSupported < 3 || !First.ThirdTokenFollows || Third is not null;
    }

    /// <summary>The new key; only of a complete set.</summary>
    internal DecoderKey NewKey(EncryptionAlgorithm ea)
    {
        Span<byte> bytes = stackalloc byte[16];
        var length = ea.DecoderKeyBits() / 8;
        Put(bytes, 0, First!.Section);
        Put(bytes, length - 4, Second!.Section);
        if (ea == EncryptionAlgorithm.Ea11)
        {
            Put(bytes, 4, ((Set3rdSectionDecoderKey)Third!).Section);
            Put(bytes, 8, Fourth!.Section);
        }

        var key = new DecoderKey(ea, bytes[..length]);
        System.Security.Cryptography.CryptographicOperations.ZeroMemory(bytes);
        return key;
    }

    /// <summary>The supply group code the set carries: null where it carries none, and false where it is out of
    /// range.</summary>
    internal bool TryGetSupplyGroupCode(EncryptionAlgorithm ea, out SupplyGroupCode? code)
    {
        code = null;
        if (ea != EncryptionAlgorithm.Ea11)
        {
            if (First!.ThirdTokenFollows && Third is Set3rdSectionSupplyGroupCode third)
                code = third.SupplyGroupCode;
            return true;
        }

        var value = (Fourth!.SupplyGroupCodeHigh << 12) | ((Set3rdSectionDecoderKey)Third!).SupplyGroupCodeLow;
        if (value > 999_999)
            return false;
        code = SupplyGroupCode.FromNumber(value);
        return true;
    }

    private static void Put(Span<byte> bytes, int at, KeySection section) =>
        System.Buffers.Binary.BinaryPrimitives.WriteUInt32BigEndian(bytes[at..], section.Bits);
}
