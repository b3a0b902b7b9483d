using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using OpenSts.Keys;

namespace OpenSts.Bulk;

/// <summary>
/// Key derivation, CRC and cipher of up to <see cref="Blocks"/> tokens at once, in memory that the caller owns.
/// </summary>
/// <remarks>
/// The caller writes rows (one number for each token), calls the steps, and reads rows. Rows that it does not write
/// are computed too and mean nothing.
/// </remarks>
internal abstract unsafe class SlicedEngine
{
    /// <summary>How many tokens at once.</summary>
    public abstract int Blocks { get; }

    /// <summary>True once the first tokens have been compared with those of the tested one-by-one ciphers.</summary>
    public bool IsEncryptionTested { get; set; }

    /// <summary>
    /// True once the first decrypted tokens have been compared with those of the tested one-by-one ciphers.
    /// </summary>
    public bool IsDecryptionTested { get; set; }

    /// <summary>The 64-bit block of each token.</summary>
    public ulong* Data { get; protected init; }

    /// <summary>The upper half of a 128-bit decoder key, or a 64-bit one.</summary>
    public ulong* KeyHigh { get; protected init; }

    /// <summary>The lower half of a 128-bit decoder key.</summary>
    public ulong* KeyLow { get; protected init; }

    /// <summary>The MeterPAN of each token, as it enters the derivation.</summary>
    public ulong* Pans { get; protected init; }

    /// <summary>The tariff index of each token, 0 to 99.</summary>
    public ulong* TariffIndexes { get; protected init; }

    /// <summary>Bytes of memory that the widest engine needs.</summary>
    public static int MemoryLength => SlicedEngine<Lanes512, Words512>.Length;

    /// <summary>The engines of this machine, the narrowest first.</summary>
    /// <param name="memory">At least <see cref="MemoryLength"/> bytes at a multiple of 64, shared by the
    /// engines.</param>
    public static SlicedEngine[] CreateAll(byte* memory)
    {
        if (!Vector128.IsHardwareAccelerated)
            return [new SlicedEngine<Lanes64, Words128>(memory)];
        var narrow = new SlicedEngine<Lanes128, Words128>(memory);
        if (!Vector256.IsHardwareAccelerated)
            return [narrow];
        var wide = new SlicedEngine<Lanes256, Words256>(memory);
        return Avx512F.IsSupported ? [narrow, wide, new SlicedEngine<Lanes512, Words512>(memory)] : [narrow, wide];
    }

    /// <summary>
    /// Derives keys by DKGA02 from <see cref="Pans"/> and <see cref="TariffIndexes"/>; leaves them in slices.
    /// </summary>
    public abstract void DeriveDkga02(in VendingKey.VendingKeyLease vendingKey, ulong controlBlock);

    /// <summary>
    /// Derives keys by DKGA04 from <see cref="Pans"/> and <see cref="TariffIndexes"/>; leaves them in slices.
    /// </summary>
    /// <param name="vendingKey">The vending key.</param>
    /// <param name="message">The message that all meters have in common.</param>
    /// <param name="count">How many tokens there are.</param>
    /// <param name="isEa11">Whether the keys have 128 bits.</param>
    public abstract void DeriveDkga04(in VendingKey.VendingKeyLease vendingKey, DerivationMessage message, int count,
        bool isEa11);

    /// <summary>Turns keys that the caller wrote as rows into slices.</summary>
    public abstract void LoadKeys(bool isEa11);

    /// <summary>
    /// Adds the CRC and encrypts. Rows in: data bits shifted left by 16, class in the lowest two bits. Rows out:
    /// cipher blocks.
    /// </summary>
    public abstract void Encrypt(bool isEa11);

    /// <summary>Decrypts and checks the CRC. Rows in: cipher blocks. Rows out: plain blocks.</summary>
    /// <param name="isEa11">Whether the cipher is EA11.</param>
    /// <param name="managementTokens">One bit for each token, set for class 2; laid out as <see cref="BitOf"/>
    /// says.</param>
    /// <param name="wrong">Receives one bit for each token, set where the CRC does not hold.</param>
    public abstract void Decrypt(bool isEa11, ulong* managementTokens, ulong* wrong);

    /// <summary>The position of a token's bit in a slice: the word, and the bit in the word.</summary>
    public (int Word, int Bit) BitOf(int token) => (token % (Blocks / 64), token / (Blocks / 64));
}
