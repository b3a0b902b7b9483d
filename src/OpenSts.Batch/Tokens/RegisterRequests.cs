using System.Globalization;
using System.Text.Json;
using OpenSts.Batch.Lines;
using OpenSts.Keys;
using OpenSts.Sts6;

namespace OpenSts.Batch.Tokens;

/// <summary>Answers requests that name a key register of a security module in place of a key.</summary>
internal sealed class RegisterRequests(FieldReader fields, Utf8JsonWriter json, TokenRequestOptions options)
{
    private const int LargestRegister = 999;

    // Numeric, digits that a customer types: IEC 62055-41 token carrier type 02.
    private const int TokenCarrierType = 2;

    // The base date of a token identifier is the register's: it is read again now and then, in case the register gets
    // another key.
    private static readonly TimeSpan AttributesLifetime = TimeSpan.FromSeconds(1);
    private readonly Dictionary<int, (KeyCard Attributes, long ReadAt)> _attributes = [];

    /// <summary>The number of the register; 0 after an error.</summary>
    public int ReadNumber(RequestObject holder)
    {
        const string Expected = "the number of a register, such as 01";
        var text = fields.Text(holder, "register", Expected);
        if (fields.Error is not null)
            return 0;
        if (text.Length is 1 or 2 or 3 && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture,
            out var number) && number is >= 1 and <= LargestRegister)
            return number;
        fields.FailValue(BatchError.Format, holder.Path + "register", text, Expected);
        return 0;
    }

    /// <summary>Makes a token of class 0 or 2.</summary>
    public async ValueTask IssueAsync(
        TokenRequestLine line, MeterFields meter, TokenFields token, TokenClass tokenClass, int subclass,
            CancellationToken cancellation)
    {
        if (await ReadAsync(line.Top, line.Meter, meter, cancellation).ConfigureAwait(false)
            is not var (register, attributes))
            return;
        if (token.ReadTimed(tokenClass, subclass, attributes.BaseDate, drawsRandom: false) is not { } meaning)
            return;
        var request = new VendRequest
        {
            Register = register,
            MeterPan = meter.MeterPan,
            TariffIndex = meter.TariffIndex,
            EncryptionAlgorithm = meter.EncryptionAlgorithm,
            TokenCarrierType = TokenCarrierType,
            Subclass = subclass,
            Field = FieldOf(meaning),
            TokenIdentifier = TokenLayout.IdentifierOf(TokenLayout.Write(meaning)),
        };
        var answer = await AskAsync(module => tokenClass == TokenClass.Credit
            ? module.VendCreditAsync(request, cancellation)
            : module.VendManagementAsync(request, cancellation)).ConfigureAwait(false);
        if (Succeeded(answer, attributes))
            json.WriteString("token", answer!.Value.ToString());
    }

    /// <summary>Makes a key change set.</summary>
    public async ValueTask ChangeKeyAsync(TokenRequestLine line, MeterFields from, MeterFields to,
        CancellationToken cancellation)
    {
        foreach (var party in (RequestParty[])[line.From, line.To])
        {
            if (!party.Object["register"].IsGiven)
                fields.Fail(BatchError.Missing(
                    $"{party.Object.Path}register (a key change has both keys in the module, or neither)"));
        }

        if (await ReadAsync(line.From.Object, line.From.Meter, from, cancellation).ConfigureAwait(false)
            is not var (fromRegister, oldKey)
            || await ReadAsync(line.To.Object, line.To.Meter, to, cancellation).ConfigureAwait(false)
                is not var (toRegister, newKey))
            return;
        var count = line.Top["tokens"].IsGiven ? (int)fields.Number(line.Top, "tokens", 2, 4)
            : KeyChangeSet.DefaultCount(to.EncryptionAlgorithm);
        DateTimeOffset? issuedAt = line.Top["issuedAt"].IsGiven ? fields.Instant(line.Top, "issuedAt") : null;
        var (old, fresh) = (AttributesOf(from, oldKey), AttributesOf(to, newKey));
        if (fields.Error is null && KeyChangeErrors.Describe(CheckMeter(old, fresh, issuedAt), old, fresh, count)
            is { } error)
            fields.Fail(error);
        if (fields.Error is not null)
            return;
        var request = new KeyChangeRequest
        {
            FromRegister = fromRegister,
            ToRegister = toRegister,
            MeterPan = to.MeterPan,
            FromTariffIndex = from.TariffIndex,
            ToTariffIndex = to.TariffIndex,
            EncryptionAlgorithm = to.EncryptionAlgorithm,
            TokenCarrierType = TokenCarrierType,
            NumberOfTokens = count,
        };
        var answer = await AskAsync(module => module.VendKeyChangeAsync(request, cancellation)).ConfigureAwait(false);
        if (!Succeeded(answer, newKey))
            return;
        json.WriteStartArray("tokens");
        foreach (var token in answer!.Value!.Tokens)
            json.WriteStringValue(token.ToString());
        json.WriteEndArray();
    }

    /// <summary>Reads a token of class 0 or 2. The module tells everything but the random bits.</summary>
    public async ValueTask DecodeAsync(TokenRequestLine line, MeterFields meter, Token66 token,
        CancellationToken cancellation)
    {
        if (await ReadAsync(line.Top, line.Meter, meter, cancellation).ConfigureAwait(false)
            is not var (register, attributes))
            return;
        var request = new VerifyRequest
        {
            Register = register,
            MeterPan = meter.MeterPan,
            TariffIndex = meter.TariffIndex,
            EncryptionAlgorithm = meter.EncryptionAlgorithm,
            Token = token,
        };
        var answer = await AskAsync(module => module.VerifyAsync(request, cancellation)).ConfigureAwait(false);
        if (!Succeeded(answer, attributes))
            return;
        if (MeaningOf(answer!.Value!, meter.EncryptionAlgorithm) is { } meaning)
            TokenAnswer.Write(json, meaning, attributes.BaseDate, showKeyBits: false, withRandom: false);
        else
            fields.Fail(ErrorOf(answer.Value!.Result, "", attributes));
    }

    private async ValueTask<(int Register, KeyCard Attributes)?> ReadAsync(RequestObject holder, RequestObject meter,
        MeterFields read, CancellationToken cancellation)
    {
        read.ReadWithoutKey(holder, meter);
        var register = ReadNumber(holder);
        if (fields.Error is null && options.Module is null)
            fields.Fail(new BatchError(BatchError.Module,
                $"{holder.Path}register: no security module is named; start with --module"));
        if (fields.Error is not null)
            return null;
        if (!_attributes.TryGetValue(register, out var kept)
            || options.Time.GetElapsedTime(kept.ReadAt) > AttributesLifetime)
        {
            var answer = await AskAsync(module => module.ReadRegisterAsync(register, cancellation))
                .ConfigureAwait(false);
            if (answer is null)
                return null;
            if (!answer.TryGet(out var text) || !KeyCard.TryParse(text.Text, out var attributes, out _))
            {
                fields.Fail(ErrorOf(answer.Code, answer.Text, null));
                return null;
            }

            kept = _attributes[register] = (attributes, options.Time.GetTimestamp());
        }

        Compare(meter, read, kept.Attributes);
        return fields.Error is null ? (register, kept.Attributes) : null;
    }

    // What the request says about the key must be what the register holds: a token for another supply group is a wrong
    // token.
    private void Compare(RequestObject meter, MeterFields read, KeyCard key)
    {
        void Same<T>(string name, T given, T held, string code = BatchError.Range)
            where T : notnull
        {
            if (meter[name].IsGiven && !given.Equals(held))
                fields.Fail(
                    new BatchError(code, $"{meter.Path}{name}: {given} is not {held}, which the register holds"));
        }

        if (meter["supplyGroupCode"].IsGiven)
            Same("supplyGroupCode", fields.Identity<SupplyGroupCode>(meter, "supplyGroupCode"), key.SupplyGroupCode);
        if (meter["keyRevisionNumber"].IsGiven)
            Same("keyRevisionNumber", (int)fields.Number(meter, "keyRevisionNumber", 1, 9),
                key.KeyRevisionNumber.Value);
        Same("keyType", read.KeyType.Abbreviation(), key.KeyType.Abbreviation());
        Same("keyExpiryNumber", read.KeyExpiryNumber, key.KeyExpiryNumber);
        Same("baseDate", read.BaseDate, key.BaseDate, BatchError.BaseDate);
        Same("decoderKeyGenerationAlgorithm", read.DecoderKeyGenerationAlgorithm.Name(),
            key.DecoderKeyGenerationAlgorithm.Name(), BatchError.Algorithm);
    }

    private async ValueTask<ModuleAnswer<T>?> AskAsync<T>(Func<ISecurityModule, ValueTask<ModuleAnswer<T>>> ask)
        where T : notnull
    {
        try
        {
            return await ask(options.Module!).ConfigureAwait(false);
        }
        catch (SecurityModuleException error)
        {
            fields.Fail(new BatchError(BatchError.Module,
                $"the security module did not answer, so it is unknown whether it made a token: {error.Message}"));
            return null;
        }
    }

    private bool Succeeded<T>(ModuleAnswer<T>? answer, KeyCard key)
        where T : notnull
    {
        if (answer is not null && answer.Code != ResponseCode.Successful)
            fields.Fail(ErrorOf(answer.Code, answer.Text, key));
        return answer is not null && fields.Error is null;
    }

    private static BatchError ErrorOf(ResponseCode code, string text, KeyCard? key)
    {
        var contract = code switch
        {
            ResponseCode.KeyExpired or ResponseCode.KeyIssueExpired => BatchError.KeyExpired,
            ResponseCode.TokenCrcError => BatchError.CrcError,
            ResponseCode.DdtkCreditError => BatchError.DdtkError,
            ResponseCode.KeyTypeError when key?.KeyType == KeyType.Default => BatchError.DdtkError,
            ResponseCode.KeyTypeError or ResponseCode.KeyChangeNotAllowed => BatchError.KeyTypeError,
            ResponseCode.InvalidPan => BatchError.CheckDigit,
            ResponseCode.InvalidNumberOfTokens => BatchError.Range,
            _ => BatchError.Module,
        };
        var detail = text.Length > 0 ? $" ({Excerpt.Of(text)})" : "";
        return new BatchError(contract,
            $"register: the security module answers {(code == ResponseCode.ExtendedError ? "EE" : $"{(int)code:D2}")} "
                + $"{code}: {code.Describe()}{detail}");
    }

    private static KeyChangeFault CheckMeter(DecoderKeyAttributes from, DecoderKeyAttributes to,
        DateTimeOffset? issuedAt)
    {
        if (from.MeterPan != to.MeterPan || from.EncryptionAlgorithm != to.EncryptionAlgorithm)
            return KeyChangeFault.DifferentMeter;
        return issuedAt is { } at && to.KeyExpiryNumber.HasExpired(to.BaseDate, at) ? KeyChangeFault.NewKeyExpired
            : KeyChangeFault.None;
    }

    private static DecoderKeyAttributes AttributesOf(MeterFields meter, KeyCard key) => new()
    {
        MeterPan = meter.MeterPan,
        SupplyGroupCode = key.SupplyGroupCode,
        TariffIndex = meter.TariffIndex,
        KeyRevisionNumber = key.KeyRevisionNumber,
        KeyType = key.KeyType,
        KeyExpiryNumber = key.KeyExpiryNumber,
        BaseDate = key.BaseDate,
        EncryptionAlgorithm = meter.EncryptionAlgorithm,
        DecoderKeyGenerationAlgorithm = key.DecoderKeyGenerationAlgorithm,
    };

    private static int FieldOf(Token token) => token switch
    {
        TransferCredit credit => credit.Amount.Field,
        TransferCurrency currency => currency.Amount.Field,
        ManagementToken management => management.Value,
        ProprietaryManagement proprietary => (int)(proprietary.Payload & 0xFFFF),
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    private static Token? MeaningOf(TokenVerification found, EncryptionAlgorithm ea)
    {
        if (found is not
            {
                Result: ResponseCode.Successful,
                Class: { } tokenClass,
                Subclass: { } subclass,
                Field: { } field,
                TokenIdentifier: { } tid,
            })
            return null;
        if (tokenClass == TokenClass.Credit && subclass is >= 0 and <= 7)
        {
            return subclass < 4
                ? new TransferCredit
                {
                    Service = (CreditService)subclass,
                    Amount = TransferAmount.FromField((ushort)field),
                    Tid = tid,
                    Random = 0,
                }
                : new TransferCurrency
                {
                    Service = (CreditService)(subclass - 4),
                    Amount = CurrencyAmount.FromField(field),
                    Tid = tid,
                };
        }

        return tokenClass == TokenClass.MeterSpecificManagement
            && TokenLayout.TryRead(TokenLayout.Management(subclass, 0, tid, (ushort)field), ea, out var meaning, out _)
                ? meaning : null;
    }
}
