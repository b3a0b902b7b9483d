using OpenSts.Vending.Access;
using OpenSts.Vending.Meters;

namespace OpenSts.Vending.Vends;

/// <summary>Turns a request and what is stored into a plan, or a refusal. It stores and asks nothing.</summary>
/// <param name="rules">Of the utility.</param>
/// <param name="now">The time of the vend.</param>
public sealed partial class VendPlanner(VendRules rules, DateTimeOffset now)
{
    /// <summary>Plans a request.</summary>
    public Result<VendPlan> Plan(VendRequest request, Caller caller, VendSnapshot snapshot) => request switch
    {
        CreditRequest credit => new CreditPlanner(rules, now, caller, snapshot).Plan(credit, trial: false),
        KeyChangeRequest change => KeyChange(change, caller, snapshot),
        ReplacementRequest replacement => Replacement(replacement, caller, snapshot),
        EngineeringRequest engineering => Engineering(engineering, caller, snapshot),
        _ => throw new ArgumentException($"There is no plan for {request?.GetType().Name}.", nameof(request)),
    };

    /// <summary>Shows what a credit vend would be: the same checks, no identifier, no shift.</summary>
    public Result<VendPlan> Try(CreditRequest request, Caller caller, VendSnapshot snapshot)
    {
        ArgumentNullException.ThrowIfNull(request);
        return new CreditPlanner(rules, now, caller, snapshot).Plan(request, trial: true);
    }

    private Result<VendPlan> KeyChange(KeyChangeRequest request, Caller caller, VendSnapshot snapshot)
    {
        if (snapshot.Meter is not { } meter)
            return new Refusal(ErrorCodes.MeterUnknown, "meter");
        if (meter.RefusesVends() is { } state)
            return state;
        if (meter.NextKey is not null)
            return new Refusal(
                ErrorCodes.KeyChangeNotConfirmed, "meter", RefusalArgument.Text("vend", meter.KeyChangeVend ?? ""));
        if (request.To == meter.Key)
            return new Refusal(ErrorCodes.FieldInvalid, "to", RefusalArgument.Text("rule", "another-key"));
        if (snapshot.PendingKeyChange is { } pending)
            return new Refusal(ErrorCodes.KeyChangeNotConfirmed, "meter", RefusalArgument.Text("vend", pending));
        if (!LocatedKey.Find(snapshot.SupplyGroups, meter.Key).TryGet(out var from, out var refusal)
            || !LocatedKey.Find(snapshot.SupplyGroups, request.To).TryGet(out var to, out refusal)
            || !from.ChangeTo(to, meter, now).TryGet(out var change, out refusal))
        {
            return refusal;
        }

        return Plan(VendKind.KeyChange, caller, meter) with { Reason = request.Reason, Orders = [change] };
    }

    // A plan of a kind that moves no money. What was approved keeps its vendor: a vendor sees its own requests.
    private VendPlan Plan(VendKind kind, Caller caller, PaymentMeter? meter) => new()
    {
        Kind = kind,
        State = VendState.Pending,
        Meter = meter,
        RequestedBy = Requester.Of(caller),
        Vendor = caller.Vendor,
        Currency = rules.Currency.Code,
        BookedOn = rules.Calendar.Day(now),
        CreatedAt = now,
    };
}
