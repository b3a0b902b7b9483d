namespace OpenSts.Keys;

/// <summary>
/// DKGA04 for a vending key that lives elsewhere: what is to be authenticated there, and the key made of the answer.
/// </summary>
/// <remarks>
/// IEC 62055-41, DKGA04: the decoder key is the front of HMAC-SHA-256 under the vending key over these octets.
/// </remarks>
public static class DecoderKeyMessage
{
    /// <summary>Octets of the message, for every meter.</summary>
    public const int Length = DecoderKeyGeneration.MessageLength;

    /// <summary>Octets of the answer.</summary>
    public const int MacLength = 32;

    /// <summary>Writes the 49 octets that are to be authenticated.</summary>
    /// <returns>The fault that prevents a derivation with a vending key of 160 bits; nothing is written
    /// then.</returns>
    public static DecoderKeyFault TryWrite(DecoderKeyAttributes attributes, Span<byte> message)
    {
        ArgumentNullException.ThrowIfNull(attributes);
        var fault = DecoderKeyGeneration.Check(VendingKey.RequiredBits(DecoderKeyGenerationAlgorithm.Dkga04),
            attributes.EncryptionAlgorithm, attributes.DecoderKeyGenerationAlgorithm);
        if (fault == DecoderKeyFault.None)
            DecoderKeyGeneration.WriteMessage(attributes, message);
        return fault;
    }

    /// <summary>Takes the decoder key from the answer; the caller clears the answer.</summary>
    public static DecoderKey FromMac(DecoderKeyAttributes attributes, ReadOnlySpan<byte> mac)
    {
        ArgumentNullException.ThrowIfNull(attributes);
        ArgumentOutOfRangeException.ThrowIfNotEqual(mac.Length, MacLength, nameof(mac));
        return new DecoderKey(attributes.EncryptionAlgorithm,
            mac[..(attributes.EncryptionAlgorithm.DecoderKeyBits() / 8)]);
    }
}
