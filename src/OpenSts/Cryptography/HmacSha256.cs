using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace OpenSts.Cryptography;

/// <summary>HMAC-SHA-256, for DKGA04.</summary>
/// <remarks>
/// FIPS 198-1. Key derivation authenticates short messages under the key of a supply group, so the two blocks that
/// contain the key are hashed once for the group. Everything else uses the base library.
/// </remarks>
internal static class HmacSha256
{
    /// <summary>The length of a keyed state in words: eight for the inner hash, eight for the outer hash.</summary>
    public const int KeyedStateLength = 16;

    /// <summary>The longest message of <see cref="ComputeShort"/> in bytes: one block less the padding.</summary>
    public const int LongestShortMessage = 55;

    private const int BlockLength = 64;

    public static void Compute(ReadOnlySpan<byte> key, ReadOnlySpan<byte> message, Span<byte> mac) =>
        HMACSHA256.HashData(key, message, mac);

    /// <summary>Hashes a key of at most 64 bytes into the keyed state, from which every message starts.</summary>
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

    /// <summary>Authenticates a message of at most 55 bytes: two compressions.</summary>
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
    /// <param name="keyedState">The keyed state.</param>
    /// <param name="words">The 16 words of the block; overwritten.</param>
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
