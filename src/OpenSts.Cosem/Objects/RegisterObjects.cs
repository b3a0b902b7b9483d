using OpenSts.Cosem.Apdu;
using OpenSts.Cosem.Meters;
using OpenSts.Cosem.Values;

namespace OpenSts.Cosem.Objects;

/// <summary>Clock, serial number and registers.</summary>
/// <remarks>IEC 62056-6-2, classes 1, 3 and 8.</remarks>
internal static class RegisterObjects
{
    private const byte Watt = 27;
    private const byte WattHour = 30;
    private const byte CubicMetre = 13;
    private const byte Second = 7;

    public static CosemObject Clock() => new CosemObject(8, 0, Obis.Clock)
        .With("time", call => CosemValue.OctetString(CosemDateTime.From(call.Reading.Time)), WriteTime)
        .With("time_zone", call => CosemValue.Int16((short)-call.Reading.Time.TotalOffsetMinutes))
        .With("status", _ => CosemValue.UInt8(0))
        .With("daylight_savings_begin", _ => CosemValue.OctetString(CosemDateTime.Open))
        .With("daylight_savings_end", _ => CosemValue.OctetString(CosemDateTime.Open))
        .With("daylight_savings_deviation", _ => CosemValue.Int8(0))
        .With("daylight_savings_enabled", _ => CosemValue.Boolean(false))
        .With("clock_base", _ => CosemValue.Enum(1))
        .ForEverybody();

    public static CosemObject SerialNumber(MeterNameplate plate)
    {
        var number = System.Text.Encoding.ASCII.GetBytes(plate.MeterPan.DecoderReferenceNumber.ToString());
        return new CosemObject(1, 0, Obis.SerialNumber).With("value", _ => CosemValue.OctetString(number));
    }

    public static CosemObject Total(MeterNameplate plate) => Register(
        Obis.Total(plate.Service),
        call => CosemValue.UInt64(call.Reading.Total),
        plate.Service == CreditService.Electricity || plate.Service == CreditService.Time ? (sbyte)0 : (sbyte)-3,
        plate.Service switch
        {
            CreditService.Electricity => WattHour,
            CreditService.Time => Second,
            _ => CubicMetre,
        });

    public static CosemObject Power() => Register(Obis.Power, call => CosemValue.UInt32((uint)Math.Max(call.Reading.Power, 0)), 0, Watt);

    public static CosemObject Unbalance() => Register(Obis.Unbalance, call => CosemValue.UInt32((uint)Math.Max(call.Reading.PhasePowerUnbalance, 0)), 0, Watt);

    private static CosemObject Register(LogicalName name, Func<ObjectCall, ReadResult> value, sbyte scaler, byte unit) => new CosemObject(3, 0, name)
        .With("value", value)
        .With("scaler_unit", _ => CosemValue.Structure(CosemValue.Int8(scaler), CosemValue.Enum(unit)));

    private static async ValueTask<DataAccessResult> WriteTime(ObjectCall call, CosemValue value)
    {
        if (value.Type is not (CosemType.OctetString or CosemType.DateTime))
            return DataAccessResult.TypeUnmatched;
        if (!CosemDateTime.TryRead(value.Octets, out var time) || time.Moment is not { } moment)
            return DataAccessResult.ScopeOfAccessViolated;
        return await call.Meter.SetTimeAsync(moment, call.Cancellation).ConfigureAwait(false) ? DataAccessResult.Success : DataAccessResult.TemporaryFailure;
    }
}
