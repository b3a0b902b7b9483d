using OpenSts.Vending.Meters;
using OpenSts.Vending.Shifts;
using static OpenSts.Vending.Tests.Vends.Example;

namespace OpenSts.Vending.Tests.Meters;

public class MeterRulesTests
{
    [Fact]
    public void Exchange_MeterAfterHalfAYear_ChargesBlocksAndFreeUnitsGoOver()
    {
        var totals = Planned(Credit(tender: 18_000), Snapshot)
            .Totals! with
        { HadFreeUnits = true, FixedChargesLeft = 700 };
        var fresh = Meter with
        {
            Pan = OtherPan,
            Customer = null,
            Tariff = "other",
            ChargesFrom = new DateOnly(2026, 5, 1)
        };

        Assert.True(MeterExchange.Plan(Meter, totals, fresh, new MeterTotals(), "broken", Today)
            .TryGet(out var exchange, out _));

        Assert.Equal((MeterState.Replaced, MeterState.Active), (exchange.Closed.State, exchange.Opened.State));
        Assert.Equal(("c1", "home"), (exchange.Opened.Customer, exchange.Opened.Tariff));
        Assert.Equal(
            (90_000, true, 700, 18_000, Today), (exchange.Totals.MonthMilliUnits, exchange.Totals.HadFreeUnits,
            exchange.Totals.FixedChargesLeft, exchange.Totals.TenderedToday, exchange.Totals.ChargedThrough!.Value));
        // The next vend goes on where the old meter stood: 10 units at 2.00, then 10 at 4.00, and no charges of half
        // a year.
        var next = Planned(Credit(tender: 6_000),
            Snapshot with { Meter = exchange.Opened, Totals = exchange.Totals with { FixedChargesLeft = 0 } });
        Assert.Equal(20m, next.Quote!.Units);
    }

    [Fact]
    public void Exchange_ForItselfOrABlockedMeter_Refused()
    {
        Assert.Equal("replacement", MeterExchange.Plan(Meter, new(), Meter, new(), "broken", Today).Refusal!.Field);
        Assert.Equal("replacement", MeterExchange.Plan(Meter, new(), null, new(), "broken", Today).Refusal!.Field);
        var blocked = Meter with { Pan = OtherPan, State = MeterState.Blocked };
        Assert.Equal("replacement", MeterExchange.Plan(Meter, new(), blocked, new(), "broken", Today).Refusal!.Field);
        var closed = Meter with { State = MeterState.Replaced };
        Assert.Equal(ErrorCodes.MeterReplaced,
            MeterExchange.Plan(closed, new(), Meter with { Pan = OtherPan }, new(), "broken", Today).Refusal!.Code);
    }

    [Fact]
    public void Update_KeyOfAMeterThatHasTokens_NotByAForm()
    {
        var refusal = MeterUpdate.Apply(Meter, Meter with { Key = Key(2) }, hasVends: true).Refusal!;

        Assert.Equal((ErrorCodes.KeyNotEditable, "keyRevisionNumber"), (refusal.Code, refusal.Field));
        Assert.Null(MeterUpdate.Apply(Meter, Meter with { Key = Key(2) }, hasVends: false).Refusal);
        Assert.Null(MeterUpdate.Apply(Meter, Meter with { Tariff = "other" }, hasVends: true).Refusal);
    }

    [Fact]
    public void Update_StateAndKeyChange_AreKept()
    {
        var stored = Meter with
        {
            State = MeterState.Blocked,
            StateReason = "tamper",
            NextKey = Key(2),
            KeyChangeVend = "vend-0001"
        };

        Assert.True(MeterUpdate.Apply(stored, Meter with { Tariff = "other" }, hasVends: true)
            .TryGet(out var meter, out _));

        Assert.Equal(stored with { Tariff = "other" }, meter);
    }

    [Theory]
    [InlineData("123456", 0, 2)]
    [InlineData("654321", 0, 3)]
    [InlineData("654321", 2, 2)]
    [InlineData("123456", 3, 3)]
    public void KeyChangeSetLength_NewSupplyGroup_ThreeTokensUnlessTheMeterTakesTwo(
        string group, int takes, int expected) =>
        Assert.Equal(expected, (Meter with { KeyChangeTokens = takes }).KeyChangeSetLength(Key(1, group)));

    [Fact]
    public void KeyChangeSetLength_Ea11_Four() =>
        Assert.Equal(4, (Meter with { EncryptionAlgorithm = EncryptionAlgorithm.Ea11 }).KeyChangeSetLength(Key(2)));

    [Theory]
    [InlineData(0, false)]
    [InlineData(1, true)]
    [InlineData(999, true)]
    [InlineData(1000, false)]
    public void SupplyGroup_Register_IsOneOfTheModules(int register, bool expected)
    {
        var group = Group() with { Keys = [GroupKey(1, register)] };

        Assert.Equal(expected, group.Refuses() is null);
    }

    [Fact]
    public void DaysLeft_ModulesLimitComesFirst_CountsToIt()
    {
        Assert.Equal(90, (GroupKey(1, 1) with { IssuedUntil = Now.AddDays(90.5) }).DaysLeft(Now));
        Assert.True(GroupKey(1, 1).DaysLeft(Now) > 3_000);
    }

    [Fact]
    public void Close_PendingVends_DoNotCountAsSold()
    {
        var totals =
            new ShiftTotals(IssuedCashMinor: 10_000, PendingCashMinor: 2_000, PendingVends: 1, PaidInMinor: -500);

        Assert.True(ShiftRules.Close(OpenShift with { FloatMinor = 1_000 }, 12_500, totals, Now)
            .TryGet(out var closed, out _));

        Assert.Equal(2_000, ShiftRules.Difference(closed));
        Assert.Equal(0, ShiftRules.DifferenceIfPendingIssue(closed));
        Assert.Equal(ErrorCodes.NoOpenShift, ShiftRules.Close(null, 0, totals, Now).Refusal!.Code);
        Assert.Equal(ErrorCodes.ShiftAlreadyOpen, ShiftRules.Open(OpenShift, OpenShift).Refusal!.Code);
    }

    [Theory]
    [InlineData("01123456789", false)]
    [InlineData("", false)]
    [InlineData(null, false)]
    public void TryParse_MeterNumber_WrongFormIsRefused(string? text, bool expected) =>
        Assert.Equal(expected, MeterNumber.TryParse(text, out _, out _));

    [Fact]
    public void TryParse_MeterNumber_FaceAndPanAreOneMeter()
    {
        Assert.True(MeterNumber.TryParse(Pan.ToString(), out var byPan, out _));
        Assert.True(MeterNumber.TryParse(Pan.DecoderReferenceNumber.ToString().Insert(4, " "), out var byFace, out _));
        Assert.Equal((Pan, Pan), (byPan, byFace));
    }
}
