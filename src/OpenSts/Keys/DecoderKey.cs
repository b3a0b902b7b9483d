using System.Buffers.Binary;
using System.Runtime.InteropServices;
using OpenSts.Cryptography;

namespace OpenSts.Keys;

/// <summary>The secret of one meter: its tokens are encrypted and decrypted with it.</summary>
/// <remarks>
/// IEC 62055-41: 64 bits for EA07, 128 bits for EA11, most significant octet first. Comes from
/// <see cref="DecoderKeyGeneration"/>, a key change set or <see cref="Hazmat"/>; cleared on dispose.
/// </remarks>
public sealed class DecoderKey : IDisposable
{
    private readonly SecretBytes _bytes;
    private readonly SecretBytes? _schedule;

    internal DecoderKey(EncryptionAlgorithm ea, ReadOnlySpan<byte> bytes)
    {
        if (ea.Refusal() is { } refusal)
            throw new ArgumentException(refusal, nameof(ea));
        ArgumentOutOfRangeException.ThrowIfNotEqual(bytes.Length * 8, ea.DecoderKeyBits(), nameof(bytes));
        Algorithm = ea;
        _bytes = new SecretBytes(bytes);
        if (ea != EncryptionAlgorithm.Ea11)
            return;
        SelfTests.RequireMisty1();
        Span<ushort> schedule = stackalloc ushort[Misty1.ScheduleLength];
        Misty1.ExpandKey(bytes, schedule);
        _schedule = new SecretBytes(MemoryMarshal.AsBytes(schedule));
        schedule.Clear();
    }

    /// <summary>The cipher this key is for: EA07 or EA11.</summary>
    public EncryptionAlgorithm Algorithm { get; }

    internal ReadOnlySpan<byte> Bytes => _bytes.Span;

    /// <summary>Encrypts a class 0 or class 2 block.</summary>
    /// <exception cref="InvalidOperationException">The block is of class 1, which travels in clear, or of the reserved class.</exception>
    public CipherBlock Encrypt(PlainBlock block)
    {
        RequireEncryptedClass(block.Class);
        return new CipherBlock(block.Class, Transform(block.Value, encrypt: true));
    }

    /// <summary>Decrypts a class 0 or class 2 block; whether it was meant for this key, its check tells.</summary>
    /// <exception cref="InvalidOperationException">The block is of class 1, which travels in clear, or of the reserved class.</exception>
    public PlainBlock Decrypt(CipherBlock block)
    {
        RequireEncryptedClass(block.Class);
        return new PlainBlock(block.Class, Transform(block.Value, encrypt: false));
    }

    /// <summary>Clears the key.</summary>
    public void Dispose()
    {
        _bytes.Dispose();
        _schedule?.Dispose();
    }

    /// <summary>Says what it is, never what it holds.</summary>
    public override string ToString() => $"(decoder key for {Algorithm.Name()})";

    private static void RequireEncryptedClass(TokenClass tokenClass)
    {
        if (tokenClass is not (TokenClass.Credit or TokenClass.MeterSpecificManagement))
            throw new InvalidOperationException($"A token of class {(int)tokenClass} is not encrypted.");
    }

    private ulong Transform(ulong block, bool encrypt)
    {
        if (_schedule is not null)
        {
            var schedule = MemoryMarshal.Cast<byte, ushort>(_schedule.Span);
            return encrypt ? Misty1.Encrypt(schedule, block) : Misty1.Decrypt(schedule, block);
        }

        var key = BinaryPrimitives.ReadUInt64BigEndian(_bytes.Span);
        return encrypt ? Ea07.Encrypt(key, block) : Ea07.Decrypt(key, block);
    }
}
