using System.Text;
using OpenSts.Cosem.Meters;
using OpenSts.Dlms.Objects;
using OpenSts.Dlms.Server;
using OpenSts.Dlms.Values;

namespace OpenSts.Cosem.Objects;

/// <summary>Clock, serial number and registers of the meter.</summary>
/// <remarks>IEC 62056-6-2, classes 1, 3 and 8.</remarks>
internal static class RegisterObjects
{
    private const byte Watt = 27;
    private const byte WattHour = 30;
    private const byte CubicMetre = 13;
    private const byte Second = 7;

    public static CosemObject Clock(ICosemMeter meter) => ClockObject.Create(
        async call => (await call.ReadAsync(meter).ConfigureAwait(false)).Time,
        (call, time) => meter.SetTimeAsync(time, call.Cancellation));

    public static CosemObject SerialNumber(ICosemMeter meter)
    {
        var number = Encoding.ASCII.GetBytes(meter.Nameplate.MeterPan.DecoderReferenceNumber.ToString());
        return new CosemObject(1, 0, PaymentObis.SerialNumber).With("value", _ => CosemValue.OctetString(number));
    }

    public static CosemObject Total(ICosemMeter meter)
    {
        var service = meter.Nameplate.Service;
        var countsThousandths = service is not (CreditService.Electricity or CreditService.Time);
        return RegisterObject.Create(
            PaymentObis.Total(service),
            MeterAttributes.Value(meter, reading => CosemValue.UInt64(reading.Total)),
            countsThousandths ? (sbyte)-3 : (sbyte)0,
            service switch
            {
                CreditService.Electricity => WattHour,
                CreditService.Time => Second,
                _ => CubicMetre,
            });
    }

    public static CosemObject Power(ICosemMeter meter) =>
        RegisterObject.Create(PaymentObis.Power,
            MeterAttributes.Value(meter, reading => CosemValue.UInt32((uint)Math.Max(reading.Power, 0))), 0, Watt);

    public static CosemObject Unbalance(ICosemMeter meter) => RegisterObject.Create(
        PaymentObis.Unbalance, MeterAttributes.Value(meter,
            reading => CosemValue.UInt32((uint)Math.Max(reading.PhasePowerUnbalance, 0))), 0, Watt);
}
