using OpenSts.Vending.Access;
using OpenSts.Vending.Documents;
using OpenSts.Vending.Meters;
using OpenSts.Vending.Operations;
using OpenSts.Vending.Storage;

namespace OpenSts.Vending.Issues;

/// <summary>Issues that are not sales: key changes, replacements, engineering tokens. Read and checked inside one transaction.</summary>
internal sealed class OtherPlans(IStoreSession session, VendingSettings settings, DateTimeOffset now, Caller caller)
{
    private const long AllTests = (1L << 36) - 1;

    /// <summary>A key change set; the meter remembers where it is going once the set is made.</summary>
    public Verdict<Issue> KeyChange(string id, string digest, KeyChangeOrder order)
    {
        if (PaymentMeter.Find(session, order.Pan)?.Value is not { } meter)
            return new Refusal("meter-unknown", $"The meter {order.Pan} is not registered.", "meter");
        if (meter.State == MeterState.Replaced)
            return SalePlan.Refuses(meter)!;
        if (meter.NextKey is not null)
            return new Refusal("key-change-not-confirmed", $"The key change of issue {meter.KeyChangeIssue} is not confirmed; print it again, or confirm it first.", "meter");
        if (order.To == meter.Key)
            return new Refusal("field-invalid", "The new key is the key that the meter holds.", "to");
        if (Waiting(meter.Pan, IssueKind.KeyChange) is { } waiting)
            return waiting;
        if (!LocatedKey.Find(session, meter.Key).TryGet(out var from, out var refusal) || !LocatedKey.Find(session, order.To).TryGet(out var to, out refusal)
            || !from.ChangeTo(to, meter, now).TryGet(out var change, out refusal))
            return refusal;
        return Base(id, digest, IssueKind.KeyChange, meter) with { Reason = order.Reason, Orders = [change] };
    }

    /// <summary>A replacement, which waits for a second person.</summary>
    public Verdict<Issue> Replacement(string id, string digest, ReplacementOrder order)
    {
        if (IssueTable.Find(session, order.Original) is not { State: IssueState.Issued, Kind: IssueKind.Sale, Meter: { Sandbox: null } meter } original || !IssueDesk.Sees(caller, original))
            return new Refusal("original-unknown", $"The sale {order.Original} does not exist or has no tokens.", "original");
        return Base(id, digest, IssueKind.Replacement, meter) with
        {
            State = IssueState.AwaitingApproval,
            Original = order.Original,
            Reason = order.Reason,
            WorkOrder = order.WorkOrder,
        };
    }

    /// <summary>An engineering token; all but tests wait for a second person.</summary>
    public Verdict<Issue> Engineering(string id, string digest, EngineeringOrder order)
    {
        if (order.Token.Kind == EngineeringKind.Test)
        {
            return Base(id, digest, IssueKind.Engineering, null) with
            {
                Reason = order.Reason,
                WorkOrder = order.WorkOrder,
                Engineering = order.Token,
                Orders = [new TokenOrder { Kind = OrderKind.Test, Register = 0, Key = null, Field = order.Token.Value == 0 ? AllTests : 1L << (int)(order.Token.Value - 1), Value = order.Token.Value }],
            };
        }

        if (order.Pan is not { } pan || PaymentMeter.Find(session, pan)?.Value is not { } meter)
            return new Refusal("meter-unknown", $"The meter {order.Pan?.ToString() ?? "(none)"} is not registered; every engineering token but a test needs one.", "meter");
        if (meter.State == MeterState.Replaced)
            return SalePlan.Refuses(meter)!;
        return Base(id, digest, IssueKind.Engineering, meter) with
        {
            State = IssueState.AwaitingApproval,
            Reason = order.Reason,
            WorkOrder = order.WorkOrder,
            Engineering = order.Token,
        };
    }

    /// <summary>The approved issue with its orders; identifiers are taken now.</summary>
    public Verdict<Issue> Approve(Issue issue)
    {
        if (issue.State != IssueState.AwaitingApproval)
            return new Refusal("not-awaiting-approval", $"The issue {issue.Id} is {issue.State}.");
        if (issue.Operator == caller.Id)
            return new Refusal("second-person-needed", "Who asked for it cannot approve it.");
        if (PaymentMeter.Find(session, issue.Meter!.Pan)?.Value is not { } meter)
            return new Refusal("meter-unknown", $"The meter {issue.Meter.Pan} is not registered any more.");
        if (!LocatedKey.Find(session, meter.NextKey ?? meter.Key).TryGet(out var key, out var refusal))
            return refusal;
        var orders = new List<TokenOrder>();
        var marks = IdentifierMarks.Read(session, meter.Pan.ToString());
        foreach (var wanted in Wanted(issue))
        {
            if (key.TryTakeIdentifier(marks, meter.Pan, now, out var tid) is { } untimely)
                return untimely;
            orders.Add(wanted with { Register = key.Group.Register, Key = key.Key, Identifier = tid.Value, BaseDate = key.Group.BaseDate });
        }

        session.Write([marks.Rows()]);
        return issue with { State = IssueState.Pending, ApprovedBy = caller.Id, Meter = meter, Orders = orders };
    }

    private IEnumerable<TokenOrder> Wanted(Issue issue)
    {
        if (issue.Kind == IssueKind.Replacement)
            return IssueTable.Find(session, issue.Original!)!.Orders.Where(order => order.Kind is OrderKind.Credit or OrderKind.Free);
        var token = issue.Engineering!;
        var (subclass, field) = token.Kind switch
        {
            EngineeringKind.PowerLimit => (0, Watts(token.Value)),
            EngineeringKind.ClearCredit => (1, token.Value),
            EngineeringKind.TariffRate => (2, token.Value),
            EngineeringKind.ClearTamper => (5, 0L),
            EngineeringKind.PhaseUnbalance => (6, Watts(token.Value)),
            EngineeringKind.WaterFactor => (7, token.Value),
            EngineeringKind.Control => (10, ((long)token.Index << 10) | token.Value),
            EngineeringKind.Flag => (10, 0xFC00L | ((long)token.Index << 1) | token.Value),
            _ => throw new System.Diagnostics.UnreachableException(),
        };
        return [new TokenOrder { Kind = OrderKind.Management, Register = 0, Key = null, Subclass = subclass, Field = field, Value = token.Value }];
    }

    private static long Watts(long watts) => TransferAmount.TryFromUnits(watts, out var amount) ? amount.Field : throw new ArgumentOutOfRangeException(nameof(watts));

    private Refusal? Waiting(MeterPan pan, IssueKind kind) =>
        session.Number("SELECT COUNT(*) FROM issues WHERE pan = $1 AND kind = $2 AND state = 'Pending'", pan.ToString(), kind.ToString()) > 0
            ? new Refusal("outcome-unknown", "The outcome of an earlier key change of this meter is unknown; wait until it is resolved.", "meter")
            : null;

    private Issue Base(string id, string digest, IssueKind kind, PaymentMeter? meter) => new()
    {
        Id = id,
        Kind = kind,
        State = IssueState.Pending,
        Digest = digest,
        Meter = meter,
        Operator = caller.Id,
        Vendor = caller.Vendor,
        Month = settings.Month(now),
        Created = now,
    };
}
