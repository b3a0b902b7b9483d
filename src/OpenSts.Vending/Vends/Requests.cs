using OpenSts.Vending.Meters;
using OpenSts.Vending.Shifts;

namespace OpenSts.Vending.Vends;

/// <summary>Under which key a vend is made while a key change is not confirmed.</summary>
public enum KeyChoice
{
    Old,
    New,
}

/// <summary>A request for tokens: what the client sends under an id of its own.</summary>
public abstract record VendRequest
{
    private protected VendRequest()
    {
    }

    public abstract VendKind Kind { get; }

    /// <summary>The meter; null for a test token and a replacement, which takes the original's.</summary>
    public abstract MeterPan? Meter { get; }
}

/// <summary>Money for units.</summary>
/// <param name="Pan">The meter.</param>
/// <param name="TenderMinor">Money for the vend, in minor units; 0 takes a free allocation alone.</param>
/// <param name="CashMinor">Money handed over, where it is more than the tender.</param>
/// <param name="Channel">counter, mobile and so on: decides the fee.</param>
/// <param name="Vendor">Who sells.</param>
/// <param name="Outlet">Where; null for the caller's or the vendor's first outlet.</param>
/// <param name="Terminal">At which terminal, for the receipt.</param>
/// <param name="UseKey">Null for the key the server thinks right; old or new while a key change is not
/// confirmed.</param>
/// <param name="Payment">How the customer pays.</param>
public sealed record CreditRequest(
    MeterPan Pan, long TenderMinor, long? CashMinor, string Channel, string Vendor, string? Outlet, string? Terminal,
        KeyChoice? UseKey,
    PaymentMethod Payment = PaymentMethod.Cash)
    : VendRequest
{
    public override VendKind Kind => VendKind.Credit;

    public override MeterPan? Meter => Pan;
}

/// <summary>A key change set on its own.</summary>
/// <param name="Pan">The meter.</param>
/// <param name="To">The key to move to.</param>
/// <param name="Reason">Why.</param>
public sealed record KeyChangeRequest(MeterPan Pan, MeterKey To, string Reason) : VendRequest
{
    public override VendKind Kind => VendKind.KeyChange;

    public override MeterPan? Meter => Pan;
}

/// <summary>The value of an earlier vend again.</summary>
/// <param name="Original">The id of that vend.</param>
/// <param name="Reason">Why.</param>
/// <param name="WorkOrder">The document behind it.</param>
public sealed record ReplacementRequest(string Original, string Reason, string? WorkOrder) : VendRequest
{
    public override VendKind Kind => VendKind.Replacement;

    public override MeterPan? Meter => null;
}

/// <summary>Which engineering token.</summary>
public enum EngineeringKind
{
    ClearCredit,
    ClearTamper,
    PowerLimit,
    PhaseUnbalance,
    TariffRate,
    WaterFactor,
    Flag,
    Control,
    Test,
}

/// <summary>An engineering token.</summary>
/// <param name="Pan">The meter; null for a test token.</param>
/// <param name="Token">Which.</param>
/// <param name="Value">Watts, register, rate, factor, element value, flag state (0 or 1) or the test's number (0 for
/// all).</param>
/// <param name="Index">The flag (0 to 511) or control element (0 to 62).</param>
/// <param name="Reason">Why.</param>
/// <param name="WorkOrder">The document behind it.</param>
public sealed record EngineeringRequest(
    MeterPan? Pan, EngineeringKind Token, long? Value, int? Index, string Reason, string? WorkOrder) : VendRequest
{
    public override VendKind Kind => VendKind.Engineering;

    public override MeterPan? Meter => Pan;
}
