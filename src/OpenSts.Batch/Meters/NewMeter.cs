using OpenSts.Batch.Lines;
using OpenSts.Batch.Tokens;
using OpenSts.Keys;
using OpenSts.Meter;
using OpenSts.Metering;

namespace OpenSts.Batch.Meters;

/// <summary>Makes the record of a new meter from a request with the operation <c>create</c>.</summary>
public static class NewMeter
{
    /// <summary>Reads the request.</summary>
    /// <param name="request">One JSON object in UTF-8.</param>
    /// <param name="error">Why it cannot be read; null on success.</param>
    /// <returns>The record, whose key the caller disposes; null on an error.</returns>
    public static MeterRecord? Read(ReadOnlyMemory<byte> request, out BatchError? error)
    {
        var line = new MeterRequestLine();
        var fields = new FieldReader(line);
        using var meter = new MeterFields(fields);
        line.Parse(request);
        fields.Reset();
        var record = Read(fields, meter, line.Top, line.Meter, new MeterOptions(fields, line.Top));
        error = fields.Error;
        return record;
    }

    /// <summary>The record; null after an error.</summary>
    internal static MeterRecord? Read(FieldReader fields, MeterFields meterFields, RequestObject top,
        RequestObject meter, MeterOptions options)
    {
        var key = meterFields.ReadKey(top, meter);
        if (key is null)
            return null;
        var pan = meter["pan"].IsGiven ? fields.Identity<MeterPan>(meter, "pan") : default;
        var settings = options.Settings(pan, meterFields.EncryptionAlgorithm);
        var manufactured = options.Manufactured(meterFields.BaseDate);
        var memory = options.TokenMemorySize();
        var price = options.StepsPerUnit(settings);
        if (fields.Error is not null)
        {
            key.Dispose();
            return null;
        }

        return new MeterRecord
        {
            Settings = settings,
            State = State(key, fields, meterFields, meter, manufactured, memory) with
            {
                Flags = FlagArray.AtManufacture(settings)
            },
            BaseDate = meterFields.BaseDate,
            StepsPerUnit = price,
        };
    }

    private static MeterState State(
        DecoderKey key, FieldReader fields, MeterFields meterFields, RequestObject meter, TokenIdentifier manufactured,
        int memory) => new()
        {
            Key = key,
            KeyType = meterFields.KeyType,
            KeyRevisionNumber = KeyRevisionNumber.FromNumber(
            meter["keyRevisionNumber"].IsGiven ? (int)fields.Number(meter, "keyRevisionNumber", 1, 9) : 1),
            KeyExpiryNumber = meterFields.KeyExpiryNumber,
            TariffIndex = meter["tariffIndex"].IsGiven
            ? fields.Identity<TariffIndex>(meter, "tariffIndex")
            : TariffIndex.FromNumber(1),
            SupplyGroupCode = meter["supplyGroupCode"].IsGiven
            ? fields.Identity<SupplyGroupCode>(meter, "supplyGroupCode")
            : default,
            Memory = CancellationMemory.AtManufacture(manufactured, memory),
        };
}
