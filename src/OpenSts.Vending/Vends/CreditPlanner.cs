using System.Globalization;
using OpenSts.Vending.Access;
using OpenSts.Vending.Meters;
using OpenSts.Vending.Money;
using OpenSts.Vending.SupplyGroups;
using OpenSts.Vending.Tariffs;
using OpenSts.Vending.TokenIdentifiers;
using OpenSts.Vending.Vendors;

namespace OpenSts.Vending.Vends;

/// <summary>Plans one credit vend: state, rights, key, free units, price, wallet, identifiers, entry, in this
/// order.</summary>
internal sealed class CreditPlanner(VendRules rules, DateTimeOffset now, Caller caller, VendSnapshot snapshot)
{
    private readonly List<TokenOrder> _orders = [];
    private readonly DateOnly _today = rules.Calendar.Day(now);
    private MeterTotals _totals = new();
    private IdentifierMark? _mark;
    private string? _repeated;

    public Result<VendPlan> Plan(CreditRequest request, bool trial)
    {
        if (snapshot.Meter is not { } meter)
            return new Refusal(
                ErrorCodes.MeterUnknown, "meter", RefusalArgument.Text("meter", request.Pan.ToString()));
        if (meter.RefusesVends() is { } state)
            return state;
        if (!Seller(request).TryGet(out var vendor, out var refusal))
            return refusal;
        if (snapshot.Outlet is not { Active: true } outlet || outlet.Vendor != vendor.Id)
            return new Refusal(
                ErrorCodes.OutletUnknown, "outlet", RefusalArgument.Text("outlet", request.Outlet ?? ""));
        if (!trial && caller.NeedsShift && snapshot.Shift is not { Closing: null })
            return new Refusal(ErrorCodes.NoOpenShift);
        if (RefusesMoney(request) is { } amount)
            return amount;
        if (meter.Sandbox is { } outcome && SandboxMeter.Refuses(outcome) is { } fixedRefusal)
            return fixedRefusal;

        _totals = snapshot.Totals.On(_today);
        if (!PlanKey(meter, request.UseKey).TryGet(out var key, out refusal))
            return refusal;
        var free = FreeUnits(meter);
        if (request.TenderMinor == 0 && free == 0)
            return new Refusal(
                ErrorCodes.TenderOutOfLimits, "tender", RefusalArgument.Text("rule", "no-free-units-due"));

        Quote? quote = null;
        var tariff = snapshot.Tariff?.On(_today);
        if (request.TenderMinor > 0)
        {
            if (tariff is null)
                return new Refusal(ErrorCodes.TariffUnknown, "meter", RefusalArgument.Text("tariff", meter.Tariff));
            if (!Price(meter, tariff, request).TryGet(out quote, out refusal))
                return refusal;
            if (vendor.RefusesTender(snapshot.WalletMinor, request.TenderMinor, rules.Currency) is { } empty)
                return empty;
        }

        if ((OrderFree(meter, key, free, trial) ?? OrderCredit(meter, key, quote, trial)) is { } untimely)
            return untimely;
        return Complete(request, meter, vendor, outlet, tariff, quote, free);
    }

    private Result<Vendor> Seller(CreditRequest request)
    {
        if (!caller.Sees(request.Vendor))
            return new Refusal(ErrorCodes.Forbidden, "vendor", RefusalArgument.Text("reason", "another-vendor"));
        return snapshot.Vendor is { Active: true } vendor && vendor.Id == request.Vendor
            ? vendor
            : new Refusal(ErrorCodes.VendorUnknown, "vendor", RefusalArgument.Text("vendor", request.Vendor));
    }

    private static Refusal? RefusesMoney(CreditRequest request)
    {
        if (request.TenderMinor is < 0 or > Currency.MaxMinor)
            return new Refusal(ErrorCodes.FieldInvalid, "tender", RefusalArgument.Text("rule", "amount"));
        return request.CashMinor is { } cash && (cash < request.TenderMinor || cash > Currency.MaxMinor)
            ? new Refusal(ErrorCodes.FieldInvalid, "cash", RefusalArgument.Text("rule", "at-least-the-tender"))
            : null;
    }

    // Which key the credit is made under, and the key change set where the group's policy sends one along.
    private Result<LocatedKey> PlanKey(PaymentMeter meter, KeyChoice? choice)
    {
        if (meter.NextKey is { } next)
        {
            // The set stays on every receipt until the new key is confirmed; it is the stored one, never another.
            _repeated = choice == KeyChoice.Old ? null : meter.KeyChangeVend;
            return LocatedKey.Find(snapshot.SupplyGroups, choice == KeyChoice.Old ? meter.Key : next);
        }

        if (!LocatedKey.Find(snapshot.SupplyGroups, meter.Key).TryGet(out var current, out var refusal))
            return refusal;
        var group = snapshot.SupplyGroups[meter.Key.SupplyGroup];
        if (group.CurrentKeyRevision == meter.Key.KeyRevisionNumber
            || group.KeyChangePolicy == KeyChangePolicy.Separately)
            return current;
        if (group.KeyChangePolicy == KeyChangePolicy.FieldTeam)
        {
            return new Refusal(ErrorCodes.KeyChangeNeeded, "meter",
                RefusalArgument.Number("revision", meter.Key.KeyRevisionNumber.Value),
                RefusalArgument.Number("current", group.CurrentKeyRevision.Value));
        }

        if (snapshot.PendingKeyChange is { } pending)
            return new Refusal(ErrorCodes.KeyChangeNotConfirmed, "meter", RefusalArgument.Text("vend", pending));
        var wanted = meter.Key with { KeyRevisionNumber = group.CurrentKeyRevision };
        if (!LocatedKey.Find(snapshot.SupplyGroups, wanted).TryGet(out var fresh, out refusal)
            || !current.ChangeTo(fresh, meter, now).TryGet(out var change, out refusal))
        {
            return refusal;
        }

        _orders.Add(change);
        return fresh;
    }

    private decimal FreeUnits(PaymentMeter meter) =>
        snapshot.Customer?.FreeAllocation is { ApprovedBy: not null } free && free.Expires >= _today
            && meter.Form == TokenForm.Units
        && !_totals.HadFreeUnits
            ? free.Units
            : 0;

    private Result<Quote> Price(PaymentMeter meter, TariffVersion tariff, CreditRequest request)
    {
        var accrued = snapshot.Tariff!.Accrued(rules.Currency, _totals.ChargedThrough ?? meter.ChargesFrom, _today);
        return TariffCalculator.Quote(new QuoteRequest
        {
            Tariff = tariff,
            Currency = rules.Currency,
            Tender = request.TenderMinor,
            BoughtThisMonth = _totals.MonthMilliUnits / 1000m,
            TenderedToday = _totals.TenderedToday,
            FixedChargesDue = accrued + _totals.FixedChargesLeft,
            ArrearsOwed = Math.Max(0, snapshot.ArrearsMinor),
            ArrearsPlan = snapshot.Customer?.Arrears,
            Channel = request.Channel,
            Form = meter.Form,
        });
    }

    private Refusal? OrderFree(PaymentMeter meter, LocatedKey key, decimal units, bool trial)
    {
        if (units == 0)
            return null;
        if (!TransferAmount.TryParseTenths(units.ToString(CultureInfo.InvariantCulture), out var amount))
            return new Refusal(ErrorCodes.AmountOutOfRange, null, RefusalArgument.Number("units", units));
        return Order(TokenPurpose.Free, meter, key, (int)meter.Service, amount.Field, amount.Units / 10m, trial);
    }

    // Subclasses 4 to 7 carry money.
    private Refusal? OrderCredit(PaymentMeter meter, LocatedKey key, Quote? quote, bool trial) => quote is null
        ? null
        : Order(TokenPurpose.Credit, meter, key, (int)meter.Service + (meter.Form == TokenForm.Currency ? 4 : 0),
            quote.Field, quote.TokenUnits, trial);

    private Refusal? Order(
        TokenPurpose purpose, PaymentMeter meter, LocatedKey key, int subclass, int field, decimal value, bool trial)
    {
        if (!key.Key.KeyType.MayCarryCredit())
            return new Refusal(
                ErrorCodes.KeyChangeNeeded, "meter", RefusalArgument.Text("keyType", key.Key.KeyType.Abbreviation()));
        TokenIdentifier? identifier = null;
        if (meter.Sandbox is null)
        {
            var mark = _mark ?? IdentifierPlanning.MarkOf(snapshot, meter, key);
            if (IdentifierPlanning.TryTake(rules, now, key, ref mark, ref _totals, out var tid) is { } refusal)
                return refusal;
            (_mark, identifier) = (mark, trial ? null : tid);
        }

        _orders.Add(new TokenOrder
        {
            Purpose = purpose,
            Register = key.Group.Register,
            Key = key.Key,
            Subclass = subclass,
            Field = field,
            Identifier = identifier,
            BaseDate = key.Group.BaseDate.Year,
            Value = value,
        });
        return null;
    }

    private VendPlan Complete(
        CreditRequest request, PaymentMeter meter, Vendor vendor, Outlet outlet, TariffVersion? tariff, Quote? quote,
            decimal free)
    {
        var last = snapshot.Totals.LastVendAt;
        var plan = new VendPlan
        {
            Kind = VendKind.Credit,
            State = VendState.Pending,
            Meter = meter,
            Parties = new VendParties
            {
                CustomerId = snapshot.Customer?.Id,
                CustomerName = snapshot.Customer?.Name,
                CustomerAddress = snapshot.Customer?.Address,
                CustomerAccount = snapshot.Customer?.Account,
                VendorName = vendor.Name,
                OutletName = outlet.Name,
                TariffName = tariff?.Name,
                TariffVersion = tariff?.Version,
            },
            Vendor = vendor.Id,
            Outlet = outlet.Id,
            Terminal = request.Terminal,
            Shift = snapshot.Shift?.Id,
            Payment = request.Payment,
            RequestedBy = Requester.Of(caller),
            ApprovedBy = free > 0 ? snapshot.Customer?.FreeAllocation?.ApprovedBy : null,
            Quote = quote,
            ChangeMinor = (request.CashMinor ?? request.TenderMinor) - request.TenderMinor,
            Currency = rules.Currency.Code,
            BookedOn = AccountingPeriod.BookingDay(_today, rules.ClosedThrough),
            DaysSinceLast = last is { } then ? _today.DayNumber - rules.Calendar.Day(then).DayNumber : null,
            Orders = _orders,
            RepeatedKeyChange = _repeated,
            Marks = _mark is null ? [] : [_mark],
            CreatedAt = now,
        };
        return plan.IsSandbox ? plan : plan with { Totals = Counted(plan, quote, free) };
    }

    private MeterTotals Counted(VendPlan plan, Quote? quote, decimal free) => _totals with
    {
        LastVendAt = _totals.LastVendAt > now ? _totals.LastVendAt : now,
        ChargedThrough = quote is null || _totals.ChargedThrough > _today ? _totals.ChargedThrough : _today,
        FixedChargesLeft = quote?.FixedChargesLeft ?? _totals.FixedChargesLeft,
        MonthMilliUnits = _totals.MonthMilliUnits + plan.MilliUnits,
        HadFreeUnits = _totals.HadFreeUnits || free > 0,
        TenderedToday = _totals.TenderedToday + (quote?.Tender ?? 0),
    };
}
