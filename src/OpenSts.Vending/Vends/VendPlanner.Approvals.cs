using OpenSts.Vending.Access;
using OpenSts.Vending.Meters;
using OpenSts.Vending.TokenIdentifiers;

namespace OpenSts.Vending.Vends;

/// <content>What waits for a second person: replacements and engineering tokens.</content>
public sealed partial class VendPlanner
{
    private Result<VendPlan> Replacement(ReplacementRequest request, Caller caller, VendSnapshot snapshot)
    {
        if (snapshot.Original is not
            {
                State: VendState.Issued, Kind: VendKind.Credit,
                Meter: { Sandbox: null } meter
            } original
            || !caller.Sees(original.Vendor))
        {
            return new Refusal(
                ErrorCodes.OriginalUnknown, "original", RefusalArgument.Text("original", request.Original));
        }

        if ((snapshot.Meter ?? meter).RefusesVends() is { } state)
            return state;
        if (original.Replacements.FirstOrDefault(IsOpen) is { } open)
            return new Refusal(ErrorCodes.ReplacementOpen, "original", RefusalArgument.Text("vend", open.Id));
        if (original.Replacements.Count(replacement => replacement.State == VendState.Issued) >= rules.MaxReplacements)
            return new Refusal(
                ErrorCodes.ReplacementLimit, "original", RefusalArgument.Number("limit", rules.MaxReplacements));
        return Plan(VendKind.Replacement, caller, meter) with
        {
            State = VendState.AwaitingApproval,
            Vendor = original.Vendor,
            Original = request.Original,
            Reason = request.Reason,
            WorkOrder = request.WorkOrder,
        };
    }

    private Result<VendPlan> Engineering(EngineeringRequest request, Caller caller, VendSnapshot snapshot)
    {
        if (EngineeringTokens.Refuses(request) is { } range)
            return range;
        if (request.Token == EngineeringKind.Test)
        {
            return Plan(VendKind.Engineering, caller, null) with
            {
                Reason = request.Reason,
                WorkOrder = request.WorkOrder,
                Engineering = request,
                Orders = [EngineeringTokens.Order(request)],
            };
        }

        if (snapshot.Meter is not { } meter)
            return new Refusal(ErrorCodes.MeterUnknown, "meter");
        if (meter.RefusesVends() is { } state)
            return state;
        return Plan(VendKind.Engineering, caller, meter) with
        {
            State = VendState.AwaitingApproval,
            Reason = request.Reason,
            WorkOrder = request.WorkOrder,
            Engineering = request,
        };
    }

    /// <summary>The plan of what was approved: its orders with their identifiers.</summary>
    /// <param name="waiting">The plan as it was asked for.</param>
    /// <param name="state">The state it is in.</param>
    /// <param name="approver">Who approves.</param>
    /// <param name="snapshot">What is stored now; of a replacement with its original.</param>
    public Result<VendPlan> Approve(VendPlan waiting, VendState state, Caller approver, VendSnapshot snapshot)
    {
        ArgumentNullException.ThrowIfNull(waiting);
        ArgumentNullException.ThrowIfNull(approver);
        ArgumentNullException.ThrowIfNull(snapshot);
        if (state != VendState.AwaitingApproval)
            return new Refusal(ErrorCodes.NotAwaitingApproval, null, RefusalArgument.Text("state", state.Text()));
        var needs = waiting.Kind == VendKind.Engineering ? Permission.EngineeringApprove : Permission.VendsApprove;
        if (SecondPerson.Refuses(waiting.RequestedBy, approver, needs, now) is { } refusal)
            return refusal;
        if (snapshot.Meter is not { } meter)
            return new Refusal(ErrorCodes.MeterUnknown, "meter");
        if (meter.RefusesVends() is { } blocked)
            return blocked;
        if (!LocatedKey.Find(snapshot.SupplyGroups, meter.NextKey ?? meter.Key).TryGet(out var key, out refusal))
            return refusal;

        var orders = new List<TokenOrder>();
        var totals = snapshot.Totals.On(rules.Calendar.Day(now));
        var mark = IdentifierPlanning.MarkOf(snapshot, meter, key);
        foreach (var wanted in Wanted(waiting, snapshot))
        {
            if (IdentifierPlanning.TryTake(rules, now, key, ref mark, ref totals, out var tid) is { } untimely)
                return untimely;
            orders.Add(wanted with
            {
                Register = key.Group.Register,
                Key = key.Key,
                Identifier = tid,
                BaseDate = key.Group.BaseDate.Year
            });
        }

        return waiting with
        {
            State = VendState.Pending,
            ApprovedBy = approver.Id,
            Meter = meter,
            Orders = orders,
            Totals = totals,
            Marks = [mark],
        };
    }

    private static bool IsOpen(EarlierReplacement replacement) =>
        replacement.State is VendState.AwaitingApproval or VendState.Pending;

    private static IEnumerable<TokenOrder> Wanted(VendPlan waiting, VendSnapshot snapshot) =>
        waiting.Kind == VendKind.Replacement
        ? snapshot.Original!.Orders.Where(order => order.Purpose is TokenPurpose.Credit or TokenPurpose.Free)
        : [EngineeringTokens.Order(waiting.Engineering!)];
}

internal static class IdentifierPlanning
{
    public static IdentifierMark MarkOf(VendSnapshot snapshot, PaymentMeter meter, LocatedKey key) =>
        snapshot.Marks.FirstOrDefault(mark => mark.BaseDate == key.Group.BaseDate)
            ?? new IdentifierMark(meter.Pan, key.Group.BaseDate, null);

    /// <summary>Takes an identifier for a token under this key, where the key still serves.</summary>
    public static Refusal? TryTake(
        VendRules rules, DateTimeOffset now, LocatedKey key, ref IdentifierMark mark, ref MeterTotals totals,
            out TokenIdentifier tid)
    {
        var (marked, counted) = (mark, totals);
        if (rules.Identifiers.TryTake(now, ref marked, ref counted, out tid) is { } refusal)
            return refusal;
        if (key.Refuses(tid, now) is { } expired)
            return expired;
        (mark, totals) = (marked, counted);
        return null;
    }
}
