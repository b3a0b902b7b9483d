using System.Buffers.Binary;
using System.Runtime.InteropServices;
using OpenSts.Cryptography;
using OpenSts.Secrets;

namespace OpenSts.Keys;

/// <summary>The secret key of one meter: its tokens are encrypted and decrypted with it.</summary>
/// <remarks>
/// IEC 62055-41: 64 bits for EA07, 128 bits for EA11, most significant byte first. Made by
/// <see cref="DecoderKeyGeneration"/>, a key change set or <see cref="Hazmat"/>; cleared on dispose. Thread-safe.
/// </remarks>
public sealed class DecoderKey : IDisposable
{
    private const int Ea11KeyLength = 16;
    private const int Ea07KeyLength = 8;

    // The key, followed by its MISTY1 schedule for EA11.
    private readonly SecretBytes _secret;

    internal DecoderKey(EncryptionAlgorithm ea, ReadOnlySpan<byte> bytes)
    {
        if (ea.Refusal() is { } refusal)
            throw new ArgumentException(refusal, nameof(ea));
        ArgumentOutOfRangeException.ThrowIfNotEqual(bytes.Length * 8, ea.DecoderKeyBits(), nameof(bytes));
        Algorithm = ea;
        if (ea != EncryptionAlgorithm.Ea11)
        {
            _secret = new SecretBytes(bytes);
            return;
        }

        SelfTests.RequireMisty1();
        _secret = new SecretBytes(Ea11KeyLength + (Misty1.ScheduleLength * sizeof(ushort)));
        using var lease = _secret.LeaseForWriting();
        bytes.CopyTo(lease.Span);
        Misty1.ExpandKey(bytes, MemoryMarshal.Cast<byte, ushort>(lease.Span[Ea11KeyLength..]));
    }

    /// <summary>The cipher this key is for: EA07 or EA11.</summary>
    public EncryptionAlgorithm Algorithm { get; }

    internal int Length => Algorithm == EncryptionAlgorithm.Ea11 ? Ea11KeyLength : Ea07KeyLength;

    /// <summary>Encrypts a class 0 or class 2 block.</summary>
    /// <exception cref="InvalidOperationException">The block is of class 1, which is never encrypted, or of the
    /// reserved class 3.</exception>
    /// <exception cref="ObjectDisposedException">The key has been disposed.</exception>
    public CipherBlock Encrypt(PlainBlock block)
    {
        RequireEncryptedClass(block.Class);
        using var lease = Lease();
        return new CipherBlock(block.Class, lease.Encrypt(block.Value));
    }

    /// <summary>Decrypts a class 0 or class 2 block. If the CRC matches, it was encrypted with this key.</summary>
    /// <exception cref="InvalidOperationException">The block is of class 1, which is never encrypted, or of the
    /// reserved class 3.</exception>
    /// <exception cref="ObjectDisposedException">The key has been disposed.</exception>
    public PlainBlock Decrypt(CipherBlock block)
    {
        RequireEncryptedClass(block.Class);
        using var lease = Lease();
        return new PlainBlock(block.Class, lease.Decrypt(block.Value));
    }

    /// <summary>Clears the key; uses on other threads that have begun still complete.</summary>
    public void Dispose() => _secret.Dispose();

    /// <summary>Names the kind of key, never its value.</summary>
    public override string ToString() => $"(decoder key for {Algorithm.Name()})";

    /// <summary>Keeps the key from being released while it is used.</summary>
    internal DecoderKeyLease Lease() => new(_secret.Lease(), Algorithm);

    private static void RequireEncryptedClass(TokenClass tokenClass)
    {
        if (tokenClass is not (TokenClass.Credit or TokenClass.MeterSpecificManagement))
            throw new InvalidOperationException($"A token of class {(int)tokenClass} is not encrypted.");
    }

    /// <summary>A decoder key in use.</summary>
    internal readonly ref struct DecoderKeyLease(SecretLease secret, EncryptionAlgorithm algorithm) : IDisposable
    {
        private readonly SecretLease _secret = secret;
        private readonly bool _isEa11 = algorithm == EncryptionAlgorithm.Ea11;

        /// <summary>The key, 8 or 16 bytes.</summary>
        public ReadOnlySpan<byte> Bytes => _isEa11 ? _secret.Span[..Ea11KeyLength] : _secret.Span;

        private ReadOnlySpan<ushort> Schedule => MemoryMarshal.Cast<byte, ushort>(_secret.Span[Ea11KeyLength..]);

        public ulong Encrypt(ulong block) => _isEa11
            ? Misty1.Encrypt(Schedule, block)
            : Ea07.Encrypt(BinaryPrimitives.ReadUInt64BigEndian(_secret.Span), block);

        public ulong Decrypt(ulong block) => _isEa11
            ? Misty1.Decrypt(Schedule, block)
            : Ea07.Decrypt(BinaryPrimitives.ReadUInt64BigEndian(_secret.Span), block);

        public void Dispose() => _secret.Dispose();
    }
}
