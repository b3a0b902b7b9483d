using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using OpenSts.Keys;

namespace OpenSts.Cli.Batch;

/// <summary>Answers requests of the JSON Lines contract, one at a time. Each worker has its own.</summary>
/// <remarks>The contract is docs/reference/batch.md.</remarks>
internal sealed class BatchProcessor : IDisposable
{
    private static readonly JsonWriterOptions WriterOptions = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    private readonly RequestLine _line = new();
    private readonly FieldReader _fields;
    private readonly MeterFields _meter;
    private readonly MeterFields _toMeter;
    private readonly TokenFields _token;
    private readonly Utf8JsonWriter _json;
    private readonly ArrayBufferWriter<byte> _answer = new(512);
    private readonly TimeProvider _clock;
    private readonly bool _showKeyBits;

    public BatchProcessor(TimeProvider clock, bool showKeyBits = false)
    {
        _clock = clock;
        _showKeyBits = showKeyBits;
        _fields = new FieldReader(_line);
        _meter = new MeterFields(_fields);
        _toMeter = new MeterFields(_fields);
        _token = new TokenFields(_line, _fields);
        _json = new Utf8JsonWriter(_answer, WriterOptions);
    }

    /// <summary>Answers one line; the answer, a line feed at its end, goes to the output. True when it is no error.</summary>
    public bool Answer(ReadOnlyMemory<byte> request, IBufferWriter<byte> output)
    {
        _line.Parse(request);
        _fields.Reset();
        Begin();
        Operate();
        return End(output);
    }

    /// <summary>Answers a line that was longer than is read.</summary>
    public void AnswerTooLong(IBufferWriter<byte> output)
    {
        _line.Parse(default);
        _fields.Reset();
        _answer.ResetWrittenCount();
        _json.Reset();
        WriteError(new BatchFault(BatchFault.Format, $"the line is longer than {LineReader.DefaultMaximumLine} octets"));
        _json.Flush();
        output.Write(_answer.WrittenSpan);
        output.Write("\n"u8);
    }

    public void Dispose()
    {
        _meter.Dispose();
        _toMeter.Dispose();
        _json.Dispose();
    }

    private void Begin()
    {
        _answer.ResetWrittenCount();
        _json.Reset();
        _json.WriteStartObject();
        _json.WritePropertyName("id");
        _json.WriteRawValue(_line.RawId, skipInputValidation: true);
        if (_line.Top["id"] is { IsGiven: true, Kind: not (JsonTokenType.String or JsonTokenType.Number or JsonTokenType.Null) } id)
            _fields.Fail(BatchFault.Value(BatchFault.Format, "id", _fields.Describe(id), "a string"));
    }

    private bool End(IBufferWriter<byte> output)
    {
        var fault = _fields.Fault;
        if (fault is not null)
        {
            _answer.ResetWrittenCount();
            _json.Reset();
            WriteError(fault);
        }
        else
        {
            _json.WriteEndObject();
        }

        _json.Flush();
        output.Write(_answer.WrittenSpan);
        output.Write("\n"u8);
        return fault is null;
    }

    private void WriteError(BatchFault fault)
    {
        _json.WriteStartObject();
        _json.WritePropertyName("id");
        _json.WriteRawValue(_line.RawId, skipInputValidation: true);
        _json.WriteStartObject("error");
        _json.WriteString("code", fault.Code);
        _json.WriteString("message", fault.Message);
        _json.WriteEndObject();
        _json.WriteEndObject();
    }

    private void Operate()
    {
        const string Operations = "issue, keyChange, decode, encrypt, decrypt or decoderKey";
        var operation = _fields.Text(_line.Top, "op", Operations);
        if (_fields.Fault is not null)
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
                _fields.FailValue(BatchFault.Format, "op", operation, Operations);
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
            if (_token.ReadTest(subclass) is { } test && _fields.Fault is null)
                _json.WriteString("token", TokenIssuer.IssueInClear(test).ToString());
            return;
        }

        using var key = _meter.ReadKey(_line.Top, _line.Meter);
        if (key is null || _token.ReadTimed(tokenClass, subclass, _meter.BaseDate) is not { } token)
            return;
        switch (TokenIssuer.TryIssue(token, key, _meter.KeyType, _meter.KeyExpiryNumber, out var issued))
        {
            case IssueFault.KeyExpired:
                _fields.Fail(BatchFault.Value(
                    BatchFault.KeyExpired,
                    "token.issuedAt",
                    Rfc3339.Format(token.Identifier!.Value.ToTime(_meter.BaseDate)),
                    $"at most {Rfc3339.Format(_meter.KeyExpiryNumber.LastMinute(_meter.BaseDate)!.Value)} under meter.keyExpiryNumber {_meter.KeyExpiryNumber}"));
                break;
            case IssueFault.DefaultKeyCredit:
                _fields.Fail(BatchFault.Value(BatchFault.DdtkError, "meter.keyType", "DDTK", "DITK, DUTK or DCTK for a token of class 0"));
                break;
            case IssueFault.Function:
                _fields.Fail(new BatchFault(BatchFault.FunctionError, "token.class and token.subclass are reserved"));
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
            _fields.Fail(new BatchFault(BatchFault.Format, "to.meter must have every field: the tokens carry them"));
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
            ? (int)_fields.Number(_line.Top, "tokens", 2, 4)
            : KeyChangeSet.DefaultCount(newAttributes.EncryptionAlgorithm);
        if (_fields.Fault is not null)
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
                _json.WriteStartArray("tokens");
                foreach (var token in tokens)
                    _json.WriteStringValue(token.ToString());
                _json.WriteEndArray();
                break;
            case KeyChangeFault.DifferentMeter when oldAttributes.MeterPan != newAttributes.MeterPan:
                _fields.Fail(BatchFault.Value(BatchFault.Format, "to.meter.pan", $"'{newAttributes.MeterPan}'", $"the meter of from, '{oldAttributes.MeterPan}'"));
                break;
            case KeyChangeFault.DifferentMeter:
                _fields.Fail(BatchFault.Value(
                    BatchFault.Algorithm, "to.meter.encryptionAlgorithm", newAttributes.EncryptionAlgorithm.Name(), $"{oldAttributes.EncryptionAlgorithm.Name()}, which a key change cannot change"));
                break;
            case KeyChangeFault.KeyType:
                _fields.Fail(BatchFault.Value(
                    BatchFault.KeyTypeError, "to.meter.keyType", newAttributes.KeyType.Abbreviation(), $"a type that may follow {oldAttributes.KeyType.Abbreviation()}"));
                break;
            case KeyChangeFault.NewKeyExpired:
                _fields.Fail(BatchFault.Value(
                    BatchFault.KeyExpired,
                    "to.meter.keyExpiryNumber",
                    $"{newAttributes.KeyExpiryNumber}, which ended {Rfc3339.Format(newAttributes.KeyExpiryNumber.LastMinute(newAttributes.BaseDate)!.Value)}",
                    "a number that has not passed: the new key must not be expired"));
                break;
            case KeyChangeFault.TokenCount:
                _fields.Fail(BatchFault.Value(BatchFault.Range, "tokens", $"{count}", newAttributes.EncryptionAlgorithm == EncryptionAlgorithm.Ea11 ? "4 for EA11" : "2 or 3 for EA07"));
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
        var text = _fields.Text(_line.Top, "token", "20 digits");
        if (_fields.Fault is not null)
            return;
        if (!Token66.TryParse(text, out var token, out var digitsFault))
        {
            _fields.Fail(new BatchFault(BatchFault.Format, $"token held '{Excerpt.Of(text)}'; {digitsFault.Describe()}"));
            return;
        }

        var needsKey = token.Class is TokenClass.Credit or TokenClass.MeterSpecificManagement;
        var hasKey = _line.Top["meter"].IsGiven || _line.Top["vendingKey"].IsGiven || _line.Top["decoderKey"].IsGiven;
        using var key = needsKey || hasKey ? _meter.ReadKey(_line.Top, _line.Meter) : null;
        if (_fields.Fault is not null)
            return;
        if (token.Class == TokenClass.Reserved)
        {
            _fields.Fail(new BatchFault(BatchFault.FunctionError, "token is of class 3, which is reserved"));
            return;
        }

        if (!TokenIssuer.TryOpen(token, key, out var content))
        {
            _fields.Fail(new BatchFault(BatchFault.CrcError, needsKey
                ? "token: the check does not hold under this key; the digits are wrong or the key is another one"
                : "token: the check does not hold; the digits are wrong"));
            return;
        }

        if (!TokenLayout.TryRead(content, needsKey ? _meter.EncryptionAlgorithm : EncryptionAlgorithm.Ea07, out var meaning, out var layoutFault))
        {
            _fields.Fail(layoutFault == TokenLayoutFault.OutOfRange
                ? new BatchFault(BatchFault.Range, "token: a key revision number, tariff index or supply group code in it is out of range")
                : new BatchFault(BatchFault.Format, "token: bits that must be zero are not"));
            return;
        }

        if (meaning is ReservedToken)
        {
            _fields.Fail(new BatchFault(BatchFault.FunctionError, $"token is of class {(int)content.Class} subclass {content.Subclass}, which is reserved"));
            return;
        }

        TokenAnswer.Write(_json, meaning, needsKey ? _meter.BaseDate : default, _showKeyBits);
    }

    private void Cipher(bool encrypt)
    {
        var ea = MeterFields.ReadEncryptionAlgorithm(_fields, _line.Top);
        Span<byte> key = stackalloc byte[16];
        var keyLength = _fields.SecretHex(_line.Top, "key", key);
        Span<byte> block = stackalloc byte[8];
        var blockLength = _fields.SecretHex(_line.Top, "block", block);
        if (_fields.Fault is null && keyLength * 8 != ea.DecoderKeyBits())
            _fields.Fail(BatchFault.Value(BatchFault.Format, "key", $"{keyLength * 2} hexadecimal digits", $"{ea.DecoderKeyBits() / 4} for {ea.Name()}"));
        if (_fields.Fault is null && blockLength != 8)
            _fields.Fail(BatchFault.Value(BatchFault.Format, "block", $"{blockLength * 2} hexadecimal digits", "16"));
        if (_fields.Fault is not null)
            return;
        var result = Hazmat.Cipher(ea, key[..keyLength], System.Buffers.Binary.BinaryPrimitives.ReadUInt64BigEndian(block), encrypt);
        System.Security.Cryptography.CryptographicOperations.ZeroMemory(key);
        _json.WriteString("block", result.ToString("x16"));
    }

    private void Derive()
    {
        using var key = _meter.ReadKey(_line.Top, _line.Meter);
        if (key is null)
            return;
        Span<byte> bytes = stackalloc byte[16];
        var length = Hazmat.Export(key, bytes);
        _json.WriteString("decoderKey", Convert.ToHexStringLower(bytes[..length]));
    }

    private void WriteToken(string name, Token66 token)
    {
        Span<char> digits = stackalloc char[Token66.Digits];
        _ = token.TryFormat(digits, out _);
        _json.WriteString(name, digits);
    }

    private void RequireParty(string name, RequestParty party)
    {
        if (!_line.Top[name].IsGiven)
            _fields.Fail(BatchFault.Missing(name));
        else if (!party.Object.IsGiven)
            _fields.Fail(BatchFault.Value(BatchFault.Format, name, _fields.Describe(_line.Top[name]), "an object with meter and vendingKey"));
    }

    private void Permit(params ReadOnlySpan<string> names)
    {
        if (_line.Top.FirstOutside(names) is { } given)
            _fields.Fail(BatchFault.Unwanted(given, $"this operation has {string.Join(", ", names.ToArray())}"));
    }
}
