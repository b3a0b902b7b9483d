using OpenSts.Vending.Access;
using OpenSts.Vending.Meters;
using OpenSts.Vending.Vends;
using static OpenSts.Vending.Tests.Vends.Example;

namespace OpenSts.Vending.Tests.Vends;

public class ApprovalTests
{
    private static readonly ReplacementRequest Replace = new("vend-0001", "lost", "W1");

    [Fact]
    public void Approve_Replacement_SameValueUnderANewIdentifier()
    {
        var sold = Planned(Credit(), Snapshot);
        var snapshot = Replacing(sold);
        var waiting = Planned(Replace, snapshot);

        var approved = Approved(waiting, Supervisor, snapshot with { Totals = sold.Totals!, Marks = sold.Marks });

        Assert.Equal((VendState.AwaitingApproval, VendState.Pending), (waiting.State, approved.State));
        Assert.Equal(sold.Orders[0].Field, approved.Orders[0].Field);
        Assert.True(approved.Orders[0].Identifier > sold.Orders[0].Identifier);
        Assert.Equal(("key:till", "operator:ben"), (approved.RequestedBy.CallerId, approved.ApprovedBy));
        Assert.Null(VendEntries.Of("vend-0002", approved, Vendor, Rand, "api"));
    }

    [Theory]
    [InlineData(VendState.AwaitingApproval, "replacement-open")]
    [InlineData(VendState.Pending, "replacement-open")]
    [InlineData(VendState.Refused, null)]
    [InlineData(VendState.Reversed, null)]
    [InlineData(VendState.Issued, null)]
    public void Plan_ReplacementWithAnEarlierOne_OneOpenAtATime(VendState earlier, string? code)
    {
        var snapshot = Replacing(Planned(Credit(), Snapshot), earlier);

        var result = new VendPlanner(Rules, Now).Plan(Replace, Till, snapshot);

        Assert.Equal(code, result.Refusal?.Code.Text);
    }

    [Fact]
    public void Plan_ReplacementsAtTheLimit_Refused()
    {
        var snapshot = Replacing(Planned(Credit(), Snapshot), VendState.Issued, VendState.Issued);

        Assert.Equal((ErrorCodes.ReplacementLimit, (object)2m),
            (Refused(Replace, snapshot).Code, Refused(Replace, snapshot)["limit"]!));
    }

    [Fact]
    public void Plan_ReplacementForAnExchangedMeter_Refused()
    {
        var snapshot = Replacing(Planned(
            Credit(), Snapshot)) with
        { Meter = Meter with { State = MeterState.Replaced, StateReason = "x" } };

        Assert.Equal(ErrorCodes.MeterReplaced, Refused(Replace, snapshot).Code);
    }

    [Fact]
    public void Plan_ReplacementOfAnotherVendorsVend_IsUnknown()
    {
        var snapshot = Replacing(Planned(Credit(), Snapshot));

        Assert.Equal(ErrorCodes.OriginalUnknown, Refused(Replace, snapshot, Till with { Vendor = "v2" }).Code);
        Assert.Equal(ErrorCodes.OriginalUnknown, Refused(Replace, snapshot with { Original = null }).Code);
    }

    [Fact]
    public void Approve_ByAKeyOrTheSamePerson_Refused()
    {
        var snapshot = Replacing(Planned(Credit(), Snapshot));
        var waiting = Planned(Replace, snapshot);

        Assert.Equal("approver-is-a-key", NotApproved(waiting, Till with { Person = "ben" }, snapshot)["reason"]);
        Assert.Equal("same-person", NotApproved(waiting, Supervisor with { Person = "ann" }, snapshot)["reason"]);
    }

    [Fact]
    public void Approve_WhatWasDecidedAlready_Refused()
    {
        var snapshot = Replacing(Planned(Credit(), Snapshot));

        var result = new VendPlanner(Rules, Now)
            .Approve(Planned(Replace, snapshot), VendState.Issued, Supervisor, snapshot);

        Assert.Equal(ErrorCodes.NotAwaitingApproval, result.Refusal!.Code);
    }

    [Theory]
    [InlineData(EngineeringKind.ClearCredit, 65535L, null, 1, 65535L)]
    [InlineData(EngineeringKind.ClearTamper, null, null, 5, 0L)]
    [InlineData(EngineeringKind.TariffRate, 3L, null, 2, 3L)]
    [InlineData(EngineeringKind.WaterFactor, 9L, null, 7, 9L)]
    [InlineData(EngineeringKind.Flag, 1L, 5, 10, 0xFC00L | (5 << 1) | 1)]
    [InlineData(EngineeringKind.Control, 1023L, 62, 10, (62L << 10) | 1023)]
    public void Approve_EngineeringToken_FieldOfItsSubclass(
        EngineeringKind token, long? value, int? index, int subclass, long field)
    {
        var waiting = Planned(new EngineeringRequest(Pan, token, value, index, "reason", null), Snapshot);

        var order = Assert.Single(Approved(waiting, Supervisor, Snapshot).Orders);

        Assert.Equal((TokenPurpose.Management, subclass, field, 998),
            (order.Purpose, order.Subclass, order.Field, order.Register));
    }

    [Theory]
    [InlineData(EngineeringKind.PowerLimit, null, null, "value")]
    [InlineData(EngineeringKind.ClearCredit, 8L, null, "value")]
    [InlineData(EngineeringKind.Flag, 2L, 1, "value")]
    [InlineData(EngineeringKind.Flag, 1L, null, "index")]
    [InlineData(EngineeringKind.Control, 1L, 63, "index")]
    [InlineData(EngineeringKind.TariffRate, 1L, 1, "index")]
    [InlineData(EngineeringKind.TariffRate, -1L, null, "value")]
    [InlineData(EngineeringKind.Test, 37L, null, "value")]
    public void Plan_EngineeringTokenOutOfItsRange_NamesTheField(
        EngineeringKind token, long? value, int? index, string field) =>
        Assert.Equal(field, Refused(new EngineeringRequest(Pan, token, value, index, "reason", null), Snapshot).Field);

    [Fact]
    public void Plan_TestToken_NeedsNobodyAndNoMeter()
    {
        var plan = Planned(
            new EngineeringRequest(null, EngineeringKind.Test, 0, null, "all tests", null), new VendSnapshot());

        Assert.Equal((VendState.Pending, (1L << 36) - 1), (plan.State, Assert.Single(plan.Orders).Field));
    }

    private static VendSnapshot Replacing(VendPlan sold, params VendState[] earlier) => Snapshot with
    {
        Original = new OriginalVend("vend-0001", VendKind.Credit, VendState.Issued, "v1", sold.Meter, sold.Orders,
            [.. earlier.Select((state, at) => new EarlierReplacement($"repl-{at}", state, Now))]),
    };

    private static VendPlan Approved(VendPlan waiting, Caller approver, VendSnapshot snapshot)
    {
        Assert.True(new VendPlanner(Rules, Now).Approve(waiting, waiting.State, approver, snapshot)
            .TryGet(out var plan, out var refusal), refusal?.Code.Text);
        return plan;
    }

    private static Refusal NotApproved(VendPlan waiting, Caller approver, VendSnapshot snapshot) =>
        new VendPlanner(Rules, Now).Approve(waiting, waiting.State, approver, snapshot).Refusal!;
}
