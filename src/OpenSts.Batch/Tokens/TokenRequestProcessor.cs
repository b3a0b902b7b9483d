using System.Buffers.Binary;
using System.Security.Cryptography;
using OpenSts.Batch.Lines;
using OpenSts.Keys;

namespace OpenSts.Batch.Tokens;

/// <summary>
/// Answers the requests of <c>sts batch</c>: issue, keyChange, decode, encrypt, decrypt, decoderKey.
/// </summary>
/// <remarks>The contract is docs/reference/batch.md. No answer depends on the time at which it is given.</remarks>
public sealed class TokenRequestProcessor : LineProcessor
{
    private readonly TokenRequestLine _line;
    private readonly MeterFields _meter;
    private readonly MeterFields _toMeter;
    private readonly TokenFields _token;
    private readonly RegisterRequests _registers;
    private readonly TokenRequestOptions _options;

    /// <summary>A processor for one worker.</summary>
    /// <param name="options">Null for the defaults.</param>
    public TokenRequestProcessor(TokenRequestOptions? options = null)
        : this(new TokenRequestLine(), options ?? new TokenRequestOptions())
    {
    }

    private TokenRequestProcessor(TokenRequestLine line, TokenRequestOptions options)
        : base(line)
    {
        _line = line;
        _options = options;
        _meter = new MeterFields(Fields);
        _toMeter = new MeterFields(Fields);
        _token = new TokenFields(_line, Fields);
        _registers = new RegisterRequests(Fields, Json, options);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        _meter.Dispose();
        _toMeter.Dispose();
    }

    private protected override ValueTask OperateAsync(CancellationToken cancellation)
    {
        const string Operations = "issue, keyChange, decode, encrypt, decrypt or decoderKey";
        var operation = Fields.Text(_line.Top, "op", Operations);
        if (Fields.Error is not null)
            return ValueTask.CompletedTask;
        switch (operation)
        {
            case "issue":
                Permit("id", "op", "meter", "vendingKey", "decoderKey", "register", "token");
                return Issue(cancellation);
            case "keyChange":
                Permit("id", "op", "from", "to", "tokens", "issuedAt");
                return ChangeKey(cancellation);
            case "decode":
                Permit("id", "op", "meter", "vendingKey", "decoderKey", "register", "token");
                return Decode(cancellation);
            case "encrypt":
                Permit("id", "op", "encryptionAlgorithm", "key", "block");
                Cipher(encrypt: true);
                break;
            case "decrypt":
                Permit("id", "op", "encryptionAlgorithm", "key", "block");
                Cipher(encrypt: false);
                break;
            case "decoderKey":
                Permit("id", "op", "meter", "vendingKey");
                Derive();
                break;
            default:
                Fields.FailValue(BatchError.Format, "op", operation, Operations);
                break;
        }

        return ValueTask.CompletedTask;
    }

    private ValueTask Issue(CancellationToken cancellation)
    {
        if (_token.ReadKind() is not var (tokenClass, subclass))
            return ValueTask.CompletedTask;
        var isEncrypted = tokenClass != TokenClass.NonMeterSpecificManagement;
        if (isEncrypted && _line.Top["register"].IsGiven)
            return _registers.IssueAsync(_line, _meter, _token, tokenClass, subclass, cancellation);
        if (isEncrypted)
            IssueUnderKey(tokenClass, subclass);
        else
            IssueInClear(subclass);
        return ValueTask.CompletedTask;
    }

    private void IssueInClear(int subclass)
    {
        CheckUnusedKey();
        if (_token.ReadTest(subclass) is { } test && Fields.Error is null)
            Json.WriteString("token", TokenIssuer.IssueInClear(test).ToString());
    }

    private void IssueUnderKey(TokenClass tokenClass, int subclass)
    {
        using var key = _meter.ReadKey(_line.Top, _line.Meter);
        if (key is null || _token.ReadTimed(tokenClass, subclass, _meter.BaseDate) is not { } token)
            return;
        switch (TokenIssuer.TryIssue(token, key, _meter.KeyType, _meter.KeyExpiryNumber, out var issued))
        {
            case IssueFault.KeyExpired:
                var (last, at) = (_meter.KeyExpiryNumber.LastMinute(_meter.BaseDate)!.Value,
                    token.Identifier!.Value.ToTime(_meter.BaseDate));
                Fields.Fail(new BatchError(
                    BatchError.KeyExpired,
                    $"token.issuedAt: {Rfc3339.Format(at)} is after {Rfc3339.Format(last)}, the end of the key with "
                        + $"meter.keyExpiryNumber {_meter.KeyExpiryNumber}"));
                break;
            case IssueFault.DefaultKeyCredit:
                Fields.Fail(BatchError.Value(BatchError.DdtkError, "meter.keyType", "DDTK",
                    "DITK, DUTK or DCTK, which a token of class 0 needs"));
                break;
            case IssueFault.Function:
                Fields.Fail(new BatchError(BatchError.FunctionError, "token.class and token.subclass are reserved"));
                break;
            default:
                Span<char> digits = stackalloc char[Token66.Digits];
                _ = issued.TryFormat(digits, out _);
                Json.WriteString("token", digits);
                break;
        }
    }

    private ValueTask ChangeKey(CancellationToken cancellation)
    {
        RequireParty("from", _line.From);
        RequireParty("to", _line.To);
        if (_line.From.Object["register"].IsGiven || _line.To.Object["register"].IsGiven)
            return _registers.ChangeKeyAsync(_line, _meter, _toMeter, cancellation);
        using var from = _meter.ReadKey(_line.From.Object, _line.From.Meter);
        using var to = _toMeter.ReadKey(_line.To.Object, _line.To.Meter);
        if (from is null || to is null)
            return ValueTask.CompletedTask;
        if (_toMeter.Attributes is { } newAttributes)
            ChangeKey(from, to, newAttributes);
        else
            Fields.Fail(new BatchError(BatchError.Format, "to.meter must have every field: the tokens carry them"));
        return ValueTask.CompletedTask;
    }

    private void ChangeKey(DecoderKey from, DecoderKey to, DecoderKeyAttributes newAttributes)
    {
        // Of the old key only the type and the base date matter beside the key itself.
        var oldAttributes = _meter.Attributes ?? newAttributes with
        {
            KeyType = _line.From.Meter["keyType"].IsGiven ? _meter.KeyType : newAttributes.KeyType,
            BaseDate = _meter.BaseDate,
            EncryptionAlgorithm = _meter.EncryptionAlgorithm,
        };
        var count = _line.Top["tokens"].IsGiven
            ? (int)Fields.Number(_line.Top, "tokens", 2, 4)
            : KeyChangeSet.DefaultCount(newAttributes.EncryptionAlgorithm);
        DateTimeOffset? issuedAt = _line.Top["issuedAt"].IsGiven ? Fields.Instant(_line.Top, "issuedAt") : null;
        if (Fields.Error is not null)
            return;
        var change = new KeyChange
        {
            From = oldAttributes,
            FromKey = from,
            To = newAttributes,
            ToKey = to,
            Count = count,
            IssuedAt = issuedAt,
        };
        var fault = KeyChangeSet.TryIssue(change, out var tokens);
        if (KeyChangeErrors.Describe(fault, oldAttributes, newAttributes, count) is { } error)
        {
            Fields.Fail(error);
            return;
        }

        Json.WriteStartArray("tokens");
        foreach (var token in tokens)
            Json.WriteStringValue(token.ToString());
        Json.WriteEndArray();
    }

    private ValueTask Decode(CancellationToken cancellation)
    {
        var text = Fields.Text(_line.Top, "token", "20 digits");
        if (Fields.Error is not null)
            return ValueTask.CompletedTask;
        if (!Token66.TryParse(text, out var token, out var digitsFault))
            Fields.Fail(new BatchError(BatchError.Format, $"token: '{Excerpt.Of(text)}': {digitsFault.Describe()}"));
        else if (token.Class is TokenClass.Credit or TokenClass.MeterSpecificManagement
            && _line.Top["register"].IsGiven)
            return _registers.DecodeAsync(_line, _meter, token, cancellation);
        else
            Decode(token);
        return ValueTask.CompletedTask;
    }

    private void Decode(Token66 token)
    {
        var needsKey = token.Class is TokenClass.Credit or TokenClass.MeterSpecificManagement;
        using var key = needsKey ? _meter.ReadKey(_line.Top, _line.Meter) : null;
        if (!needsKey)
            CheckUnusedKey();
        if (Fields.Error is not null)
            return;
        if (token.Class == TokenClass.Reserved)
        {
            Fields.Fail(new BatchError(BatchError.FunctionError, "token is of class 3, which is reserved"));
            return;
        }

        if (!TokenIssuer.TryOpen(token, key, out var content))
        {
            Fields.Fail(new BatchError(BatchError.CrcError, needsKey
                ? "token: the check does not hold under this key; the digits are wrong or the key is another one"
                : "token: the check does not hold; the digits are wrong"));
            return;
        }

        if (!TokenLayout.TryRead(content, needsKey ? _meter.EncryptionAlgorithm
            : EncryptionAlgorithm.Ea07, out var meaning, out var layoutFault))
        {
            Fields.Fail(layoutFault == TokenLayoutFault.OutOfRange
                ? new BatchError(BatchError.Range,
                    "token: a key revision number, tariff index or supply group code in it is out of range")
                : new BatchError(BatchError.Format, "token: bits that must be zero are not"));
            return;
        }

        if (meaning is ReservedToken)
        {
            Fields.Fail(new BatchError(BatchError.FunctionError,
                $"token is of class {(int)content.Class} subclass {content.Subclass}, which is reserved"));
            return;
        }

        TokenAnswer.Write(Json, meaning, needsKey ? _meter.BaseDate : default, _options.ShowKeyBits);
    }

    // A token of class 1 or 3 needs no key; one that is given is checked all the same.
    private void CheckUnusedKey()
    {
        if (_line.Top["register"].IsGiven)
            _ = _registers.ReadNumber(_line.Top);
        else if (_line.Top["meter"].IsGiven || _line.Top["vendingKey"].IsGiven || _line.Top["decoderKey"].IsGiven)
            _meter.ReadKey(_line.Top, _line.Meter)?.Dispose();
    }

    private void Cipher(bool encrypt)
    {
        var ea = MeterFields.ReadEncryptionAlgorithm(Fields, _line.Top);
        Span<byte> key = stackalloc byte[16];
        var keyLength = Fields.SecretHex(_line.Top, "key", key);
        Span<byte> block = stackalloc byte[8];
        var blockLength = Fields.SecretHex(_line.Top, "block", block);
        if (Fields.Error is null && keyLength * 8 != ea.DecoderKeyBits())
        {
            Fields.Fail(new BatchError(
                BatchError.Format,
                    $"key: a key of {keyLength * 2} hexadecimal digits; {ea.Name()} takes one of "
                        + $"{ea.DecoderKeyBits() / 4}"));
        }

        if (Fields.Error is null && blockLength != 8)
            Fields.Fail(
                new BatchError(BatchError.Format, $"block: {blockLength * 2} hexadecimal digits; a block has 16"));
        if (Fields.Error is null)
        {
            var result = Hazmat.Cipher(ea, key[..keyLength], BinaryPrimitives.ReadUInt64BigEndian(block), encrypt);
            Json.WriteString("block", result.ToString("x16"));
        }

        CryptographicOperations.ZeroMemory(key);
    }

    private void Derive()
    {
        using var key = _meter.ReadKey(_line.Top, _line.Meter);
        if (key is null)
            return;
        Span<byte> bytes = stackalloc byte[16];
        var length = Hazmat.Export(key, bytes);
        Json.WriteString("decoderKey", Convert.ToHexStringLower(bytes[..length]));
        CryptographicOperations.ZeroMemory(bytes);
    }

    private void RequireParty(string name, RequestParty party)
    {
        if (!_line.Top[name].IsGiven)
            Fields.Fail(BatchError.Missing(name));
        else if (!party.Object.IsGiven)
            Fields.Fail(BatchError.Value(BatchError.Format, name, Fields.Describe(_line.Top[name]),
                "an object with meter and vendingKey"));
    }
}
