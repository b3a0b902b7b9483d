using System.Globalization;
using OpenSts.Vending.Customers;
using OpenSts.Vending.Documents;
using OpenSts.Vending.Meters;

namespace OpenSts.Vending.Tariffs;

/// <summary>Takes a tender apart: fixed charges, channel fee, arrears, tax, energy by the tariff's blocks. Decimals only.</summary>
/// <remarks>
/// Rates are without tax. Each part is rounded half to even to the smallest coin and the tax line takes what is left, so that the lines
/// are the tender. Units are cut off after six decimals, then rounded up to the token's step (IEC 62055-41).
/// </remarks>
public static class TariffCalculator
{
    /// <summary>The price, or why the tariff sells nothing for this tender.</summary>
    public static Verdict<Quote> Quote(QuoteRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (CheckLimits(request) is { } limit)
            return limit;
        var lines = new List<QuoteLine>();
        var (tariff, currency) = (request.Tariff, request.Currency);
        var tax = tariff.TaxPercent / 100m;

        var (fixedNet, fixedGross) = FixedCharges(request, tax);
        Add(lines, QuoteLineKind.FixedCharge, string.Join(", ", tariff.FixedCharges.Select(charge => charge.Name)), fixedNet);
        var fee = tariff.Fees.FirstOrDefault(fee => fee.Channel == request.Channel);
        var feeNet = fee is null ? 0 : currency.Round(fee.Amount + (currency.ToDecimal(request.Tender) * fee.Percent / 100m));
        var feeGross = WithTax(request, feeNet, tax);
        Add(lines, QuoteLineKind.Fee, request.Channel, feeNet);

        var available = request.Tender - fixedGross - feeGross;
        if (available <= 0)
            return NothingLeft(request);
        var arrears = Arrears(request, available, tax);
        Add(lines, QuoteLineKind.Arrears, "arrears", arrears);

        var energyGross = available - arrears;
        var energyNet = currency.Round(currency.ToDecimal(energyGross) / (1 + tax));
        var units = Energy(request, energyNet, lines);
        var taxed = request.Tender - arrears - fixedNet - feeNet - energyNet;
        if (taxed != 0)
            lines.Add(new QuoteLine { Kind = QuoteLineKind.Tax, Name = "tax", Minor = taxed, Rate = tariff.TaxPercent });

        if (!TryField(request, energyNet, units, out var field, out var tokenUnits))
            return new Refusal("amount-out-of-range", $"{units.ToString(CultureInfo.InvariantCulture)} units do not fit into a token; permitted are 0.1 to 1820162.4.", "tender");
        if (tokenUnits == 0)
            return NothingLeft(request);
        return new Quote
        {
            Tender = request.Tender,
            Lines = lines,
            Units = units,
            TokenUnits = tokenUnits,
            Field = field,
            FixedChargesLeft = request.FixedChargesDue - fixedNet,
            ArrearsLeft = request.ArrearsOwed - arrears,
        };
    }

    /// <summary>Fixed charges that fell due behind one day and up to another, without tax, in minor units.</summary>
    /// <remarks>A day's charge falls due with the day, a month's with its first day.</remarks>
    public static long Accrued(Tariff tariff, Money.Currency currency, DateOnly after, DateOnly through)
    {
        ArgumentNullException.ThrowIfNull(tariff);
        ArgumentNullException.ThrowIfNull(currency);
        if (through <= after)
            return 0;
        var days = through.DayNumber - after.DayNumber;
        var months = ((through.Year - after.Year) * 12) + through.Month - after.Month;
        return tariff.FixedCharges.Sum(charge => currency.Round(charge.Amount * (charge.Period == ChargePeriod.Daily ? days : months)));
    }

    private static Refusal? CheckLimits(QuoteRequest request)
    {
        var (tariff, currency) = (request.Tariff, request.Currency);
        var tender = currency.ToDecimal(request.Tender);
        if (tender < tariff.Minimum || tender > tariff.Maximum)
            return new Refusal("tender-out-of-limits", $"The tender is {currency.Format(request.Tender)}; the tariff permits {Text(tariff.Minimum)} to {Text(tariff.Maximum)}.", "tender");
        if (tariff.DailyMaximum is { } most && currency.ToDecimal(request.TenderedToday) + tender > most)
            return new Refusal("tender-out-of-limits", $"With {currency.Format(request.TenderedToday)} of today the meter would have {Text(currency.ToDecimal(request.TenderedToday) + tender)}; the tariff permits {Text(most)} a day.", "tender");
        return null;
    }

    private static (long Net, long Gross) FixedCharges(QuoteRequest request, decimal tax)
    {
        var due = WithTax(request, request.FixedChargesDue, tax);
        var cap = (long)decimal.Floor(request.Tender * request.Tariff.FixedChargesCapPercent / 100m);
        if (due <= cap)
            return (request.FixedChargesDue, due);
        return ((long)decimal.Round(cap / (1 + tax), 0, MidpointRounding.ToEven), cap);
    }

    private static long Arrears(QuoteRequest request, long available, decimal tax)
    {
        if (request.ArrearsPlan is not { } plan || request.ArrearsOwed <= 0)
            return 0;
        var wanted = plan.Rule switch
        {
            ArrearsRule.Instalment => request.Currency.Round(plan.Value),
            ArrearsRule.Share => (long)decimal.Floor(request.Tender * plan.Value / 100m),
            _ => request.ArrearsOwed,
        };
        var kept = WithTax(request, (long)decimal.Ceiling(CostOf(request, plan.KeepUnits)), tax);
        return Math.Clamp(Math.Min(wanted, request.ArrearsOwed), 0, Math.Max(0, available - kept));
    }

    // What units cost from where the month stands, without tax, in minor units and their fractions.
    private static decimal CostOf(QuoteRequest request, decimal units)
    {
        var (at, cost) = (request.BoughtThisMonth, 0m);
        var minor = request.Currency.Decimals switch { 0 => 1m, 1 => 10m, 2 => 100m, 3 => 1000m, _ => 10000m };
        foreach (var block in request.Tariff.Blocks)
        {
            var part = Math.Min(units, Room(block, at));
            if (part <= 0)
                continue;
            cost += part * block.Rate * minor;
            at += part;
            units -= part;
        }

        return cost;
    }

    private static decimal Energy(QuoteRequest request, long energyNet, List<QuoteLine> lines)
    {
        var currency = request.Currency;
        var (at, left, billed, total) = (request.BoughtThisMonth, currency.ToDecimal(energyNet), 0L, 0m);
        var spent = 0m;
        foreach (var block in request.Tariff.Blocks)
        {
            var room = Room(block, at);
            if (room <= 0 || left <= 0)
                continue;
            var whole = room != decimal.MaxValue && left >= room * block.Rate;
            var units = whole ? room : left / block.Rate;
            var cost = whole ? room * block.Rate : left;
            left -= cost;
            spent += cost;
            // The rounded sum so far, less what was billed: no cent is lost between the blocks.
            var minor = left <= 0 ? energyNet - billed : currency.Round(spent) - billed;
            billed += minor;
            at += units;
            total += units;
            lines.Add(new QuoteLine { Kind = QuoteLineKind.Energy, Name = BlockName(block), Minor = minor, Units = Cut(units), Rate = block.Rate });
        }

        return Cut(total);
    }

    private static bool TryField(QuoteRequest request, long energyNet, decimal units, out int field, out decimal tokenUnits)
    {
        (field, tokenUnits) = (0, 0);
        if (request.Form == TokenForm.Currency)
        {
            if (!CurrencyAmount.TryParse(request.Currency.ToDecimal(energyNet).ToString(CultureInfo.InvariantCulture), out var money))
                return false;
            (field, tokenUnits) = (money.Field, decimal.Parse(money.ToString(), CultureInfo.InvariantCulture));
            return true;
        }

        if (!TransferAmount.TryParseTenths(units.ToString(CultureInfo.InvariantCulture), out var amount))
            return false;
        (field, tokenUnits) = (amount.Field, amount.Units / 10m);
        return true;
    }

    private static decimal Room(TariffBlock block, decimal at) => block.UpTo is { } bound ? bound - at : decimal.MaxValue;

    private static decimal Cut(decimal units) => units == decimal.MaxValue ? units : decimal.Truncate(units * 1_000_000m) / 1_000_000m;

    private static string BlockName(TariffBlock block) => block.UpTo is { } bound ? $"<= {Text(bound)}" : "";

    private static long WithTax(QuoteRequest request, long net, decimal tax) => net + request.Currency.Round(request.Currency.ToDecimal(net) * tax);

    private static void Add(List<QuoteLine> lines, QuoteLineKind kind, string name, long minor)
    {
        if (minor != 0)
            lines.Add(new QuoteLine { Kind = kind, Name = name, Minor = minor });
    }

    private static Refusal NothingLeft(QuoteRequest request) =>
        new("tender-buys-nothing", $"Of {request.Currency.Format(request.Tender)} nothing is left for units once charges, fees and arrears are taken.", "tender");

    private static string Text(decimal value) => value.ToString("0.####", CultureInfo.InvariantCulture);
}
