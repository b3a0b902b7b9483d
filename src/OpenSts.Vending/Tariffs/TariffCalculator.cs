using System.Globalization;
using OpenSts.Vending.Customers;
using OpenSts.Vending.Meters;

namespace OpenSts.Vending.Tariffs;

/// <summary>Takes a tender apart: fixed charges, channel fee, arrears, tax, energy by the tariff's blocks. Decimals
/// only.</summary>
/// <remarks>
/// Rates are without tax. Each part is rounded half to even to the smallest coin and the tax line takes what is left,
/// so that the lines
/// are the tender. Units are cut off after six decimals, then rounded up to the token's step (IEC 62055-41).
/// </remarks>
public static class TariffCalculator
{
    /// <summary>The price, or why the tariff sells nothing for this tender.</summary>
    public static Result<Quote> Quote(QuoteRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (CheckLimits(request) is { } limit)
            return limit;
        var lines = new List<QuoteLine>();
        var (tariff, currency) = (request.Tariff, request.Currency);
        var tax = tariff.TaxPercent / 100m;

        var (fixedNet, fixedGross) = FixedCharges(request, tax);
        var names = string.Join(", ", tariff.FixedCharges.Select(charge => charge.Name));
        Add(lines, QuoteLineKind.FixedCharge, names.Length == 0 ? "fixed charges" : names, fixedNet);
        var fee = tariff.Fees.FirstOrDefault(fee => fee.Channel == request.Channel);
        var feeNet = fee is null ? 0
            : currency.Round(fee.Amount + (currency.ToDecimal(request.Tender) * fee.Percent / 100m));
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
            lines.Add(new QuoteLine
            {
                Kind = QuoteLineKind.Tax,
                Name = "tax",
                Minor = taxed,
                Rate = tariff.TaxPercent
            });

        if (!TryField(request, energyNet, units, out var field, out var tokenUnits))
            return new Refusal(ErrorCodes.AmountOutOfRange, "tender", RefusalArgument.Number("units", units));
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

    private static Refusal? CheckLimits(QuoteRequest request)
    {
        var (tariff, currency) = (request.Tariff, request.Currency);
        var tender = currency.ToDecimal(request.Tender);
        if (tender < tariff.Minimum || tender > tariff.Maximum)
        {
            return new Refusal(ErrorCodes.TenderOutOfLimits, "tender", Money(request, "tender", request.Tender),
                RefusalArgument.Number("minimum", tariff.Minimum), RefusalArgument.Number("maximum", tariff.Maximum));
        }

        if (tariff.DailyMaximum is { } most && currency.ToDecimal(request.TenderedToday) + tender > most)
        {
            return new Refusal(ErrorCodes.TenderOutOfLimits, "tender", Money(request, "tender", request.Tender),
                Money(request, "tenderedToday", request.TenderedToday), RefusalArgument.Number("dailyMaximum", most));
        }

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
        foreach (var block in request.Tariff.Blocks)
        {
            var part = Math.Min(units, Room(block, at));
            if (part <= 0)
                continue;
            cost += part * block.Rate * request.Currency.Scale;
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
            lines.Add(new QuoteLine
            {
                Kind = QuoteLineKind.Energy,
                Name = BlockName(block),
                Minor = minor,
                Units = Cut(units),
                Rate = block.Rate
            });
        }

        return Cut(total);
    }

    private static bool TryField(
        QuoteRequest request, long energyNet, decimal units, out int field, out decimal tokenUnits)
    {
        (field, tokenUnits) = (0, 0);
        if (request.Form == TokenForm.Currency)
        {
            var text = request.Currency.ToDecimal(energyNet).ToString(CultureInfo.InvariantCulture);
            if (!CurrencyAmount.TryParse(text, out var money))
                return false;
            (field, tokenUnits) = (money.Field, decimal.Parse(money.ToString(), CultureInfo.InvariantCulture));
            return true;
        }

        if (!TransferAmount.TryParseTenths(units.ToString(CultureInfo.InvariantCulture), out var amount))
            return false;
        (field, tokenUnits) = (amount.Field, amount.Units / 10m);
        return true;
    }

    private static decimal Room(TariffBlock block, decimal at) =>
        block.UpTo is { } bound ? bound - at : decimal.MaxValue;

    private static decimal Cut(decimal units) => decimal.Truncate(units * 1_000_000m) / 1_000_000m;

    private static string BlockName(TariffBlock block) => block.UpTo is { } bound ? $"<= {Text(bound)}" : "";

    private static long WithTax(QuoteRequest request, long net, decimal tax) =>
        net + request.Currency.Round(request.Currency.ToDecimal(net) * tax);

    private static void Add(List<QuoteLine> lines, QuoteLineKind kind, string name, long minor)
    {
        if (minor != 0)
            lines.Add(new QuoteLine { Kind = kind, Name = name, Minor = minor });
    }

    private static Refusal NothingLeft(QuoteRequest request) =>
        new(ErrorCodes.TenderBuysNothing, "tender", Money(request, "tender", request.Tender));

    private static RefusalArgument Money(QuoteRequest request, string name, long minor) =>
        RefusalArgument.Money(name, new MoneyAmount(minor, request.Currency));

    private static string Text(decimal value) => value.ToString("0.####", CultureInfo.InvariantCulture);
}
