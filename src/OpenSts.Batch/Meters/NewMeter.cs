using OpenSts.Batch.Lines;
using OpenSts.Batch.Tokens;
using OpenSts.Keys;
using OpenSts.Meter;
using OpenSts.Metering;

namespace OpenSts.Batch.Meters;

/// <summary>Makes the record of a new meter from the fields of a request.</summary>
public static class NewMeter
{
    /// <summary>Reads the request of the operation create; null and the error where it cannot be read.</summary>
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

    /// <summary>The record; null after a fault.</summary>
    internal static MeterRecord? Read(
        FieldReader fields, MeterFields meterFields, RequestObject top, RequestObject meter, MeterOptions options)
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
