using OpenSts.Cosem.Apdu;
using OpenSts.Cosem.Meters;
using OpenSts.Cosem.Values;

namespace OpenSts.Cosem.Objects;

/// <summary>Account, Credit and Charge of a meter with one credit that tokens add to and one charge for what is used.</summary>
/// <remarks>
/// IEC 62056-6-2, classes 111, 112 and 113; readings in docs/standard/readings.md. Amounts move by tokens and consumption alone, so the
/// optional methods of these classes are not there.
/// </remarks>
internal static class PaymentObjects
{
    private const byte Prepayment = 2;
    private const byte Active = 2;
    private const byte Consumption = 1;
    private const byte Monetary = 2;

    public static CosemObject Account(MeterNameplate plate) => new CosemObject(111, 0, Obis.Account)
        .With("account_mode_and_status", _ => CosemValue.Structure(CosemValue.Enum(Prepayment), CosemValue.Enum(Active)))
        .With("current_credit_in_use", _ => CosemValue.UInt8(0))
        .With("current_credit_status", call => CreditStatus(call.Reading))
        .With("available_credit", call => Amounts.Show(plate, Int128.Max(call.Reading.Credit, 0)))
        .With("amount_to_clear", call => Amounts.Show(plate, Int128.Min(call.Reading.Credit, 0)))
        .With("clearance_threshold", _ => CosemValue.Int32(0))
        .With("aggregated_debt", _ => CosemValue.Int32(0))
        .With("credit_reference_list", _ => CosemValue.Array(CosemValue.Name(Obis.Credit)))
        .With("charge_reference_list", _ => CosemValue.Array(CosemValue.Name(Obis.Charge)))
        .With("credit_charge_configuration", _ => CosemValue.Array(CosemValue.Structure(CosemValue.Name(Obis.Credit), CosemValue.Name(Obis.Charge), CosemValue.BitString(3, _ => false))))
        .With("token_gateway_configuration", _ => CosemValue.Array(CosemValue.Structure(CosemValue.Name(Obis.Credit), CosemValue.UInt8(100))))
        .With("account_activation_time", _ => CosemValue.OctetString(CosemDateTime.From(plate.Activated)))
        .With("account_closure_time", _ => CosemValue.OctetString(CosemDateTime.Open))
        .With("currency", _ => CosemValue.Structure(
            CosemValue.Utf8String(CurrencyName(plate)),
            CosemValue.Int8(Amounts.Scale(plate)),
            CosemValue.Enum(plate.CountsCurrency ? Monetary : plate.Service == CreditService.Time ? (byte)0 : Consumption)))
        .With("low_credit_threshold", call => Amounts.Show(plate, call.Reading.LowCreditThreshold), WriteLowCredit)
        .With("next_credit_available_threshold", _ => CosemValue.Int32(0))
        .With("max_provision", _ => CosemValue.UInt16(0))
        .With("max_provision_period", _ => CosemValue.Int32(0));

    public static CosemObject Credit(MeterNameplate plate) => new CosemObject(112, 0, Obis.Credit)
        .With("current_credit_amount", call => Amounts.Show(plate, call.Reading.Credit))
        .With("credit_type", _ => CosemValue.Enum(0))
        .With("priority", _ => CosemValue.UInt8(1))
        .With("warning_threshold", call => Amounts.Show(plate, call.Reading.LowCreditThreshold))
        .With("limit", _ => CosemValue.Int32(0))
        // Accepts credit tokens, and nothing else of the five.
        .With("credit_configuration", _ => CosemValue.BitString(5, bit => bit == 4))
        .With("credit_status", call => CosemValue.Enum(call.Reading.Credit > 0 ? (byte)3 : (byte)4))
        .With("preset_credit_amount", _ => CosemValue.Int32(0))
        .With("credit_available_threshold", _ => CosemValue.Int32(0))
        .With("period", call => call.TimeValue(CosemDateTime.Open));

    public static CosemObject Charge(MeterNameplate plate) => new CosemObject(113, 0, Obis.Charge)
        .With("total_amount_paid", call => Amounts.Show(plate, call.Reading.Consumed))
        .With("charge_type", _ => CosemValue.Enum(0))
        .With("priority", _ => CosemValue.UInt8(1))
        .With("unit_charge_active", _ => UnitCharge(plate))
        .With("unit_charge_passive", _ => UnitCharge(plate))
        .With("unit_charge_activation_time", _ => CosemValue.OctetString(CosemDateTime.Open))
        .With("period", _ => CosemValue.UInt32(0))
        .With("charge_configuration", _ => CosemValue.BitString(2, bit => bit == 1))
        .With("last_collection_time", call => call.TimeValue(call.Reading.ChargeHistory is [.., var last] ? CosemDateTime.From(last.Time) : CosemDateTime.Open))
        .With("last_collection_amount", call => Amounts.Show(plate, LastCollected(call.Reading.ChargeHistory)))
        .With("total_amount_remaining", _ => CosemValue.Int32(0))
        .With("proportion", _ => CosemValue.UInt16(0));

    private static string CurrencyName(MeterNameplate plate) => plate.CurrencyName.Length > 0 ? plate.CurrencyName : plate.Service switch
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

    private static async ValueTask<DataAccessResult> WriteLowCredit(ObjectCall call, CosemValue value)
    {
        if (value.Type != CosemType.Int32)
            return DataAccessResult.TypeUnmatched;
        _ = value.TryGetInteger(out var shown);
        return await call.Meter.SetLowCreditThresholdAsync(Amounts.Meant(call.Meter.Nameplate, shown), call.Cancellation).ConfigureAwait(false)
            ? DataAccessResult.Success
            : DataAccessResult.TemporaryFailure;
    }

    // 0.1 of a unit for every 0.1 of a unit of the service, counted by its register in thousandths.
    private static CosemValue UnitCharge(MeterNameplate plate) => CosemValue.Structure(
        CosemValue.Structure(CosemValue.Int8(2), CosemValue.Int8(Amounts.Scale(plate))),
        CosemValue.Structure(CosemValue.UInt16(3), CosemValue.Name(Obis.Total(plate.Service)), CosemValue.Int8(2)),
        plate.CountsCurrency ? CosemValue.Array() : CosemValue.Array(CosemValue.Structure(CosemValue.OctetString(), CosemValue.Int16(1))));

    private static Int128 LastCollected(IReadOnlyList<RegisterEntry> history) => history.Count switch
    {
        0 => 0,
        1 => history[0].Value,
        var count => history[count - 1].Value - history[count - 2].Value,
    };
}
