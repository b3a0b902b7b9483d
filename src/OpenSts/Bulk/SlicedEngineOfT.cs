using System.Buffers.Binary;
using OpenSts.Cryptography;
using OpenSts.Keys;

namespace OpenSts.Bulk;

/// <summary>The engine for one width of vectors.</summary>
internal sealed unsafe class SlicedEngine<T, TWords> : SlicedEngine
    where T : unmanaged, ILanes<T>
    where TWords : unmanaged, IWords<TWords>
{
    private readonly T* _data;
    private readonly T* _keyHigh;
    private readonly T* _keyLow;
    private readonly T* _crc;
    private readonly T* _scratch;
    private readonly ulong* _masks;
    private readonly TWords* _words;
    private readonly TWords* _mac;

    public SlicedEngine(byte* memory)
    {
        _data = (T*)memory;
        _keyHigh = _data + 64;
        _keyLow = _keyHigh + 64;
        _crc = _keyLow + 64;
        _scratch = _crc + 16;
        Pans = (ulong*)(_scratch + SlicedMisty1<T>.ScratchLength);
        TariffIndexes = Pans + BitSlices<T>.Blocks;
        _masks = TariffIndexes + BitSlices<T>.Blocks;
        _words = (TWords*)(_masks + SlicedDes<T>.MaskLength);
        _mac = _words + 16;
        Data = (ulong*)_data;
        KeyHigh = (ulong*)_keyHigh;
        KeyLow = (ulong*)_keyLow;
    }

    public static int Length
    {
        get
        {
            const int fixedSlices = 64 + 64 + 64 + 16;
            var slices = (fixedSlices + SlicedMisty1<T>.ScratchLength) * sizeof(T);
            var rows = ((2 * BitSlices<T>.Blocks) + SlicedDes<T>.MaskLength) * sizeof(ulong);
            return slices + rows + (24 * sizeof(TWords));
        }
    }

    public override int Blocks => BitSlices<T>.Blocks;

    public override void DeriveDkga02(in VendingKey.VendingKeyLease vendingKey, ulong controlBlock)
    {
        SelfTests.RequireDes();
        SlicedDes<T>.ExpandKey(vendingKey.Expanded, _masks);
        DecimalBlocks.WriteDkga02Inputs(Pans, TariffIndexes, controlBlock, KeyLow, Blocks);
        BitSlices<T>.Transpose(_keyLow);
        SlicedDes<T>.Encrypt(_keyLow, _masks, _keyHigh, _scratch);
        var vk = BinaryPrimitives.ReadUInt64BigEndian(vendingKey.Bytes);
        for (var i = 0; i < 64; i++)
            _keyHigh[i] = T.Xor(T.Xor(_keyHigh[i], _keyLow[i]), (vk >> i & 1) != 0 ? T.Ones : T.Zero);
    }

    public override void DeriveDkga04(
        in VendingKey.VendingKeyLease vendingKey, DerivationMessage message, int count, bool isEa11)
    {
        SelfTests.RequireHmac();
        var lanes = LaneHmac<TWords>.Lanes;
        var words = (uint*)_words;
        var mac = (uint*)_mac;
        for (var start = 0; start < count; start += lanes)
        {
            // Lanes without a token repeat the last one.
            for (var lane = 0; lane < lanes; lane++)
            {
                var token = Math.Min(start + lane, count - 1);
                message.WriteWords(Pans[token], TariffIndexes[token], words + lane, lanes);
            }

            LaneHmac<TWords>.Compute(vendingKey.Expanded, _words, _mac);
            for (var lane = 0; lane < lanes; lane++)
            {
                KeyHigh[start + lane] = ((ulong)mac[lane] << 32) | mac[lanes + lane];
                KeyLow[start + lane] = ((ulong)mac[(2 * lanes) + lane] << 32) | mac[(3 * lanes) + lane];
            }
        }

        LoadKeys(isEa11);
    }

    public override void LoadKeys(bool isEa11)
    {
        BitSlices<T>.Transpose(_keyHigh);
        if (isEa11)
            BitSlices<T>.Transpose(_keyLow);
    }

    public override void Encrypt(bool isEa11)
    {
        BitSlices<T>.Transpose(_data);
        // The CRC needs the class, which is in the position of the CRC until then.
        var (classLow, classHigh) = (_data[0], _data[1]);
        SlicedCrc<T>.Compute(_data, classLow, classHigh, _data);
        if (isEa11)
        {
            SelfTests.RequireMisty1();
            SlicedMisty1<T>.Encrypt(_data, _keyHigh, _keyLow, _scratch);
        }
        else
        {
            SelfTests.RequireEa07();
            SlicedEa07<T>.Encrypt(_data, _keyHigh, _scratch);
        }

        BitSlices<T>.Transpose(_data);
    }

    public override void Decrypt(bool isEa11, ulong* managementTokens, ulong* wrong)
    {
        BitSlices<T>.Transpose(_data);
        if (isEa11)
        {
            SelfTests.RequireMisty1();
            SlicedMisty1<T>.Decrypt(_data, _keyHigh, _keyLow, _scratch);
        }
        else
        {
            SelfTests.RequireEa07();
            SlicedEa07<T>.Decrypt(_data, _keyHigh, _scratch);
        }

        SlicedCrc<T>.Compute(_data, T.Zero, *(T*)managementTokens, _crc);
        var differences = T.Zero;
        for (var bit = 0; bit < 16; bit++)
            differences = T.Or(differences, T.Xor(_crc[bit], _data[bit]));
        *(T*)wrong = differences;
        BitSlices<T>.Transpose(_data);
    }
}
