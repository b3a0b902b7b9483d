using OpenSts.Dlms.Security;
using OpenSts.Dlms.Wire;

namespace OpenSts.Dlms.Apdu;

/// <summary>How general-ciphering says under which key it is.</summary>
/// <remarks>IEC 62056-5-3, key-info.</remarks>
public enum KeyInfo
{
    /// <summary>Not at all.</summary>
    Absent = -1,

    /// <summary>By the number of a key both parties have.</summary>
    Identified = 0,

    /// <summary>By the key itself, wrapped.</summary>
    Wrapped = 1,

    /// <summary>By what both agree on it from.</summary>
    Agreed = 2,
}

/// <summary>An APDU in general-ciphering: from whom to whom, under which key, and the protected octets.</summary>
/// <remarks>
/// IEC 62056-5-3. Everything before key-info is authenticated with the protected octets, each field with its length,
/// in the order it is sent.
/// </remarks>
public sealed record GeneralCiphering
{
    /// <summary>The most octets of a transaction identifier.</summary>
    public const int MaximumTransactionId = 64;

    /// <summary>The number of the global unicast encryption key.</summary>
    public const int GlobalUnicastKey = 0;

    /// <summary>The sender's name for the exchange, at most 64 octets; the answer repeats it.</summary>
    public required byte[] TransactionId { get; init; }

    /// <summary>Who protected it.</summary>
    public required SystemTitle Originator { get; init; }

    /// <summary>For whom.</summary>
    public required SystemTitle Recipient { get; init; }

    /// <summary>When, as 12 octets; empty where it does not say.</summary>
    public byte[] Time { get; init; } = [];

    /// <summary>What else is authenticated; usually empty.</summary>
    public byte[] OtherInformation { get; init; } = [];

    /// <summary>How the key is named.</summary>
    public KeyInfo KeyInfo { get; init; }

    /// <summary>The number of the key, with <see cref="KeyInfo.Identified"/>, or of the one that wraps it.</summary>
    public byte KeyId { get; init; }

    /// <summary>Security control, invocation counter, protected octets and tag.</summary>
    public byte[] Content { get; init; } = [];

    // As it came: the sender authenticated these octets, and not another way to write the same.
    private byte[]? Received { get; init; }

    /// <summary>How many octets it adds to what is protected, but for the protection's own.</summary>
    public int Overhead => 1 + Header().Length + 3 + 3;

    /// <summary>Reads one that fills the octets; null where they are none.</summary>
    public static GeneralCiphering? TryRead(ReadOnlySpan<byte> apdu)
    {
        var reader = new WireReader(apdu);
        if (reader.U8() != (int)ApduTag.GeneralCiphering)
            return null;
        var before = reader.Rest;
        var transaction = reader.Counted();
        var areTitles = SystemTitle.TryRead(reader.Counted(),
            out var originator) & SystemTitle.TryRead(reader.Counted(), out var recipient);
        var time = reader.Counted();
        var other = reader.Counted();
        if (!areTitles || transaction.Length > MaximumTransactionId || time.Length is not (0 or 12))
            return null;
        var header = before[..(before.Length - reader.Left)];
        var kind = reader.Flag() ? (KeyInfo)reader.U8() : KeyInfo.Absent;
        byte id = 0;
        switch (kind)
        {
            case KeyInfo.Absent:
                break;
            case KeyInfo.Identified:
                id = reader.U8();
                break;
            case KeyInfo.Wrapped:
                id = reader.U8();
                _ = reader.Counted();
                break;
            case KeyInfo.Agreed:
                _ = reader.Counted();
                _ = reader.Counted();
                break;
            default:
                return null;
        }

        var content = reader.Counted();
        return !reader.IsAtEnd ? null : new GeneralCiphering
        {
            TransactionId = transaction.ToArray(),
            Originator = originator,
            Recipient = recipient,
            Time = time.ToArray(),
            OtherInformation = other.ToArray(),
            KeyInfo = kind,
            KeyId = id,
            Content = content.ToArray(),
            Received = header.ToArray(),
        };
    }

    /// <summary>The octets that are authenticated besides the content.</summary>
    public byte[] Header()
    {
        if (Received is not null)
            return Received;
        var writer = new WireWriter(64);
        writer.Counted(TransactionId);
        writer.Counted(Originator.ToArray());
        writer.Counted(Recipient.ToArray());
        writer.Counted(Time);
        writer.Counted(OtherInformation);
        return writer.Written.ToArray();
    }

    /// <summary>Protects an APDU under the global key and writes it with everything before it.</summary>
    /// <param name="cipher">The cipher of the global keys.</param>
    /// <param name="counter">The originator's invocation counter.</param>
    /// <param name="plain">What is protected.</param>
    /// <param name="destination">Where it is written.</param>
    public void Protect(ApduCipher cipher, uint counter, ReadOnlySpan<byte> plain, WireWriter destination)
    {
        ArgumentNullException.ThrowIfNull(cipher);
        ArgumentNullException.ThrowIfNull(destination);
        var header = Header();
        destination.U8((int)ApduTag.GeneralCiphering);
        destination.Bytes(header);
        destination.Bytes([1, (byte)KeyInfo.Identified, GlobalUnicastKey]);
        destination.Count(plain.Length + ApduCipher.Overhead(Protection.AuthenticatedEncryption));
        cipher.Protect(Protection.AuthenticatedEncryption, Originator, counter, plain, destination, header);
    }

    /// <summary>True where it comes from the one, is for the other, and names the global key.</summary>
    public bool IsFor(SystemTitle originator, SystemTitle recipient) =>
        Originator == originator && Recipient == recipient && KeyInfo == KeyInfo.Identified
            && KeyId == GlobalUnicastKey;

    /// <summary>From whom to whom, and nothing of what is inside.</summary>
    public override string ToString() =>
        $"general-ciphering from {Originator} to {Recipient}, {KeyInfo} key, {Content.Length} octets";
}
