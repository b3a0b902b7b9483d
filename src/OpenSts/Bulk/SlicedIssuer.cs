using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using OpenSts.Cryptography;
using OpenSts.Keys;

namespace OpenSts.Bulk;

/// <summary>Issues as many tokens at once as the machine's vectors hold. What it works in is cleared on dispose.</summary>
internal abstract class SlicedIssuer : IDisposable
{
    /// <summary>Tokens at once.</summary>
    public abstract int Blocks { get; }

    /// <summary>The widest form this machine is good at.</summary>
    public static SlicedIssuer Create(in VendingKey.VendingKeyLease vendingKey, BulkMeters meters)
    {
        if (System.Runtime.Intrinsics.X86.Avx512F.IsSupported)
            return new SlicedIssuer<Lanes512, Words512>(vendingKey, meters);
        if (System.Runtime.Intrinsics.Vector256.IsHardwareAccelerated)
            return new SlicedIssuer<Lanes256, Words256>(vendingKey, meters);
        return System.Runtime.Intrinsics.Vector128.IsHardwareAccelerated
            ? new SlicedIssuer<Lanes128, Words128>(vendingKey, meters)
            : new SlicedIssuer<Lanes64, Words128>(vendingKey, meters);
    }

    /// <summary>Issues exactly <see cref="Blocks"/> tokens.</summary>
    public abstract void Issue(in VendingKey.VendingKeyLease vendingKey, ReadOnlySpan<BulkRequest> requests, Span<byte> digits);

    /// <inheritdoc/>
    public abstract void Dispose();
}

/// <summary>The whole way of a token in bit slices: key derivation, check, cipher; only the digits are written one by one.</summary>
internal sealed unsafe class SlicedIssuer<T, TWords> : SlicedIssuer
    where T : unmanaged, ILanes<T>
    where TWords : unmanaged, IWords<TWords>
{
    private const int Alignment = 64;

    private readonly BulkMeters _meters;
    private readonly nuint _length;
    private readonly T* _data;
    private readonly T* _keyHigh;
    private readonly T* _keyLow;
    private readonly T* _classes;
    private readonly T* _scratch;
    private readonly ulong* _masks;
    private readonly TWords* _words;
    private readonly TWords* _mac;
    private byte* _memory;

    public SlicedIssuer(in VendingKey.VendingKeyLease vendingKey, BulkMeters meters)
    {
        _meters = meters;
        var slices = 64 + 64 + 64 + 2 + SlicedMisty1<T>.ScratchLength;
        _length = (nuint)((slices * sizeof(T)) + (SlicedDes<T>.MaskLength * sizeof(ulong)) + (24 * sizeof(TWords)));
        _memory = (byte*)NativeMemory.AlignedAlloc(_length, Alignment);
        _data = (T*)_memory;
        _keyHigh = _data + 64;
        _keyLow = _keyHigh + 64;
        _classes = _keyLow + 64;
        _scratch = _classes + 2;
        _masks = (ulong*)(_scratch + SlicedMisty1<T>.ScratchLength);
        _words = (TWords*)(_masks + SlicedDes<T>.MaskLength);
        _mac = _words + 16;
        if (meters.IsDkga02)
            SlicedDes<T>.ExpandKey(vendingKey.Expanded, _masks);
    }

    public override int Blocks => BitSlices<T>.Blocks;

    public override void Issue(in VendingKey.VendingKeyLease vendingKey, ReadOnlySpan<BulkRequest> requests, Span<byte> digits)
    {
        ObjectDisposedException.ThrowIf(_memory == null, this);
        LoadData(requests);
        if (_meters.IsDkga02)
            DeriveDkga02(vendingKey, requests);
        else
            DeriveDkga04(vendingKey, requests);
        SlicedCrc<T>.Put(_data, _classes[0], _classes[1]);
        if (_meters.Algorithm == EncryptionAlgorithm.Ea07)
        {
            SelfTests.RequireEa07();
            SlicedEa07<T>.Encrypt(_data, _keyHigh, _scratch);
        }
        else
        {
            SelfTests.RequireMisty1();
            SlicedMisty1<T>.Encrypt(_data, _keyHigh, _keyLow, _scratch);
        }

        BitSlices<T>.Transpose(_data);
        WriteDigits(requests, digits);
    }

    public override void Dispose()
    {
        var memory = _memory;
        _memory = null;
        if (memory == null)
            return;
        CryptographicOperations.ZeroMemory(new Span<byte>(memory, (int)_length));
        NativeMemory.AlignedFree(memory);
    }

    private void LoadData(ReadOnlySpan<BulkRequest> requests)
    {
        var blocks = (ulong*)_data;
        // Where the check will stand, the class travels through the transposition: the check needs its two slices.
        for (var i = 0; i < requests.Length; i++)
            blocks[i] = (requests[i].Content.Data << 16) | (ulong)requests[i].Content.Class;
        BitSlices<T>.Transpose(_data);
        _classes[0] = _data[0];
        _classes[1] = _data[1];
    }

    private void DeriveDkga02(in VendingKey.VendingKeyLease vendingKey, ReadOnlySpan<BulkRequest> requests)
    {
        SelfTests.RequireDes();
        var inputs = (ulong*)_keyLow;
        for (var i = 0; i < requests.Length; i++)
            inputs[i] = _meters.BlockInput(requests[i]);
        BitSlices<T>.Transpose(_keyLow);
        SlicedDes<T>.Encrypt(_keyLow, _masks, _keyHigh, _scratch);
        var vk = BinaryPrimitives.ReadUInt64BigEndian(vendingKey.Bytes);
        for (var i = 0; i < 64; i++)
            _keyHigh[i] = T.Xor(T.Xor(_keyHigh[i], _keyLow[i]), (vk >> i & 1) != 0 ? T.Ones : T.Zero);
    }

    private void DeriveDkga04(in VendingKey.VendingKeyLease vendingKey, ReadOnlySpan<BulkRequest> requests)
    {
        SelfTests.RequireHmac();
        var lanes = LaneHmac<TWords>.Lanes;
        var words = (uint*)_words;
        var mac = (uint*)_mac;
        var high = (ulong*)_keyHigh;
        var low = (ulong*)_keyLow;
        for (var start = 0; start < requests.Length; start += lanes)
        {
            for (var lane = 0; lane < lanes; lane++)
                _meters.PutWords(requests[start + lane], words + lane, lanes);
            LaneHmac<TWords>.Compute(vendingKey.Expanded, _words, _mac);
            for (var lane = 0; lane < lanes; lane++)
            {
                high[start + lane] = ((ulong)mac[lane] << 32) | mac[lanes + lane];
                low[start + lane] = ((ulong)mac[(2 * lanes) + lane] << 32) | mac[(3 * lanes) + lane];
            }
        }

        BitSlices<T>.Transpose(_keyHigh);
        if (_meters.Algorithm == EncryptionAlgorithm.Ea11)
            BitSlices<T>.Transpose(_keyLow);
    }

    private void WriteDigits(ReadOnlySpan<BulkRequest> requests, Span<byte> digits)
    {
        // The keys are used up: their place takes the two halves of every number.
        var blocks = (ulong*)_data;
        var upper = (ulong*)_keyHigh;
        var lower = (ulong*)_keyLow;
        for (var i = 0; i < requests.Length; i++)
        {
            var token = new Token66(new CipherBlock(requests[i].Content.Class, blocks[i]));
            DecimalDigits.Halve(token.High, token.Low, out upper[i], out lower[i]);
        }

        DecimalDigits.Write20(new ReadOnlySpan<ulong>(upper, requests.Length), new ReadOnlySpan<ulong>(lower, requests.Length), digits);
    }
}
