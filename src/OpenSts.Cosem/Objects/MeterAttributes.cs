using OpenSts.Cosem.Meters;
using OpenSts.Dlms.Apdu;
using OpenSts.Dlms.Server;
using OpenSts.Dlms.Values;

namespace OpenSts.Cosem.Objects;

/// <summary>
/// Attributes whose value comes from a reading of the meter. All attributes of one request come from one reading.
/// </summary>
internal static class MeterAttributes
{
    /// <summary>The reading of the request.</summary>
    public static ValueTask<MeterReading> ReadAsync(this ObjectCall call, ICosemMeter meter) =>
        call.SnapshotAsync(meter.ReadAsync);

    /// <summary>Adds the attribute with the next index.</summary>
    public static CosemObject WithReading(
        this CosemObject target,
        string name,
        ICosemMeter meter,
        Func<MeterReading, CosemValue> show,
        Func<ObjectCall, CosemValue, ValueTask<DataAccessResult>>? write = null) =>
            target.With(name, Value(meter, show), write);

    /// <summary>Reads one value of a reading.</summary>
    public static Func<ObjectCall, ValueTask<ReadResult>> Value(
        ICosemMeter meter, Func<MeterReading, CosemValue> show) =>
        async call => show(await call.ReadAsync(meter).ConfigureAwait(false));
}
