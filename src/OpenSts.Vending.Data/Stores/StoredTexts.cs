using OpenSts.Vending.Customers;
using OpenSts.Vending.Meters;
using OpenSts.Vending.Shifts;
using OpenSts.Vending.SupplyGroups;
using OpenSts.Vending.Tariffs;
using OpenSts.Vending.Vends;

namespace OpenSts.Vending.Data.Stores;

/// <summary>The stored texts of an enum: written out, so that renaming a member changes nothing that is
/// stored.</summary>
internal sealed class StoredTexts<T>(params IReadOnlyList<(T Value, string Text)> texts)
    where T : struct, Enum
{
    /// <summary>The stored text.</summary>
    public string Of(T value) => texts.First(pair => EqualityComparer<T>.Default.Equals(pair.Value, value)).Text;

    /// <summary>The value of a stored text.</summary>
    /// <exception cref="FormatException">It is no text of this enum.</exception>
    public T Parse(string text)
    {
        foreach (var (value, known) in texts)
        {
            if (known == text)
                return value;
        }

        throw new FormatException($"'{text}' is no stored {typeof(T).Name}.");
    }
}

/// <summary>The stored texts of every enum that is stored.</summary>
internal static class StoredTexts
{
    public static readonly StoredTexts<VendKind> VendKind =
        new([.. Enum.GetValues<VendKind>().Select(kind => (kind, kind.Text()))]);

    public static readonly StoredTexts<TokenPurpose> TokenPurpose =
        new([.. Enum.GetValues<TokenPurpose>().Select(purpose => (purpose, purpose.Text()))]);

    public static readonly StoredTexts<KeyType> KeyType =
        new([.. Enum.GetValues<KeyType>().Select(type => (type, type.Abbreviation()))]);

    public static readonly StoredTexts<EncryptionAlgorithm> EncryptionAlgorithm =
        new((OpenSts.EncryptionAlgorithm.Ea07, "EA07"), (OpenSts.EncryptionAlgorithm.Ea11, "EA11"));

    public static readonly StoredTexts<TokenCarrierType> TokenCarrierType = new(
        (OpenSts.TokenCarrierType.MagneticCard, "magnetic-card"), (OpenSts.TokenCarrierType.Numeric, "numeric"),
        (OpenSts.TokenCarrierType.VirtualLocal, "virtual-local"),
            (OpenSts.TokenCarrierType.VirtualDlms, "virtual-dlms"));

    public static readonly StoredTexts<CreditService> Service = new(
        (CreditService.Electricity, "electricity"), (CreditService.Water, "water"), (CreditService.Gas, "gas"),
        (CreditService.Time, "time"));

    public static readonly StoredTexts<TokenForm> TokenForm =
        new((OpenSts.Vending.Meters.TokenForm.Units, "units"),
            (OpenSts.Vending.Meters.TokenForm.Currency, "currency"));

    public static readonly StoredTexts<MeterState> MeterState = new(
        (OpenSts.Vending.Meters.MeterState.Active, "active"), (OpenSts.Vending.Meters.MeterState.Blocked, "blocked"),
            (OpenSts.Vending.Meters.MeterState.Replaced, "replaced"));

    public static readonly StoredTexts<SandboxOutcome> Sandbox = new(
        (SandboxOutcome.Ok, "ok"), (SandboxOutcome.Blocked, "blocked"), (SandboxOutcome.Unknown, "unknown"),
        (SandboxOutcome.CheckDigitWrong, "check-digit-wrong"), (SandboxOutcome.NeedsKeyChange, "needs-key-change"),
        (SandboxOutcome.VendorCreditExhausted, "vendor-credit-exhausted"),
        (SandboxOutcome.TimesOutButIssued, "times-out-but-issued"),
        (SandboxOutcome.TimesOutAndNotIssued, "times-out-and-not-issued"));

    public static readonly StoredTexts<KeyChangePolicy> KeyChangePolicy = new(
        (OpenSts.Vending.SupplyGroups.KeyChangePolicy.WithNextVend, "with-next-vend"),
        (OpenSts.Vending.SupplyGroups.KeyChangePolicy.Separately, "separately"),
            (OpenSts.Vending.SupplyGroups.KeyChangePolicy.FieldTeam, "field-team"));

    public static readonly StoredTexts<ArrearsRule> ArrearsRule = new(
        (OpenSts.Vending.Customers.ArrearsRule.Instalment, "instalment"),
            (OpenSts.Vending.Customers.ArrearsRule.Share, "share"),
        (OpenSts.Vending.Customers.ArrearsRule.Priority, "priority"));

    public static readonly StoredTexts<ChargePeriod> ChargePeriod =
        new((OpenSts.Vending.Tariffs.ChargePeriod.Daily, "daily"),
            (OpenSts.Vending.Tariffs.ChargePeriod.Monthly, "monthly"));

    public static readonly StoredTexts<PaymentMethod> PaymentMethod = new(
        (OpenSts.Vending.Shifts.PaymentMethod.Cash, "cash"), (OpenSts.Vending.Shifts.PaymentMethod.Card, "card"),
        (OpenSts.Vending.Shifts.PaymentMethod.MobileMoney, "mobile-money"),
            (OpenSts.Vending.Shifts.PaymentMethod.BankTransfer, "bank-transfer"),
        (OpenSts.Vending.Shifts.PaymentMethod.Cheque, "cheque"));

    public static readonly StoredTexts<QuoteLineKind> QuoteLineKind = new(
        (OpenSts.Vending.Tariffs.QuoteLineKind.FixedCharge, "fixed-charge"),
            (OpenSts.Vending.Tariffs.QuoteLineKind.Arrears, "arrears"),
        (OpenSts.Vending.Tariffs.QuoteLineKind.Fee, "fee"), (OpenSts.Vending.Tariffs.QuoteLineKind.Energy, "energy"),
            (OpenSts.Vending.Tariffs.QuoteLineKind.Tax, "tax"));

    public static readonly StoredTexts<EngineeringKind> EngineeringKind = new(
        (OpenSts.Vending.Vends.EngineeringKind.ClearCredit, "clear-credit"),
            (OpenSts.Vending.Vends.EngineeringKind.ClearTamper, "clear-tamper"),
        (OpenSts.Vending.Vends.EngineeringKind.PowerLimit, "power-limit"),
            (OpenSts.Vending.Vends.EngineeringKind.PhaseUnbalance, "phase-unbalance"),
        (OpenSts.Vending.Vends.EngineeringKind.TariffRate, "tariff-rate"),
            (OpenSts.Vending.Vends.EngineeringKind.WaterFactor, "water-factor"),
        (OpenSts.Vending.Vends.EngineeringKind.Flag, "flag"), (OpenSts.Vending.Vends.EngineeringKind.Control,
            "control"), (OpenSts.Vending.Vends.EngineeringKind.Test, "test"));

    public static readonly StoredTexts<ArgumentKind> ArgumentKind = new(
        (Vending.ArgumentKind.Text, "text"), (Vending.ArgumentKind.Number, "number"),
            (Vending.ArgumentKind.Money, "money"),
        (Vending.ArgumentKind.Date, "date"), (Vending.ArgumentKind.Time, "time"));
}
