using OpenSts.Vending.Customers;
using OpenSts.Vending.Meters;
using OpenSts.Vending.Money;
using OpenSts.Vending.SupplyGroups;
using OpenSts.Vending.Tariffs;
using OpenSts.Vending.Vends;
using static OpenSts.Vending.Tests.Vends.Example;

namespace OpenSts.Vending.Tests.Vends;

public class CreditPlannerTests
{
    [Fact]
    public void Plan_Meter_OneCreditTokenForTheTender()
    {
        var plan = Planned(Credit(), Snapshot);

        var order = Assert.Single(plan.Orders);
        Assert.Equal((TokenPurpose.Credit, 998, 500L, 50m), (order.Purpose, order.Register, order.Field, order.Value));
        Assert.True(TokenIdentifier.TryFromTime(Now, BaseDate.Base2014, out var expected));
        Assert.Equal(expected, order.Identifier);
        Assert.Equal((50_000L, 10_000L, 1),
            (plan.Totals!.MonthMilliUnits, plan.Totals.TenderedToday, plan.Totals.TokensInHour));
    }

    [Fact]
    public void Entry_CreditVend_MovesTenderLessCommissionOutOfTheWallet()
    {
        var entry = VendEntries.Of("vend-0001", Planned(Credit(), Snapshot), Vendor, Rand, "api")!;

        Assert.Equal(-9_800, entry.Postings.Single(posting => posting.Account == AccountCode.Wallet("v1")).Signed);
        Assert.Equal(-200, entry.Postings.Single(posting => posting.Account == AccountCode.Commission).Signed);
        Assert.Equal(0, entry.Postings.Sum(posting => posting.Signed));
        Assert.Equal(
            ("vend-0001", "key:till", "api", Today), (entry.Reference, entry.Actor, entry.Source, entry.BookedOn));
    }

    [Theory]
    [InlineData(MeterState.Blocked, "meter-blocked")]
    [InlineData(MeterState.Replaced, "meter-replaced")]
    public void Plan_BlockedOrReplacedMeter_GetsNothing(MeterState state, string code)
    {
        var snapshot = Snapshot with { Meter = Meter with { State = state, StateReason = "tamper" } };

        Assert.Equal(code, Refused(Credit(), snapshot).Code.Text);
        Assert.Equal(code, Refused(new KeyChangeRequest(Pan, Key(2), "new revision"), snapshot).Code.Text);
        Assert.Equal(code, Refused(new EngineeringRequest(
            Pan, EngineeringKind.ClearTamper, null, null, "opened", null), snapshot).Code.Text);
    }

    [Fact]
    public void Plan_WalletDoesNotCoverTheTender_RefusedWithWhatItHolds()
    {
        var refusal = Refused(Credit(), Snapshot with { WalletMinor = 9_999 });

        Assert.Equal(ErrorCodes.VendorCreditExhausted, refusal.Code);
        Assert.Equal(new MoneyAmount(9_999, Rand), refusal["wallet"]);
        _ = Planned(Credit(), Snapshot with { WalletMinor = 0, Vendor = Vendor with { FloorMinor = -10_000 } });
    }

    [Fact]
    public void Plan_CallerOfAnotherVendor_Forbidden() =>
        Assert.Equal(ErrorCodes.Forbidden, Refused(Credit(), Snapshot, Till with { Vendor = "v2" }).Code);

    [Fact]
    public void Plan_PersonWithoutAShift_NeedsOne()
    {
        Assert.Equal(ErrorCodes.NoOpenShift, Refused(Credit(), Snapshot, Clerk).Code);
        Assert.Equal("s1", Planned(Credit(), Snapshot with { Shift = OpenShift }, Clerk).Shift);
    }

    [Fact]
    public void Plan_CashBelowTheTender_Refused()
    {
        Assert.Equal("cash", Refused(Credit(cash: 9_999), Snapshot).Field);
        Assert.Equal(2_000, Planned(Credit(cash: 12_000), Snapshot).ChangeMinor);
    }

    [Fact]
    public void Plan_RevisionIsNotCurrent_KeyChangeSetComesFirst()
    {
        var plan = Planned(Credit(), Snapshot with { SupplyGroups = Groups(Group(current: 2)) });

        Assert.Equal([TokenPurpose.KeyChange, TokenPurpose.Credit], plan.Orders.Select(order => order.Purpose));
        Assert.Equal((998, 999, 2), (plan.Orders[0].Register, plan.Orders[0].ToRegister, plan.Orders[0].Count));
        Assert.Equal((999, 2), (plan.Orders[1].Register, plan.Orders[1].Key!.KeyRevisionNumber.Value));
    }

    [Fact]
    public void Plan_KeyChangeNotConfirmed_StoredSetIsRepeatedAndTheOldKeyIsAChoice()
    {
        var snapshot = Snapshot with
        {
            Meter = Meter with { NextKey = Key(2), KeyChangeVend = "vend-0001" },
            SupplyGroups = Groups(Group(current: 2))
        };

        var fresh = Planned(Credit(), snapshot);
        var old = Planned(Credit(key: KeyChoice.Old), snapshot);

        Assert.Equal(("vend-0001", 999), (fresh.RepeatedKeyChange, Assert.Single(fresh.Orders).Register));
        Assert.Equal((null, 998), (old.RepeatedKeyChange, Assert.Single(old.Orders).Register));
    }

    [Theory]
    [InlineData(KeyChangePolicy.Separately, null)]
    [InlineData(KeyChangePolicy.FieldTeam, "key-change-needed")]
    public void Plan_PolicyOfTheGroup_Decides(KeyChangePolicy policy, string? code)
    {
        var snapshot = Snapshot with { SupplyGroups = Groups(Group(current: 2, policy)) };

        if (code is null)
            Assert.Equal(998, Assert.Single(Planned(Credit(), snapshot).Orders).Register);
        else
            Assert.Equal(code, Refused(Credit(), snapshot).Code.Text);
    }

    [Fact]
    public void Plan_FreeAllocation_OnceInAMonthWithItsOwnTokenAndTwoIdentities()
    {
        var snapshot = Snapshot with { Customer = Example.Customer with { FreeAllocation = Free } };

        var first = Planned(Credit(), snapshot);
        var second = Planned(Credit(), snapshot with { Totals = first.Totals!, Marks = first.Marks });
        var december =
            snapshot with { Totals = first.Totals! with { Month = new DateOnly(2026, 10, 1) }, Marks = first.Marks };

        Assert.Equal([TokenPurpose.Free, TokenPurpose.Credit], first.Orders.Select(order => order.Purpose));
        Assert.Equal("operator:ben", first.ApprovedBy);
        Assert.Equal([TokenPurpose.Credit], second.Orders.Select(order => order.Purpose));
        Assert.Null(second.ApprovedBy);
        Assert.True(second.Orders[0].Identifier > first.Orders[1].Identifier);
        Assert.Equal(2, Planned(Credit(), december).Orders.Count);
    }

    [Fact]
    public void Plan_FreeAllocationNotApproved_IsNotGiven()
    {
        var snapshot =
            Snapshot with { Customer = Example.Customer with { FreeAllocation = Free with { ApprovedBy = null } } };

        Assert.Equal(ErrorCodes.TenderOutOfLimits, Refused(Credit(tender: 0), snapshot).Code);
    }

    [Fact]
    public void Plan_SecondVendOfTheMonth_GoesOnInTheBlocks()
    {
        var first = Planned(Credit(tender: 18_000), Snapshot);
        var second = Planned(Credit(tender: 6_000), Snapshot with { Totals = first.Totals!, Marks = first.Marks });

        // 10 units are left in the first block for 20.00, then 10 at 4.00.
        Assert.Equal(20m, second.Quote!.Units);
    }

    [Fact]
    public void Plan_RateOfTheFixedChargeChanged_EachDayAtItsRate()
    {
        var old = Tariff with { FixedCharges = [new FixedCharge("network", 1, ChargePeriod.Daily)] };
        var later = old with
        {
            Version = 2,
            EffectiveFrom = new DateOnly(2026, 11, 26),
            FixedCharges = [new FixedCharge("network", 3, ChargePeriod.Daily)]
        };
        var snapshot = Snapshot with
        {
            Tariff = new TariffHistory([old, later]),
            Meter = Meter with { ChargesFrom = new DateOnly(2026, 11, 20) },
        };

        // 21 to 25 November at 1.00, 26 to 28 November at 3.00.
        Assert.Equal(500 + 900, Planned(Credit(), snapshot).Quote!.Sum(QuoteLineKind.FixedCharge));
    }

    [Fact]
    public void Plan_ArrearsByShare_AreTakenAndBooked()
    {
        var snapshot = Snapshot with
        {
            Customer = Example.Customer with { Arrears = new ArrearsPlan { Rule = ArrearsRule.Share, Value = 25 } },
            ArrearsMinor = 3_000,
        };

        var plan = Planned(Credit(), snapshot);

        Assert.Equal((2_500, 500), (plan.Quote!.Sum(QuoteLineKind.Arrears), plan.Quote.ArrearsLeft));
        var entry = VendEntries.Of("vend-0001", plan, Vendor, Rand, "api")!;
        Assert.Equal(2_500, entry.Postings.Single(posting => posting.Account == AccountCode.Arrears("c1")).Signed);
    }

    [Fact]
    public void Plan_ModuleMakesNoMoreTokensWithTheKey_Expired()
    {
        var group = Group() with { Keys = [GroupKey(1, 998) with { IssuedUntil = Now.AddMinutes(-1) }] };

        Assert.Equal(ErrorCodes.KeyExpired, Refused(Credit(), Snapshot with { SupplyGroups = Groups(group) }).Code);
    }

    [Fact]
    public void Plan_CurrencyMeterForWater_CarriesMoneyAndItsService()
    {
        var snapshot =
            Snapshot with { Meter = Meter with { Form = TokenForm.Currency, Service = CreditService.Water } };

        var order = Assert.Single(Planned(Credit(), snapshot).Orders);

        Assert.Equal((int)CreditService.Water + 4, order.Subclass);
        Assert.True(CurrencyAmount.TryParse("100", out var expected));
        Assert.Equal(expected.Field, order.Field);
    }

    [Fact]
    public void Try_Vend_TakesNoIdentifierAndNeedsNoShift()
    {
        Assert.True(new VendPlanner(Rules, Now).Try(Credit(), Clerk, Snapshot).TryGet(out var plan, out _));

        Assert.Null(Assert.Single(plan.Orders).Identifier);
        Assert.Equal(50m, plan.Quote!.TokenUnits);
    }

    [Theory]
    [InlineData(SandboxOutcome.Ok, null)]
    [InlineData(SandboxOutcome.Blocked, "meter-blocked")]
    [InlineData(SandboxOutcome.Unknown, "meter-unknown")]
    [InlineData(SandboxOutcome.CheckDigitWrong, "field-invalid")]
    [InlineData(SandboxOutcome.NeedsKeyChange, "key-change-needed")]
    [InlineData(SandboxOutcome.VendorCreditExhausted, "vendor-credit-exhausted")]
    [InlineData(SandboxOutcome.TimesOutButIssued, null)]
    [InlineData(SandboxOutcome.TimesOutAndNotIssued, null)]
    public void Plan_SandboxMeter_HasItsFixedOutcomeAndNoBooks(SandboxOutcome outcome, string? code)
    {
        var snapshot = Snapshot with { Meter = Meter with { Sandbox = outcome } };
        if (code is not null)
        {
            Assert.Equal(code, Refused(Credit(), snapshot).Code.Text);
            return;
        }

        var plan = Planned(Credit(), snapshot);
        Assert.Null(VendEntries.Of("vend-0001", plan, Vendor, Rand, "api"));
        Assert.Null(plan.Totals);
        Assert.Empty(plan.Marks);
    }

    private static FreeAllocation Free => new()
    {
        Units = 50,
        Evidence = "E1",
        Expires = new DateOnly(2027, 1, 1),
        RegisteredBy = "operator:ann",
        ApprovedBy = "operator:ben",
    };
}
