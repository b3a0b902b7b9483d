using OpenSts.Vending.Money;
using OpenSts.Vending.Tariffs;
using OpenSts.Vending.Vendors;

namespace OpenSts.Vending.Vends;

/// <summary>The journal entries of vends. Money moves with the intent; a refusal or reversal moves it back by an
/// opposite entry.</summary>
public static class VendEntries
{
    /// <summary>The entry of a credit vend; null where no money moves.</summary>
    /// <param name="id">The vend, which is the entry's reference.</param>
    /// <param name="plan">The vend.</param>
    /// <param name="vendor">Who sells.</param>
    /// <param name="currency">Of the utility.</param>
    /// <param name="source">Where the request came from.</param>
    public static JournalEntry? Of(string id, VendPlan plan, Vendor vendor, Currency currency, string source)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(vendor);
        ArgumentNullException.ThrowIfNull(currency);
        if (plan.Quote is not { } quote || plan.IsSandbox)
            return null;
        var commission = currency.Round(currency.ToDecimal(quote.Tender) * vendor.CommissionPercent / 100m);
        var header = new JournalHeader(
            JournalKind.Vend, id, plan.RequestedBy.CallerId, source, plan.CreatedAt, plan.BookedOn, currency);
        var arrears = quote.Sum(QuoteLineKind.Arrears);
        return JournalEntry.Create(header,
            (AccountCode.Wallet(vendor.Id), commission - quote.Tender),
            (AccountCode.Commission, -commission),
            (AccountCode.FixedCharges, quote.Sum(QuoteLineKind.FixedCharge)),
            (AccountCode.Fees, quote.Sum(QuoteLineKind.Fee)),
            (AccountCode.Arrears(plan.Parties.CustomerId ?? "none"), arrears),
            (AccountCode.Energy, quote.Sum(QuoteLineKind.Energy)),
            (AccountCode.Tax, quote.Sum(QuoteLineKind.Tax)));
    }

    /// <summary>The entry that moves the money of a vend back.</summary>
    public static JournalEntry Reversal(
        JournalEntry entry, string actor, string reason, string source, DateTimeOffset at, DateOnly bookedOn)
    {
        ArgumentNullException.ThrowIfNull(entry);
        return entry.Reverse(
            new JournalHeader(JournalKind.VendReversed, entry.Reference, actor, source, at, bookedOn, entry.Currency)
            {
                Reason = reason,
            });
    }
}
