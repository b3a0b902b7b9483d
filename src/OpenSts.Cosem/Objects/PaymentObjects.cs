using OpenSts.Cosem.Meters;
using OpenSts.Dlms.Apdu;
using OpenSts.Dlms.Server;
using OpenSts.Dlms.Values;

namespace OpenSts.Cosem.Objects;

/// <summary>
/// Account, Credit and Charge of a meter with one credit that tokens add to and one charge for what is used.
/// </summary>
/// <remarks>
/// IEC 62056-6-2, classes 111, 112 and 113; readings in docs/standard/readings.md. Amounts move by tokens and
/// consumption alone, so the optional methods of these classes are not there.
/// </remarks>
internal static class PaymentObjects
{
    private const byte Prepayment = 2;
    private const byte Active = 2;
    private const byte Consumption = 1;
    private const byte Monetary = 2;

    public static CosemObject Account(ICosemMeter meter) => new CosemObject(111, 0, PaymentObis.Account)
        .With("account_mode_and_status",
            _ => CosemValue.Structure(CosemValue.Enum(Prepayment), CosemValue.Enum(Active)))
        .With("current_credit_in_use", _ => CosemValue.UInt8(0))
        .WithReading("current_credit_status", meter, reading => CreditStatus(reading))
        .WithReading("available_credit", meter,
            reading => Amounts.Show(meter.Nameplate, Int128.Max(reading.Credit, 0)))
        .WithReading("amount_to_clear", meter, reading => Amounts.Show(meter.Nameplate, Int128.Min(reading.Credit, 0)))
        .With("clearance_threshold", _ => CosemValue.Int32(0))
        .With("aggregated_debt", _ => CosemValue.Int32(0))
        .With("credit_reference_list", _ => CosemValue.Array(CosemValue.Name(PaymentObis.Credit)))
        .With("charge_reference_list", _ => CosemValue.Array(CosemValue.Name(PaymentObis.Charge)))
        .With("credit_charge_configuration",
            _ =>
            CosemValue.Array(CosemValue.Structure(CosemValue.Name(PaymentObis.Credit),
            CosemValue.Name(PaymentObis.Charge), CosemValue.BitString(3, _ => false))))
        .With("token_gateway_configuration",
            _ => CosemValue.Array(CosemValue.Structure(CosemValue.Name(PaymentObis.Credit), CosemValue.UInt8(100))))
        .With("account_activation_time", _ => CosemValue.OctetString(CosemDateTime.From(meter.Nameplate.Activated)))
        .With("account_closure_time", _ => CosemValue.OctetString(CosemDateTime.Open))
        .With("currency", _ => CosemValue.Structure(
            CosemValue.Utf8String(CurrencyName(meter.Nameplate)),
            CosemValue.Int8(Amounts.Scale(meter.Nameplate)),
            CosemValue.Enum(meter.Nameplate.CountsCurrency ? Monetary : meter.Nameplate.Service == CreditService.Time
                ? (byte)0 : Consumption)))
        .WithReading("low_credit_threshold", meter,
            reading => Amounts.Show(meter.Nameplate, reading.LowCreditThreshold),
            (call, value) => WriteLowCreditAsync(meter, call, value))
        .With("next_credit_available_threshold", _ => CosemValue.Int32(0))
        .With("max_provision", _ => CosemValue.UInt16(0))
        .With("max_provision_period", _ => CosemValue.Int32(0));

    public static CosemObject Credit(ICosemMeter meter) => new CosemObject(112, 0, PaymentObis.Credit)
        .WithReading("current_credit_amount", meter, reading => Amounts.Show(meter.Nameplate, reading.Credit))
        .With("credit_type", _ => CosemValue.Enum(0))
        .With("priority", _ => CosemValue.UInt8(1))
        .WithReading("warning_threshold", meter, reading => Amounts.Show(meter.Nameplate, reading.LowCreditThreshold))
        .With("limit", _ => CosemValue.Int32(0))
        // Accepts credit tokens, and nothing else of the five.
        .With("credit_configuration", _ => CosemValue.BitString(5, bit => bit == 4))
        .WithReading("credit_status", meter, reading => CosemValue.Enum(reading.Credit > 0 ? (byte)3 : (byte)4))
        .With("preset_credit_amount", _ => CosemValue.Int32(0))
        .With("credit_available_threshold", _ => CosemValue.Int32(0))
        .With("period", call => call.TimeValue(CosemDateTime.Open));

    public static CosemObject Charge(ICosemMeter meter) => new CosemObject(113, 0, PaymentObis.Charge)
        .WithReading("total_amount_paid", meter, reading => Amounts.Show(meter.Nameplate, reading.Consumed))
        .With("charge_type", _ => CosemValue.Enum(0))
        .With("priority", _ => CosemValue.UInt8(1))
        .With("unit_charge_active", _ => UnitCharge(meter.Nameplate))
        .With("unit_charge_passive", _ => UnitCharge(meter.Nameplate))
        .With("unit_charge_activation_time", _ => CosemValue.OctetString(CosemDateTime.Open))
        .With("period", _ => CosemValue.UInt32(0))
        .With("charge_configuration", _ => CosemValue.BitString(2, bit => bit == 1))
        .With("last_collection_time", async call =>
            call.TimeValue(LastCollectedAt((await call.ReadAsync(meter).ConfigureAwait(false)).ChargeHistory)))
        .WithReading("last_collection_amount", meter,
            reading => Amounts.Show(meter.Nameplate, LastCollected(reading.ChargeHistory)))
        .With("total_amount_remaining", _ => CosemValue.Int32(0))
        .With("proportion", _ => CosemValue.UInt16(0));

    private static string CurrencyName(MeterNameplate plate) =>
        plate.CurrencyName.Length > 0 ? plate.CurrencyName : plate.Service switch
        {
            _ when plate.CountsCurrency => "XXX",
            CreditService.Electricity => "kWh",
            CreditService.Time => "min",
            _ => "m3",
        };

    // Bits 0 in credit, 1 low credit, 6 out of credit.
    private static CosemValue CreditStatus(MeterReading reading) => CosemValue.BitString(8, bit => bit switch
    {
        0 => reading.Credit > 0,
        1 => reading.Credit > 0 && reading.Credit < reading.LowCreditThreshold,
        6 => reading.Credit <= 0,
        _ => false,
    });

    private static async ValueTask<DataAccessResult> WriteLowCreditAsync(ICosemMeter meter, ObjectCall call,
        CosemValue value)
    {
        if (value.Type != CosemType.Int32)
            return DataAccessResult.TypeUnmatched;
        _ = value.TryGetInteger(out var shown);
        return await meter.SetLowCreditThresholdAsync(Amounts.Meant(meter.Nameplate, shown), call.Cancellation)
            .ConfigureAwait(false)
            ? DataAccessResult.Success
            : DataAccessResult.TemporaryFailure;
    }

    // 0.1 of a unit for every 0.1 of a unit of the service, counted by its register in thousandths.
    private static CosemValue UnitCharge(MeterNameplate plate) => CosemValue.Structure(
        CosemValue.Structure(CosemValue.Int8(2), CosemValue.Int8(Amounts.Scale(plate))),
        CosemValue.Structure(CosemValue.UInt16(3), CosemValue.Name(PaymentObis.Total(plate.Service)),
            CosemValue.Int8(2)),
        plate.CountsCurrency ? CosemValue.Array()
            : CosemValue.Array(CosemValue.Structure(CosemValue.OctetString(), CosemValue.Int16(1))));

    private static CosemDateTime LastCollectedAt(IReadOnlyList<RegisterEntry> history) =>
        history is [.., var last] ? CosemDateTime.From(last.Time) : CosemDateTime.Open;

    private static Int128 LastCollected(IReadOnlyList<RegisterEntry> history) => history.Count switch
    {
        0 => 0,
        1 => history[0].Value,
        var count => history[count - 1].Value - history[count - 2].Value,
    };
}
