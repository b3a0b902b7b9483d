using OpenSts.Batch.Lines;
using OpenSts.Keys;

namespace OpenSts.Batch.Tokens;

/// <summary>Answers requests of the JSON Lines contract, one at a time. Each worker has its own.</summary>
/// <remarks>The contract is docs/reference/batch.md.</remarks>
public sealed class TokenRequestProcessor : LineProcessor
{
    private readonly TokenRequestLine _line;
    private readonly MeterFields _meter;
    private readonly MeterFields _toMeter;
    private readonly TokenFields _token;
    private readonly TimeProvider _clock;
    private readonly bool _showKeyBits;

    public TokenRequestProcessor(TimeProvider clock, bool showKeyBits = false)
        : this(new TokenRequestLine(), clock, showKeyBits)
    {
    }

    private TokenRequestProcessor(TokenRequestLine line, TimeProvider clock, bool showKeyBits)
        : base(line)
    {
        _line = line;
        _clock = clock;
        _showKeyBits = showKeyBits;
        _meter = new MeterFields(Fields);
        _toMeter = new MeterFields(Fields);
        _token = new TokenFields(_line, Fields);
    }

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        _meter.Dispose();
        _toMeter.Dispose();
    }

    private protected override void Operate()
    {
        const string Operations = "issue, keyChange, decode, encrypt, decrypt or decoderKey";
        var operation = Fields.Text(_line.Top, "op", Operations);
        if (Fields.Fault is not null)
            return;
        switch (operation)
        {
            case "issue":
                Permit("id", "op", "meter", "vendingKey", "decoderKey", "token");
                Issue();
                break;
            case "keyChange":
                Permit("id", "op", "from", "to", "tokens");
                ChangeKey();
                break;
            case "decode":
                Permit("id", "op", "meter", "vendingKey", "decoderKey", "token");
                Decode();
                break;
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
    }

    private void Issue()
    {
        if (_token.ReadKind() is not var (tokenClass, subclass))
            return;
        if (tokenClass == TokenClass.NonMeterSpecificManagement)
        {
            if (_line.Top["meter"].IsGiven || _line.Top["vendingKey"].IsGiven || _line.Top["decoderKey"].IsGiven)
                _meter.ReadKey(_line.Top, _line.Meter)?.Dispose();
            if (_token.ReadTest(subclass) is { } test && Fields.Fault is null)
                Json.WriteString("token", TokenIssuer.IssueInClear(test).ToString());
            return;
        }

        using var key = _meter.ReadKey(_line.Top, _line.Meter);
        if (key is null || _token.ReadTimed(tokenClass, subclass, _meter.BaseDate) is not { } token)
            return;
        switch (TokenIssuer.TryIssue(token, key, _meter.KeyType, _meter.KeyExpiryNumber, out var issued))
        {
            case IssueFault.KeyExpired:
                Fields.Fail(BatchError.Value(
                    BatchError.KeyExpired,
                    "token.issuedAt",
                    Rfc3339.Format(token.Identifier!.Value.ToTime(_meter.BaseDate)),
                    $"at most {Rfc3339.Format(_meter.KeyExpiryNumber.LastMinute(_meter.BaseDate)!.Value)} under meter.keyExpiryNumber {_meter.KeyExpiryNumber}"));
                break;
            case IssueFault.DefaultKeyCredit:
                Fields.Fail(BatchError.Value(BatchError.DdtkError, "meter.keyType", "DDTK", "DITK, DUTK or DCTK for a token of class 0"));
                break;
            case IssueFault.Function:
                Fields.Fail(new BatchError(BatchError.FunctionError, "token.class and token.subclass are reserved"));
                break;
            default:
                WriteToken("token", issued);
                break;
        }
    }

    private void ChangeKey()
    {
        RequireParty("from", _line.From);
        RequireParty("to", _line.To);
        using var from = _meter.ReadKey(_line.From.Object, _line.From.Meter);
        using var to = _toMeter.ReadKey(_line.To.Object, _line.To.Meter);
        if (from is null || to is null)
            return;
        if (_toMeter.Attributes is not { } newAttributes)
        {
            Fields.Fail(new BatchError(BatchError.Format, "to.meter must have every field: the tokens carry them"));
            return;
        }

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
        if (Fields.Fault is not null)
            return;
        var change = new KeyChange
        {
            From = oldAttributes,
            FromKey = from,
            To = newAttributes,
            ToKey = to,
            Count = count,
            IssuedAt = TimeOfIssue(oldAttributes),
        };
        switch (KeyChangeSet.TryIssue(change, out var tokens))
        {
            case KeyChangeFault.None:
                Json.WriteStartArray("tokens");
                foreach (var token in tokens)
                    Json.WriteStringValue(token.ToString());
                Json.WriteEndArray();
                break;
            case KeyChangeFault.DifferentMeter when oldAttributes.MeterPan != newAttributes.MeterPan:
                Fields.Fail(BatchError.Value(BatchError.Format, "to.meter.pan", $"'{newAttributes.MeterPan}'", $"the meter of from, '{oldAttributes.MeterPan}'"));
                break;
            case KeyChangeFault.DifferentMeter:
                Fields.Fail(BatchError.Value(
                    BatchError.Algorithm, "to.meter.encryptionAlgorithm", newAttributes.EncryptionAlgorithm.Name(), $"{oldAttributes.EncryptionAlgorithm.Name()}, which a key change cannot change"));
                break;
            case KeyChangeFault.KeyType:
                Fields.Fail(BatchError.Value(
                    BatchError.KeyTypeError, "to.meter.keyType", newAttributes.KeyType.Abbreviation(), $"a type that may follow {oldAttributes.KeyType.Abbreviation()}"));
                break;
            case KeyChangeFault.NewKeyExpired:
                Fields.Fail(BatchError.Value(
                    BatchError.KeyExpired,
                    "to.meter.keyExpiryNumber",
                    $"{newAttributes.KeyExpiryNumber}, which ended {Rfc3339.Format(newAttributes.KeyExpiryNumber.LastMinute(newAttributes.BaseDate)!.Value)}",
                    "a number that has not passed: the new key must not be expired"));
                break;
            case KeyChangeFault.TokenCount:
                Fields.Fail(BatchError.Value(BatchError.Range, "tokens", $"{count}", newAttributes.EncryptionAlgorithm == EncryptionAlgorithm.Ea11 ? "4 for EA11" : "2 or 3 for EA07"));
                break;
        }
    }

    // The contract gives a key change no time, so the clock judges whether the new key has expired. Where the old key has
    // expired too, the set belongs to an earlier time (a laboratory's), and published sets of that kind exist.
    private DateTimeOffset? TimeOfIssue(DecoderKeyAttributes old)
    {
        var now = _clock.GetUtcNow();
        return old.KeyExpiryNumber.HasExpired(old.BaseDate, now) ? null : now;
    }

    private void Decode()
    {
        var text = Fields.Text(_line.Top, "token", "20 digits");
        if (Fields.Fault is not null)
            return;
        if (!Token66.TryParse(text, out var token, out var digitsFault))
        {
            Fields.Fail(new BatchError(BatchError.Format, $"token held '{Excerpt.Of(text)}'; {digitsFault.Describe()}"));
            return;
        }

        var needsKey = token.Class is TokenClass.Credit or TokenClass.MeterSpecificManagement;
        var hasKey = _line.Top["meter"].IsGiven || _line.Top["vendingKey"].IsGiven || _line.Top["decoderKey"].IsGiven;
        using var key = needsKey || hasKey ? _meter.ReadKey(_line.Top, _line.Meter) : null;
        if (Fields.Fault is not null)
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

        if (!TokenLayout.TryRead(content, needsKey ? _meter.EncryptionAlgorithm : EncryptionAlgorithm.Ea07, out var meaning, out var layoutFault))
        {
            Fields.Fail(layoutFault == TokenLayoutFault.OutOfRange
                ? new BatchError(BatchError.Range, "token: a key revision number, tariff index or supply group code in it is out of range")
                : new BatchError(BatchError.Format, "token: bits that must be zero are not"));
            return;
        }

        if (meaning is ReservedToken)
        {
            Fields.Fail(new BatchError(BatchError.FunctionError, $"token is of class {(int)content.Class} subclass {content.Subclass}, which is reserved"));
            return;
        }

        TokenAnswer.Write(Json, meaning, needsKey ? _meter.BaseDate : default, _showKeyBits);
    }

    private void Cipher(bool encrypt)
    {
        var ea = MeterFields.ReadEncryptionAlgorithm(Fields, _line.Top);
        Span<byte> key = stackalloc byte[16];
        var keyLength = Fields.SecretHex(_line.Top, "key", key);
        Span<byte> block = stackalloc byte[8];
        var blockLength = Fields.SecretHex(_line.Top, "block", block);
        if (Fields.Fault is null && keyLength * 8 != ea.DecoderKeyBits())
            Fields.Fail(BatchError.Value(BatchError.Format, "key", $"{keyLength * 2} hexadecimal digits", $"{ea.DecoderKeyBits() / 4} for {ea.Name()}"));
        if (Fields.Fault is null && blockLength != 8)
            Fields.Fail(BatchError.Value(BatchError.Format, "block", $"{blockLength * 2} hexadecimal digits", "16"));
        if (Fields.Fault is not null)
            return;
        var result = Hazmat.Cipher(ea, key[..keyLength], System.Buffers.Binary.BinaryPrimitives.ReadUInt64BigEndian(block), encrypt);
        System.Security.Cryptography.CryptographicOperations.ZeroMemory(key);
        Json.WriteString("block", result.ToString("x16"));
    }

    private void Derive()
    {
        using var key = _meter.ReadKey(_line.Top, _line.Meter);
        if (key is null)
            return;
        Span<byte> bytes = stackalloc byte[16];
        var length = Hazmat.Export(key, bytes);
        Json.WriteString("decoderKey", Convert.ToHexStringLower(bytes[..length]));
    }

    private void WriteToken(string name, Token66 token)
    {
        Span<char> digits = stackalloc char[Token66.Digits];
        _ = token.TryFormat(digits, out _);
        Json.WriteString(name, digits);
    }

    private void RequireParty(string name, RequestParty party)
    {
        if (!_line.Top[name].IsGiven)
            Fields.Fail(BatchError.Missing(name));
        else if (!party.Object.IsGiven)
            Fields.Fail(BatchError.Value(BatchError.Format, name, Fields.Describe(_line.Top[name]), "an object with meter and vendingKey"));
    }
}
