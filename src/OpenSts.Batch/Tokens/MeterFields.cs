using System.Security.Cryptography;
using OpenSts.Batch.Lines;
using OpenSts.Keys;

namespace OpenSts.Batch.Tokens;

/// <summary>Reads the meter of a request and makes its decoder key.</summary>
/// <remarks>
/// Where the decoder key itself is given, only its cipher and base date are needed; what else is given is still
/// checked.
/// </remarks>
internal sealed class MeterFields(FieldReader fields) : IDisposable
{
    private const int LongestKey = 64;
    private readonly VendingKeyCache _vendingKeys = new();

    public MeterPan MeterPan { get; private set; }

    public TariffIndex TariffIndex { get; private set; }

    public EncryptionAlgorithm EncryptionAlgorithm { get; private set; }

    public BaseDate BaseDate { get; private set; }

    /// <summary>DKGA04 where it is not given.</summary>
    public DecoderKeyGenerationAlgorithm DecoderKeyGenerationAlgorithm { get; private set; }

    /// <summary>255 where a request with a decoder key leaves it out.</summary>
    public KeyExpiryNumber KeyExpiryNumber { get; private set; }

    /// <summary>DUTK where a request with a decoder key leaves it out: no rule of key types is then applied.</summary>
    public KeyType KeyType { get; private set; }

    /// <summary>Everything about the key; null where a request with a decoder key leaves part of it out.</summary>
    public DecoderKeyAttributes? Attributes { get; private set; }

    /// <summary>Reads the meter and gives its key; null after an error. The caller disposes it.</summary>
    public DecoderKey? ReadKey(RequestObject holder, RequestObject meter)
    {
        var (hasVendingKey, hasDecoderKey) = (holder["vendingKey"].IsGiven, holder["decoderKey"].IsGiven);
        if (hasVendingKey && hasDecoderKey)
            fields.Fail(BatchError.Unwanted($"{holder.Path}decoderKey", "vendingKey is given too; give one of them"));
        if (!hasVendingKey && !hasDecoderKey)
            fields.Fail(BatchError.Missing($"{holder.Path}vendingKey (or {holder.Path}decoderKey)"));
        RequireMeter(holder, meter);
        ReadAttributes(meter, name => !hasDecoderKey || name is "baseDate" or "encryptionAlgorithm");
        if (fields.Error is not null)
            return null;
        return hasDecoderKey ? Imported(holder) : Derived(holder);
    }

    /// <summary>
    /// Reads the meter of a request whose key is in a security module. What the key's register knows too may be left
    /// out.
    /// </summary>
    public void ReadWithoutKey(RequestObject holder, RequestObject meter)
    {
        foreach (var name in (ReadOnlySpan<string>)["vendingKey", "decoderKey"])
        {
            if (holder[name].IsGiven)
                fields.Fail(BatchError.Unwanted(holder.Path + name, "register is given too; give one of them"));
        }

        RequireMeter(holder, meter);
        ReadAttributes(meter, name => name is "pan" or "tariffIndex" or "encryptionAlgorithm");
    }

    public void Dispose() => _vendingKeys.Dispose();

    public static EncryptionAlgorithm ReadEncryptionAlgorithm(FieldReader fields, RequestObject holder)
    {
        var text = fields.Text(holder, "encryptionAlgorithm", "EA07 or EA11");
        if (fields.Error is null && Algorithms.TryParse(text, out EncryptionAlgorithm ea))
            return ea;
        fields.FailValue(BatchError.Algorithm, $"{holder.Path}encryptionAlgorithm", text, "EA07 or EA11");
        return EncryptionAlgorithm.Ea07;
    }

    private void RequireMeter(RequestObject holder, RequestObject meter)
    {
        if (!holder["meter"].IsGiven)
            fields.Fail(BatchError.Missing($"{holder.Path}meter"));
        else if (!meter.IsGiven)
            fields.Fail(BatchError.Value(BatchError.Format, $"{holder.Path}meter", fields.Describe(holder["meter"]),
                "an object"));
    }

    private void ReadAttributes(RequestObject meter, Func<string, bool> isRequired)
    {
        bool Wanted(string name) => meter[name].IsGiven || isRequired(name);
        MeterPan = Wanted("pan") ? fields.Identity<MeterPan>(meter, "pan") : default;
        var sgc = Wanted("supplyGroupCode") ? fields.Identity<SupplyGroupCode>(meter, "supplyGroupCode") : default;
        TariffIndex = Wanted("tariffIndex") ? fields.Identity<TariffIndex>(meter, "tariffIndex") : default;
        var krn = Wanted("keyRevisionNumber") ? (int)fields.Number(meter, "keyRevisionNumber", 1, 9) : 0;
        KeyType = Wanted("keyType") ? ReadKeyType(meter) : KeyType.Unique;
        KeyExpiryNumber = Wanted("keyExpiryNumber")
            ? KeyExpiryNumber.FromNumber((int)fields.Number(meter, "keyExpiryNumber", 0, 255)) : KeyExpiryNumber.Never;
        BaseDate = Wanted("baseDate") ? ReadBaseDate(meter) : BaseDate.Base2014;
        EncryptionAlgorithm = ReadEncryptionAlgorithm(fields, meter);
        DecoderKeyGenerationAlgorithm = Wanted("decoderKeyGenerationAlgorithm") ? ReadDkga(meter)
            : DecoderKeyGenerationAlgorithm.Dkga04;
        if (fields.Error is null && EncryptionAlgorithm.Refusal() is { } refusal)
            fields.Fail(new BatchError(BatchError.Algorithm, $"{meter.Path}encryptionAlgorithm: {refusal}"));
        Attributes = null;
        if (fields.Error is not null || krn == 0 || !Wanted("pan") || !Wanted("supplyGroupCode")
            || !Wanted("tariffIndex"))
            return;
        Attributes = new DecoderKeyAttributes
        {
            MeterPan = MeterPan,
            SupplyGroupCode = sgc,
            TariffIndex = TariffIndex,
            KeyRevisionNumber = KeyRevisionNumber.FromNumber(krn),
            KeyType = KeyType,
            KeyExpiryNumber = KeyExpiryNumber,
            BaseDate = BaseDate,
            EncryptionAlgorithm = EncryptionAlgorithm,
            DecoderKeyGenerationAlgorithm = DecoderKeyGenerationAlgorithm,
        };
    }

    private DecoderKeyGenerationAlgorithm ReadDkga(RequestObject meter)
    {
        var text = fields.Text(meter, "decoderKeyGenerationAlgorithm", "DKGA02 or DKGA04");
        if (fields.Error is null && Algorithms.TryParse(text, out DecoderKeyGenerationAlgorithm dkga))
            return dkga;
        fields.FailValue(BatchError.Algorithm, $"{meter.Path}decoderKeyGenerationAlgorithm", text, "DKGA02 or DKGA04");
        return DecoderKeyGenerationAlgorithm.Dkga04;
    }

    private KeyType ReadKeyType(RequestObject meter)
    {
        const string Expected = "one of DITK, DDTK, DUTK, DCTK";
        var text = fields.Text(meter, "keyType", Expected);
        if (fields.Error is null && KeyTypes.TryParse(text, out var keyType))
            return keyType;
        fields.FailValue(BatchError.Range, $"{meter.Path}keyType", text, Expected);
        return KeyType.Unique;
    }

    private BaseDate ReadBaseDate(RequestObject meter)
    {
        var year = fields.Number(meter, "baseDate", int.MinValue, int.MaxValue, BatchError.BaseDate);
        if (fields.Error is null && !BaseDate.TryFromYear((int)year, out _))
            fields.Fail(
                BatchError.Value(BatchError.BaseDate, $"{meter.Path}baseDate", $"{year}", "1993, 2014 or 2035"));
        return fields.Error is null ? BaseDate.FromYear((int)year) : BaseDate.Base2014;
    }

    private DecoderKey? Imported(RequestObject holder)
    {
        Span<byte> bytes = stackalloc byte[LongestKey];
        var length = fields.SecretHex(holder, "decoderKey", bytes);
        if (fields.Error is not null)
            return null;
        var wanted = EncryptionAlgorithm.DecoderKeyBits() / 8;
        var key = length == wanted ? Hazmat.ImportDecoderKey(EncryptionAlgorithm, bytes[..length]) : null;
        CryptographicOperations.ZeroMemory(bytes);
        if (key is null)
        {
            fields.Fail(new BatchError(
                BatchError.Format,
                    $"{holder.Path}decoderKey: a key of {length * 2} hexadecimal digits; {EncryptionAlgorithm.Name()} "
                        + $"takes one of {wanted * 2}"));
        }

        return key;
    }

    private DecoderKey? Derived(RequestObject holder)
    {
        Span<byte> bytes = stackalloc byte[LongestKey];
        var length = fields.SecretHex(holder, "vendingKey", bytes);
        if (fields.Error is not null)
            return null;
        try
        {
            return Derived(holder, bytes[..length], Attributes!);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(bytes);
        }
    }

    private DecoderKey? Derived(RequestObject holder, ReadOnlySpan<byte> bytes, DecoderKeyAttributes attributes)
    {
        switch (DecoderKeyGeneration.Check(bytes.Length * 8, attributes.EncryptionAlgorithm,
            attributes.DecoderKeyGenerationAlgorithm))
        {
            case DecoderKeyFault.None when bytes.Length == 8 && KeyType != KeyType.Initialization
                && !VendingKey.HasOddParity(bytes):
                // The message names the rule, never the key. A DITK comes from a manufacturer's key, which need not be
                // a DES key.
                fields.Fail(new BatchError(BatchError.Range,
                    $"{holder.Path}vendingKey: {VendingKeyFault.Parity.Describe(bytes.Length)}"));
                return null;
            case DecoderKeyFault.None:
                return DecoderKeyGeneration.Derive(_vendingKeys.Get(bytes), attributes);
            case DecoderKeyFault.VendingKeyLength:
                fields.Fail(new BatchError(
                    BatchError.VendingKeyLength,
                    $"{holder.Path}vendingKey: a key of {bytes.Length * 2} hexadecimal digits; "
                        + $"{DecoderKeyFault.VendingKeyLength.Describe(attributes)}"));
                return null;
            case var fault:
                var name = fault == DecoderKeyFault.EncryptionAlgorithm ? "encryptionAlgorithm"
                    : "decoderKeyGenerationAlgorithm";
                fields.Fail(
                    new BatchError(BatchError.Algorithm, $"{holder.Path}meter.{name}: {fault.Describe(attributes)}"));
                return null;
        }
    }
}
