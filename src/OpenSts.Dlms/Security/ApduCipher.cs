using System.Buffers.Binary;
using System.Security.Cryptography;
using OpenSts.Dlms.Wire;
using OpenSts.Secrets;

namespace OpenSts.Dlms.Security;

/// <summary>
/// Protects and opens APDUs under one encryption key and one authentication key. Not for several threads at once.
/// </summary>
/// <remarks>
/// IEC 62056-5-3: AES-GCM with a tag of 12 octets; the nonce is the sender's system title and its invocation counter;
/// the security control octet and the authentication key are additional authenticated data.
/// </remarks>
public sealed class ApduCipher : IDisposable
{
    /// <summary>What stands before the protected octets: security control and invocation counter.</summary>
    public const int HeaderOctets = 5;

    /// <summary>How many octets the tag has.</summary>
    public const int TagOctets = 12;

    private readonly AesGcm _gcm;
    private readonly SecretBytes _encryptionKey;
    private Aes? _block;
    private readonly SecretBytes _authenticationKey;

    /// <summary>A cipher; the keys stay the caller's and must outlive it.</summary>
    /// <exception cref="ArgumentException">A key does not have the suite's width.</exception>
    public ApduCipher(SecuritySuite suite, SecretBytes encryptionKey, SecretBytes authenticationKey)
    {
        ArgumentNullException.ThrowIfNull(encryptionKey);
        ArgumentNullException.ThrowIfNull(authenticationKey);
        if (encryptionKey.Length != suite.KeyOctets() || authenticationKey.Length != suite.KeyOctets())
            throw new ArgumentException($"{suite} takes keys of {suite.KeyOctets()} octets.");
        Suite = suite;
        _authenticationKey = authenticationKey;
        using (var lease = encryptionKey.Lease())
            _gcm = new AesGcm(lease.Span, TagOctets);
        _encryptionKey = encryptionKey;
    }

    /// <summary>The suite.</summary>
    public SecuritySuite Suite { get; }

    /// <summary>How many octets protection adds to an APDU, its own tag and length not counted.</summary>
    public static int Overhead(Protection protection) =>
        HeaderOctets + (protection.HasFlag(Protection.Authenticated) ? TagOctets : 0);

    /// <summary>Writes security control, invocation counter, the protected octets and the tag.</summary>
    /// <param name="protection">What is done to the octets.</param>
    /// <param name="sender">The sender's system title.</param>
    /// <param name="counter">The sender's invocation counter, never used before under the key.</param>
    /// <param name="plain">What is protected.</param>
    /// <param name="destination">Where it is written.</param>
    /// <param name="header">What stands before it and is authenticated with it; usually nothing.</param>
    public void Protect(Protection protection, SystemTitle sender, uint counter,
        ReadOnlySpan<byte> plain, WireWriter destination, ReadOnlySpan<byte> header = default)
    {
        ArgumentNullException.ThrowIfNull(destination);
        var control = (byte)((int)protection | (int)Suite);
        destination.U8(control);
        destination.U32(counter);
        Span<byte> nonce = stackalloc byte[12];
        Nonce(nonce, sender, counter);
        var body = destination.Reserve(plain.Length);
        if (protection == Protection.AuthenticatedEncryption)
        {
            var associated = header.IsEmpty ? stackalloc byte[33] : new byte[33 + header.Length];
            var tag = new byte[TagOctets];
            _gcm.Encrypt(nonce, plain, body, tag, Associated(associated, control, header));
            CryptographicOperations.ZeroMemory(associated);
            destination.Bytes(tag);
        }
        else if (protection == Protection.Authenticated)
        {
            plain.CopyTo(body);
            var tag = destination.Reserve(TagOctets);
            Tag(nonce, control, header, plain, tag);
        }
        else
        {
            plain.CopyTo(body);
            Stream(nonce, body);
        }
    }

    /// <summary>
    /// Opens what <see cref="Protect"/> wrote; false where the tag does not hold or the form is wrong.
    /// </summary>
    /// <param name="sender">The sender's system title.</param>
    /// <param name="protectedOctets">From the security control octet on.</param>
    /// <param name="plain">The octets behind it; to be used only where the answer is true.</param>
    /// <param name="protection">What was done to them.</param>
    /// <param name="counter">The sender's invocation counter. Whether it is fresh is for the caller to ask.</param>
    /// <param name="header">What stands before it and is authenticated with it; usually nothing.</param>
    public bool TryOpen(SystemTitle sender,
        ReadOnlySpan<byte> protectedOctets, out byte[] plain, out Protection protection, out uint counter, ReadOnlySpan<byte> header = default)
    {
        plain = [];
        protection = default;
        counter = 0;
        if (protectedOctets.Length < HeaderOctets)
            return false;
        var control = protectedOctets[0];
        protection = (Protection)(control & 0x30);
        counter = BinaryPrimitives.ReadUInt32BigEndian(protectedOctets[1..]);
        // Bit 6 is the broadcast key and bit 7 compression: neither is offered here. No protection at all is no
        // protected APDU.
        if (protection == Protection.None || (control & 0xCF) != (int)Suite)
            return false;
        var body = protectedOctets[HeaderOctets..];
        Span<byte> nonce = stackalloc byte[12];
        Nonce(nonce, sender, counter);
        if (!protection.HasFlag(Protection.Authenticated))
        {
            plain = body.ToArray();
            Stream(nonce, plain);
            return true;
        }

        if (body.Length < TagOctets)
            return false;
        var tag = body[^TagOctets..];
        body = body[..^TagOctets];
        plain = new byte[body.Length];
        if (protection == Protection.Authenticated)
        {
            Span<byte> expected = stackalloc byte[TagOctets];
            Tag(nonce, control, header, body, expected);
            body.CopyTo(plain);
            return CryptographicOperations.FixedTimeEquals(expected, tag);
        }

        var associated = header.IsEmpty ? stackalloc byte[33] : new byte[33 + header.Length];
        try
        {
            _gcm.Decrypt(nonce, body, tag, plain, Associated(associated, control, header));
            return true;
        }
        catch (AuthenticationTagMismatchException)
        {
            return false;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(associated);
        }
    }

    /// <summary>
    /// The answer to a challenge: security control, invocation counter and the tag over the challenge, 17 octets.
    /// </summary>
    /// <remarks>IEC 62056-5-3, HLS mechanism 5.</remarks>
    public byte[] Answer(SystemTitle sender, uint counter, ReadOnlySpan<byte> challenge)
    {
        var answer = new byte[HeaderOctets + TagOctets];
        answer[0] = (byte)((int)Protection.Authenticated | (int)Suite);
        BinaryPrimitives.WriteUInt32BigEndian(answer.AsSpan(1), counter);
        Span<byte> nonce = stackalloc byte[12];
        Nonce(nonce, sender, counter);
        Tag(nonce, answer[0], default, challenge, answer.AsSpan(HeaderOctets));
        return answer;
    }

    /// <summary>True for the right answer of that sender to that challenge.</summary>
    public bool IsAnswer(SystemTitle sender, ReadOnlySpan<byte> challenge, ReadOnlySpan<byte> answer)
    {
        if (answer.Length != HeaderOctets + TagOctets)
            return false;
        var expected = Answer(sender, BinaryPrimitives.ReadUInt32BigEndian(answer[1..]), challenge);
        return CryptographicOperations.FixedTimeEquals(expected, answer);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _gcm.Dispose();
        _block?.Dispose();
    }

    private static void Nonce(Span<byte> nonce, SystemTitle sender, uint counter)
    {
        sender.CopyTo(nonce);
        BinaryPrimitives.WriteUInt32BigEndian(nonce[SystemTitle.Octets..], counter);
    }

    private Span<byte> Associated(Span<byte> room, byte control, ReadOnlySpan<byte> header)
    {
        room[0] = control;
        _authenticationKey.CopyTo(room[1..]);
        header.CopyTo(room[(1 + _authenticationKey.Length)..]);
        return room[..(1 + _authenticationKey.Length + header.Length)];
    }

    private void Tag(
        ReadOnlySpan<byte> nonce, byte control, ReadOnlySpan<byte> header, ReadOnlySpan<byte> octets, Span<byte> tag)
    {
        var associated = new byte[1 + _authenticationKey.Length + header.Length + octets.Length];
        Associated(associated, control, header);
        octets.CopyTo(associated.AsSpan(1 + _authenticationKey.Length + header.Length));
        _gcm.Encrypt(nonce, [], [], tag, associated);
        CryptographicOperations.ZeroMemory(associated);
    }

    // GCM without its tag is counter mode from the second block on. No association asks for it, so the cipher is made
    // when one does.
    private void Stream(ReadOnlySpan<byte> nonce, Span<byte> octets)
    {
        if (_block is null)
        {
            _block = Aes.Create();
            using var lease = _encryptionKey.Lease();
            _block.SetKey(lease.Span);
        }

        Span<byte> block = stackalloc byte[16];
        Span<byte> stream = stackalloc byte[16];
        nonce.CopyTo(block);
        for (var (at, number) = (0, 2u); at < octets.Length; at += 16, number++)
        {
            BinaryPrimitives.WriteUInt32BigEndian(block[12..], number);
            _ = _block.EncryptEcb(block, stream, PaddingMode.None);
            var part = octets.Slice(at, Math.Min(16, octets.Length - at));
            for (var i = 0; i < part.Length; i++)
                part[i] ^= stream[i];
        }
    }
}
