using OpenSts.Vending.Access;
using OpenSts.Vending.Customers;
using OpenSts.Vending.Documents;
using OpenSts.Vending.Meters;
using OpenSts.Vending.Money;
using OpenSts.Vending.Operations;
using OpenSts.Vending.SupplyGroups;
using OpenSts.Vending.Tariffs;
using OpenSts.Vending.Vendors;

namespace OpenSts.Vending.Issues;

/// <summary>Plans one sale: checks everything against the picture of its transaction. A trial does the same and takes nothing.</summary>
internal sealed class SalePlan(SalePicture picture, VendingSettings settings, DateTimeOffset now, Caller caller)
{
    private readonly List<TokenOrder> _orders = [];
    private readonly List<MadeTokens> _stored = [];

    /// <summary>The issue with its orders, not yet written.</summary>
    /// <param name="id">The client's id.</param>
    /// <param name="digest">Of the request.</param>
    /// <param name="request">The request.</param>
    /// <param name="trial">True takes no identifier and asks for no shift.</param>
    public Verdict<Issue> Make(string id, string digest, SaleRequest request, bool trial = false)
    {
        if (picture.Meter(request.Pan) is not { } meter)
            return new Refusal("meter-unknown", $"The meter {request.Pan} is not registered.", "meter");
        if (Refuses(meter) is { } state)
            return state;
        if (picture.Vendor(request.Vendor) is not { Active: true } vendor)
            return new Refusal("vendor-unknown", $"The vendor {request.Vendor} is not registered or not active.", "vendor");
        if (caller.Vendor is { } own && own != request.Vendor)
            return new Refusal("forbidden", $"This caller sells for vendor {own} only.", "vendor");
        var shift = caller.IsOperator && !trial ? picture.Shift(caller.Id) : null;
        if (caller.IsOperator && !trial && shift is null)
            return new Refusal("no-open-shift", "Open a shift before the first sale.");
        if (!settings.Currency.TryToMinor(request.Tender, out var tender))
            return new Refusal("field-invalid", $"The tender has more decimals than {settings.Currency.Code} has: {settings.Currency.Decimals}.", "tender");
        var cash = tender;
        if (request.Cash is { } handed && (!settings.Currency.TryToMinor(handed, out cash) || cash < tender))
            return new Refusal("field-invalid", "The cash handed over is less than the tender, or has more decimals than the currency.", "cash");

        var customer = meter.Customer is { } payer ? picture.Customer(payer) : null;
        var last = picture.Sales.Last(meter.Pan.ToString());
        var today = settings.Day(now);
        var month = settings.Month(now);
        if (!PlanKey(meter, request.UseKey).TryGet(out var key, out var refusal))
            return refusal;
        var free = FreeUnits(meter, customer, today);
        if (tender == 0 && free == 0)
            return new Refusal("tender-out-of-limits", "The tender is 0 and no free allocation is due; permitted is more than 0.", "tender");

        Quote? quote = null;
        var tariff = picture.Tariff(meter.Tariff);
        if (tender > 0)
        {
            if (tariff is null)
                return new Refusal("tariff-unknown", $"The meter's tariff {meter.Tariff} is not active.", "meter");
            if (!Price(meter, customer, tariff, last, today, tender, request.Channel).TryGet(out quote, out refusal))
                return refusal;
            if (WalletRefuses(vendor, tender) is { } empty)
                return empty;
        }

        if (!trial && (OrderFree(meter, key, free) ?? OrderCredit(meter, key, quote)) is { } untimely)
            return untimely;
        return new Issue
        {
            Id = id,
            Kind = IssueKind.Sale,
            State = IssueState.Pending,
            Digest = digest,
            Meter = meter,
            CustomerName = customer?.Name,
            CustomerAddress = customer?.Address,
            CustomerAccount = customer?.Account,
            Vendor = vendor.Id,
            VendorName = vendor.Name,
            Outlet = vendor.Outlet,
            Terminal = request.Terminal,
            Operator = caller.Id,
            ApprovedBy = free > 0 ? customer?.FreeAllocation?.ApprovedBy : null,
            Shift = shift?.Id,
            Quote = quote,
            TariffName = tariff?.Name,
            Change = cash - tender,
            Month = month,
            ChargedThrough = quote is null ? last?.ChargedThrough : today,
            DaysSinceLast = last is null ? null : today.DayNumber - settings.Day(last.Created).DayNumber,
            Orders = _orders,
            Repeated = _stored,
            Created = now,
        };
    }

    /// <summary>Enters the sale into the ledger: money moves with the intent, a refusal moves it back.</summary>
    public void Post(Issue sale)
    {
        if (sale is not { Quote: { } quote, Vendor: { } seller })
            return;
        var vendor = picture.Vendor(seller)!;
        var commission = settings.Currency.Round(settings.Currency.ToDecimal(quote.Tender) * vendor.CommissionPercent / 100m);
        picture.Ledger.Post(now, "sale", sale.Id,
            new Posting(Accounts.Wallet(seller), commission - quote.Tender),
            new Posting(Accounts.Commission, -commission),
            new Posting(Accounts.FixedCharges, quote.Sum(QuoteLineKind.FixedCharge)),
            new Posting(Accounts.Fees, quote.Sum(QuoteLineKind.Fee)),
            new Posting(Accounts.Arrears(sale.Meter!.Customer ?? "none"), quote.Sum(QuoteLineKind.Arrears)),
            new Posting(Accounts.Energy, quote.Sum(QuoteLineKind.Energy)),
            new Posting(Accounts.Tax, quote.Sum(QuoteLineKind.Tax)));
    }

    internal static Refusal? Refuses(PaymentMeter meter) => meter.State switch
    {
        MeterState.Blocked => new Refusal("meter-blocked", $"The meter is blocked: {meter.StateReason}.", "meter"),
        MeterState.Replaced => new Refusal("meter-replaced", $"The meter was replaced: {meter.StateReason}.", "meter"),
        _ => null,
    };

    // Which key the credit is made under, and the key change set where the group's policy sends one along.
    private Verdict<LocatedKey> PlanKey(PaymentMeter meter, KeyChoice? choice)
    {
        if (meter.NextKey is { } next)
        {
            // The set stays on every receipt until the new key is confirmed; it is the stored one, never another.
            if (choice != KeyChoice.Old && meter.KeyChangeIssue is { } issued && picture.Issue(issued) is { } set)
                _stored.AddRange(set.Tokens.Where(made => made.Kind == OrderKind.KeyChange));
            return Located(choice == KeyChoice.Old ? meter.Key : next);
        }

        if (!Located(meter.Key).TryGet(out var current, out var refusal))
            return refusal;
        var group = picture.Group(meter.Key.SupplyGroup)!;
        if (group.CurrentKeyRevision == meter.Key.KeyRevisionNumber || group.KeyChangePolicy == KeyChangePolicy.Separately)
            return current;
        if (group.KeyChangePolicy == KeyChangePolicy.FieldTeam)
            return new Refusal("key-change-needed", $"The meter holds revision {meter.Key.KeyRevisionNumber}; the group's is {group.CurrentKeyRevision}. The field team changes the key first.", "meter");
        if (!Located(meter.Key with { KeyRevisionNumber = group.CurrentKeyRevision }).TryGet(out var fresh, out refusal))
            return refusal;
        if (!current.ChangeTo(fresh, meter, now).TryGet(out var change, out refusal))
            return refusal;
        _orders.Add(change);
        return fresh;
    }

    private Verdict<LocatedKey> Located(MeterKey key) => LocatedKey.Find(picture.Group(key.SupplyGroup), key);

    private decimal FreeUnits(PaymentMeter meter, Customer? customer, DateOnly today) =>
        customer?.FreeAllocation is { ApprovedBy: not null } free && free.Expires >= today && meter.Form == TokenForm.Units
        && !picture.Sales.BoughtBy(meter.Pan.ToString()).HadFree
            ? free.Units
            : 0;

    private Verdict<Quote> Price(PaymentMeter meter, Customer? customer, Tariff tariff, LastSale? last, DateOnly today, long tender, string channel)
    {
        var bought = picture.Sales.BoughtBy(meter.Pan.ToString());
        var due = TariffCalculator.Accrued(tariff, settings.Currency, last?.ChargedThrough ?? meter.ChargesFrom, today) + (last?.FixedChargesLeft ?? 0);
        return TariffCalculator.Quote(new QuoteRequest
        {
            Tariff = tariff,
            Currency = settings.Currency,
            Tender = tender,
            BoughtThisMonth = bought.MilliUnits / 1000m,
            TenderedToday = bought.TenderedToday,
            FixedChargesDue = due,
            ArrearsOwed = customer is null ? 0 : Math.Max(0, -picture.Balance(Accounts.Arrears(customer.Id))),
            ArrearsPlan = customer?.Arrears,
            Channel = channel,
            Form = meter.Form,
        });
    }

    private Refusal? WalletRefuses(Vendor vendor, long tender)
    {
        var (holds, floor) = (picture.Balance(Accounts.Wallet(vendor.Id)), settings.Currency.Round(vendor.Floor));
        return holds - tender >= floor
            ? null
            : new Refusal("vendor-credit-exhausted", $"The wallet holds {settings.Currency.Format(holds)}; after this sale it would be below its floor of {settings.Currency.Format(floor)}.", "tender");
    }

    private Refusal? OrderFree(PaymentMeter meter, LocatedKey key, decimal units)
    {
        if (units == 0)
            return null;
        if (!TransferAmount.TryParseTenths(units.ToString(System.Globalization.CultureInfo.InvariantCulture), out var amount))
            return new Refusal("amount-out-of-range", $"A free allocation of {units} units does not fit into a token.");
        return Order(OrderKind.Free, meter, key, (int)meter.Service, amount.Field, amount.Units / 10m);
    }

    private Refusal? OrderCredit(PaymentMeter meter, LocatedKey key, Quote? quote) => quote is null
        ? null
        : Order(OrderKind.Credit, meter, key, (int)meter.Service + (meter.Form == TokenForm.Currency ? 4 : 0), quote.Field, quote.TokenUnits);

    private Refusal? Order(OrderKind kind, PaymentMeter meter, LocatedKey key, int subclass, int field, decimal value)
    {
        if (!key.Key.KeyType.MayCarryCredit())
            return new Refusal("key-change-needed", "The meter holds a default key, which takes no credit. Change its key first.", "meter");
        var tid = default(TokenIdentifier);
        if (meter.Sandbox is null && key.TryTakeIdentifier(picture.Marks, meter.Pan, now, out tid) is { } refusal)
            return refusal;
        _orders.Add(new TokenOrder
        {
            Kind = kind,
            Register = key.Group.Register,
            Key = key.Key,
            Subclass = subclass,
            Field = field,
            Identifier = tid.Value,
            BaseDate = key.Group.BaseDate,
            Value = value,
        });
        return null;
    }
}
