using OpenSts.Vending.Meters;

namespace OpenSts.Vending.Issues;

/// <summary>A sale as the client asks for it.</summary>
/// <param name="Pan">The meter.</param>
/// <param name="Tender">Money for the sale; 0 takes a free allocation alone.</param>
/// <param name="Cash">Money handed over, where it is more than the tender.</param>
/// <param name="Channel">counter, mobile and so on: decides the fee.</param>
/// <param name="Vendor">Who sells.</param>
/// <param name="Terminal">Where, for the receipt.</param>
/// <param name="UseKey">Null for the key the server thinks right; old or new while a key change is not confirmed.</param>
public sealed record SaleRequest(MeterPan Pan, decimal Tender, decimal? Cash, string Channel, string Vendor, string? Terminal, KeyChoice? UseKey);

/// <summary>Under which key a sale is made while a key change is on its way.</summary>
public enum KeyChoice
{
    Old,
    New,
}

/// <summary>A key change set on its own.</summary>
/// <param name="Pan">The meter.</param>
/// <param name="To">The key to move to.</param>
/// <param name="Reason">Why.</param>
public sealed record KeyChangeOrder(MeterPan Pan, MeterKey To, string Reason);

/// <summary>The value of an earlier token again.</summary>
/// <param name="Original">The issue.</param>
/// <param name="Reason">Why.</param>
/// <param name="WorkOrder">The paper behind it.</param>
public sealed record ReplacementOrder(string Original, string Reason, string? WorkOrder);

/// <summary>An engineering token.</summary>
/// <param name="Pan">The meter; null for a test token.</param>
/// <param name="Token">What it does.</param>
/// <param name="Reason">Why.</param>
/// <param name="WorkOrder">The paper behind it.</param>
public sealed record EngineeringOrder(MeterPan? Pan, EngineeringRequest Token, string Reason, string? WorkOrder);
