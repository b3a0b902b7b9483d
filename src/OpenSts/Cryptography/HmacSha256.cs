using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace OpenSts.Cryptography;

/// <summary>HMAC-SHA-256, the function under DKGA04.</summary>
/// <remarks>
/// FIPS 198-1. Whatever is not key derivation uses the base library. Key derivation authenticates one short message
/// under a key that stays the same for a whole supply group, so the two blocks that hold the key are hashed once for
/// all.
/// </remarks>
internal static class HmacSha256
{
    /// <summary>Words of the state that has taken the key: eight for the inner hash, eight for the outer.</summary>
    public const int KeyedStateLength = 16;

    /// <summary>The longest message of <see cref="ComputeShort"/>: one block less padding.</summary>
    public const int LongestShortMessage = 55;

    private const int BlockLength = 64;

    public static void Compute(ReadOnlySpan<byte> key, ReadOnlySpan<byte> message, Span<byte> mac) =>
        HMACSHA256.HashData(key, message, mac);

    /// <summary>Hashes a key of at most 64 octets into the two states every message starts from.</summary>
    public static void ExpandKey(ReadOnlySpan<byte> key, Span<uint> keyedState)
    {
        Span<byte> block = stackalloc byte[BlockLength];
        Span<uint> words = stackalloc uint[16];
        for (var half = 0; half < 2; half++)
        {
            block.Fill(half == 0 ? (byte)0x36 : (byte)0x5C);
            for (var i = 0; i < key.Length; i++)
                block[i] ^= key[i];
            var state = keyedState.Slice(8 * half, 8);
            Sha256Block.Initial.CopyTo(state);
            Sha256Block.ReadWords(block, words);
            Sha256Block.Compress(state, words);
        }

        CryptographicOperations.ZeroMemory(block);
        words.Clear();
    }

    /// <summary>Authenticates a message of at most 55 octets: two blocks in all.</summary>
    public static void ComputeShort(ReadOnlySpan<uint> keyedState, ReadOnlySpan<byte> message, Span<byte> mac)
    {
        Span<byte> block = stackalloc byte[BlockLength];
        block.Clear();
        message.CopyTo(block);
        block[message.Length] = 0x80;
        BinaryPrimitives.WriteUInt32BigEndian(block[60..], (uint)(BlockLength + message.Length) * 8);
        Span<uint> words = stackalloc uint[16];
        Sha256Block.ReadWords(block, words);
        ComputeBlock(keyedState, words, mac);
    }

    /// <summary>Authenticates a message that is already padded to one block.</summary>
    /// <param name="keyedState">The states that have taken the key.</param>
    /// <param name="words">The 16 words of the block; used up.</param>
    /// <param name="mac">Receives 32 bytes.</param>
    public static void ComputeBlock(ReadOnlySpan<uint> keyedState, Span<uint> words, Span<byte> mac)
    {
        Span<uint> state = stackalloc uint[8];
        keyedState[..8].CopyTo(state);
        Sha256Block.Compress(state, words);

        state.CopyTo(words);
        words[8..].Clear();
        words[8] = 0x80000000;
        words[15] = (BlockLength + 32) * 8;
        keyedState[8..16].CopyTo(state);
        Sha256Block.Compress(state, words);
        if (BitConverter.IsLittleEndian)
            BinaryPrimitives.ReverseEndianness(state, state);
        MemoryMarshal.AsBytes(state).CopyTo(mac);
        state.Clear();
        words.Clear();
    }
}
