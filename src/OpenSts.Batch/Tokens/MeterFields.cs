using OpenSts.Batch.Lines;
using OpenSts.Keys;

namespace OpenSts.Batch.Tokens;

/// <summary>The meter of a request with its decoder key.</summary>
/// <remarks>Where the decoder key itself is given, only its cipher and base date are needed; what else is given is still checked.</remarks>
internal sealed class MeterFields(FieldReader fields) : IDisposable
{
    private const int LongestKey = 64;
    private readonly VendingKeyCache _vendingKeys = new();

    public EncryptionAlgorithm EncryptionAlgorithm { get; private set; }

    public BaseDate BaseDate { get; private set; }

    /// <summary>255 where a request with a decoder key leaves it out.</summary>
    public KeyExpiryNumber KeyExpiryNumber { get; private set; }

    /// <summary>DUTK where a request with a decoder key leaves it out: no rule of key types is then applied.</summary>
    public KeyType KeyType { get; private set; }

    /// <summary>Everything about the key; null where a request with a decoder key leaves part of it out.</summary>
    public DecoderKeyAttributes? Attributes { get; private set; }

    /// <summary>Reads the meter and gives its key; null after a fault. The caller disposes it.</summary>
    public DecoderKey? ReadKey(RequestObject holder, RequestObject meter)
    {
        var (hasVendingKey, hasDecoderKey) = (holder["vendingKey"].IsGiven, holder["decoderKey"].IsGiven);
        if (hasVendingKey && hasDecoderKey)
            fields.Fail(BatchError.Unwanted($"{holder.Path}decoderKey", "vendingKey is given too; permitted is one of them"));
        if (!hasVendingKey && !hasDecoderKey)
            fields.Fail(BatchError.Missing($"{holder.Path}vendingKey (or {holder.Path}decoderKey)"));
        if (!holder["meter"].IsGiven)
            fields.Fail(BatchError.Missing($"{holder.Path}meter"));
        else if (!meter.IsGiven)
            fields.Fail(BatchError.Value(BatchError.Format, $"{holder.Path}meter", fields.Describe(holder["meter"]), "an object"));
        ReadAttributes(meter, complete: !hasDecoderKey);
        if (fields.Fault is not null)
            return null;
        return hasDecoderKey ? Imported(holder) : Derived(holder);
    }

    public void Dispose() => _vendingKeys.Dispose();

    private void ReadAttributes(RequestObject meter, bool complete)
    {
        bool Wanted(string name) => complete || meter[name].IsGiven;
        var pan = Wanted("pan") ? fields.Identity<MeterPan>(meter, "pan") : default;
        var sgc = Wanted("supplyGroupCode") ? fields.Identity<SupplyGroupCode>(meter, "supplyGroupCode") : default;
        var ti = Wanted("tariffIndex") ? fields.Identity<TariffIndex>(meter, "tariffIndex") : default;
        var krn = Wanted("keyRevisionNumber") ? (int)fields.Number(meter, "keyRevisionNumber", 1, 9) : 0;
        KeyType = Wanted("keyType") ? ReadKeyType(meter) : KeyType.Unique;
        KeyExpiryNumber = Wanted("keyExpiryNumber") ? KeyExpiryNumber.FromNumber((int)fields.Number(meter, "keyExpiryNumber", 0, 255)) : KeyExpiryNumber.Never;
        BaseDate = ReadBaseDate(meter);
        EncryptionAlgorithm = ReadEncryptionAlgorithm(fields, meter);
        var dkga = Wanted("decoderKeyGenerationAlgorithm") ? ReadDkga(meter) : DecoderKeyGenerationAlgorithm.Dkga04;
        if (fields.Fault is null && EncryptionAlgorithm.Refusal() is { } refusal)
            fields.Fail(new BatchError(BatchError.Algorithm, $"{meter.Path}encryptionAlgorithm: {refusal}"));
        Attributes = null;
        if (fields.Fault is not null || krn == 0 || !(complete || (meter["pan"].IsGiven && meter["supplyGroupCode"].IsGiven && meter["tariffIndex"].IsGiven)))
            return;
        Attributes = new DecoderKeyAttributes
        {
            MeterPan = pan,
            SupplyGroupCode = sgc,
            TariffIndex = ti,
            KeyRevisionNumber = KeyRevisionNumber.FromNumber(krn),
            KeyType = KeyType,
            KeyExpiryNumber = KeyExpiryNumber,
            BaseDate = BaseDate,
            EncryptionAlgorithm = EncryptionAlgorithm,
            DecoderKeyGenerationAlgorithm = dkga,
        };
    }

    public static EncryptionAlgorithm ReadEncryptionAlgorithm(FieldReader fields, RequestObject holder)
    {
        var text = fields.Text(holder, "encryptionAlgorithm", "EA07 or EA11");
        if (fields.Fault is null && Algorithms.TryParse(text, out EncryptionAlgorithm ea))
            return ea;
        fields.FailValue(BatchError.Algorithm, $"{holder.Path}encryptionAlgorithm", text, "EA07 or EA11");
        return EncryptionAlgorithm.Ea07;
    }

    private DecoderKeyGenerationAlgorithm ReadDkga(RequestObject meter)
    {
        var text = fields.Text(meter, "decoderKeyGenerationAlgorithm", "DKGA02 or DKGA04");
        if (fields.Fault is null && Algorithms.TryParse(text, out DecoderKeyGenerationAlgorithm dkga))
            return dkga;
        fields.FailValue(BatchError.Algorithm, $"{meter.Path}decoderKeyGenerationAlgorithm", text, "DKGA02 or DKGA04");
        return DecoderKeyGenerationAlgorithm.Dkga04;
    }

    private KeyType ReadKeyType(RequestObject meter)
    {
        const string Permitted = "one of DITK, DDTK, DUTK, DCTK";
        var text = fields.Text(meter, "keyType", Permitted);
        if (fields.Fault is null && KeyTypes.TryParse(text, out var keyType))
            return keyType;
        fields.FailValue(BatchError.Range, $"{meter.Path}keyType", text, Permitted);
        return KeyType.Unique;
    }

    private BaseDate ReadBaseDate(RequestObject meter)
    {
        var year = fields.Number(meter, "baseDate", int.MinValue, int.MaxValue, BatchError.BaseDate);
        if (fields.Fault is null && !BaseDate.TryFromYear((int)year, out _))
            fields.Fail(BatchError.Value(BatchError.BaseDate, $"{meter.Path}baseDate", $"{year}", "1993, 2014 or 2035"));
        return fields.Fault is null ? BaseDate.FromYear((int)year) : BaseDate.Base2014;
    }

    private DecoderKey? Imported(RequestObject holder)
    {
        Span<byte> bytes = stackalloc byte[LongestKey];
        var length = fields.SecretHex(holder, "decoderKey", bytes);
        if (fields.Fault is not null)
            return null;
        var wanted = EncryptionAlgorithm.DecoderKeyBits() / 8;
        if (length == wanted)
            return Hazmat.ImportDecoderKey(EncryptionAlgorithm, bytes[..length]);
        fields.Fail(BatchError.Value(BatchError.Format, $"{holder.Path}decoderKey", $"{length * 2} hexadecimal digits", $"{wanted * 2} for {EncryptionAlgorithm.Name()}"));
        return null;
    }

    private DecoderKey? Derived(RequestObject holder)
    {
        Span<byte> bytes = stackalloc byte[LongestKey];
        var length = fields.SecretHex(holder, "vendingKey", bytes);
        if (fields.Fault is not null)
            return null;
        var attributes = Attributes!;
        var fault = DecoderKeyGeneration.Check(length * 8, attributes.EncryptionAlgorithm, attributes.DecoderKeyGenerationAlgorithm);
        if (fault == DecoderKeyFault.None && length == 8 && !VendingKey.HasOddParity(bytes[..length]))
        {
            // The message names the rule, never the key.
            fields.Fail(new BatchError(BatchError.Range, $"{holder.Path}vendingKey: {VendingKeyFault.Parity.Describe(length)}"));
            return null;
        }

        if (fault == DecoderKeyFault.None)
            return DecoderKeyGeneration.Derive(_vendingKeys.Get(bytes[..length]), attributes);
        fields.Fail(fault == DecoderKeyFault.VendingKeyLength
            ? BatchError.Value(BatchError.VendingKeyLength, $"{holder.Path}vendingKey", $"{length * 2} hexadecimal digits", fault.Describe(attributes))
            : new BatchError(
                BatchError.Algorithm,
                $"{holder.Path}meter.{(fault == DecoderKeyFault.EncryptionAlgorithm ? "encryptionAlgorithm" : "decoderKeyGenerationAlgorithm")}: {fault.Describe(attributes)}"));
        return null;
    }
}
