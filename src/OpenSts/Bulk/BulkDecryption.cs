namespace OpenSts.Bulk;

/// <summary>The rows of tokens to decrypt, with one bit each for class and CRC.</summary>
internal unsafe ref struct BulkDecryption(SlicedEngine engine)
{
    private const int MostWords = 8;
    private readonly SlicedEngine _engine = engine;
    private fixed ulong _management[MostWords];
    private fixed ulong _wrong[MostWords];

    public void Put(int token, Token66 value)
    {
        var block = value.ToCipherBlock();
        _engine.Data[token] = block.Value;
        if (block.Class != TokenClass.MeterSpecificManagement)
            return;
        var (word, bit) = _engine.BitOf(token);
        _management[word] |= 1ul << bit;
    }

    public void Decrypt(bool isEa11)
    {
        fixed (ulong* management = _management)
        fixed (ulong* wrong = _wrong)
            _engine.Decrypt(isEa11, management, wrong);
    }

    public BulkResult Result(int token, TokenClass tokenClass)
    {
        var (word, bit) = _engine.BitOf(token);
        return (_wrong[word] >> bit & 1) != 0
            ? default
            : new BulkResult(true, new TokenContent(tokenClass, _engine.Data[token] >> 16));
    }
}
