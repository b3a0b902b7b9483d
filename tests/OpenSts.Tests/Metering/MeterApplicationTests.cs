using OpenSts.Keys;
using OpenSts.Metering;

namespace OpenSts.Tests.Metering;

public class MeterApplicationTests
{
    private static readonly DecoderKeyAttributes Attributes = TestKeys.Attributes();
    private static readonly MeterSettings Settings =
        new() { MeterPan = Attributes.MeterPan, EncryptionAlgorithm = EncryptionAlgorithm.Ea07 };

    [Fact]
    public void Enter_RandomCreditsRepeatedAndShuffled_GivesEachOnce()
    {
        var random = new Random(50);
        using var key = TestKeys.Derive(Attributes);
        var state = MeterState.AtManufacture(key, Attributes, TokenIdentifier.FromNumber(1000), 10);
        // A second, naive meter: lists of accepted identifiers and of fill values, ten together; a fill value says
        // only what is old.
        var accepted = new List<int>();
        var fill = new List<int>(Enumerable.Repeat(1000, 10));
        long credit = 0;
        for (var i = 0; i < 20_000; i++)
        {
            var tid = 990 + random.Next(60) + (i / 20);
            var units = random.Next(1, 500);
            _ = TransferAmount.TryFromUnits(units, out var amount);
            var token = TokenIssuer.Issue(new TransferCredit
            {
                Service = CreditService.Electricity,
                Amount = amount,
                Tid = TokenIdentifier.FromNumber(tid),
                Random = 3,
            }, key);
            var expected = tid < fill.Concat(accepted).Min() ? TokenResult.OldError : accepted.Contains(tid)
                ? TokenResult.UsedError : TokenResult.Accept;
            var decision = MeterApplication.Enter(Settings, state, token.ToString(), TimeSpan.FromMinutes(i));
            Assert.Equal(expected, decision.Result);
            if (expected == TokenResult.Accept)
            {
                if (!fill.Remove(1000))
                    accepted.Remove(accepted.Min());
                accepted.Add(tid);
                credit += units;
            }
            else
            {
                Assert.Same(state, decision.State);
            }

            state = decision.State;
            Assert.Equal(credit, state.CreditUnits);
        }
    }

    [Theory]
    [InlineData(0, 1, 2)]
    [InlineData(0, 2, 1)]
    [InlineData(1, 0, 2)]
    [InlineData(1, 2, 0)]
    [InlineData(2, 0, 1)]
    [InlineData(2, 1, 0)]
    public void Enter_TripletInAnyOrder_ChangesTheKeyAtTheLast(params int[] order)
    {
        var to = TestKeys.Attributes(sgc: "203557", krn: 6, baseYear: 2035, ti: "02");
        using var key = TestKeys.Derive(Attributes);
        using var newKey = TestKeys.Derive(to);
        _ = KeyChangeSet.TryIssue(
            new KeyChange { From = Attributes, FromKey = key, To = to, ToKey = newKey, Count = 3 }, out var set);
        var state = MeterState.AtManufacture(key, Attributes, default);
        for (var i = 0; i < 3; i++)
        {
            var decision = MeterApplication.Enter(Settings, state, set[order[i]].ToString(), TimeSpan.FromSeconds(i));
            TokenResult[] waiting =
                [TokenResult.FirstKeyChangeToken, TokenResult.SecondKeyChangeToken, TokenResult.ThirdKeyChangeToken];
            Assert.Equal(i == 2 ? TokenResult.Accept : waiting[order[i]], decision.Result);
            state = decision.State;
            if (i < 2)
                Assert.Same(key, state.Key);
        }

        Assert.Equal(TestKeys.Hex(newKey), TestKeys.Hex(state.Key));
        Assert.Equal((6, "02", "203557", 255), (state.KeyRevisionNumber.Value, state.TariffIndex.ToString(),
            state.SupplyGroupCode.ToString(), state.KeyExpiryNumber.Value));
        Assert.Equal(0, state.Memory.Identifiers[0]);
    }

    [Fact]
    public void Lockout_TenWrongTokens_ReachesItsMaximumByTheTenth()
    {
        using var key = TestKeys.Derive(Attributes);
        var state = MeterState.AtManufacture(key, Attributes, default);
        var now = TimeSpan.Zero;
        var waits = new List<double>();
        for (var i = 0; i < 12; i++)
        {
            var decision = MeterApplication.Enter(Settings, state, $"7063050347002872{6120 + i}", now);
            Assert.Equal(TokenResult.CrcError, decision.Result);
            state = decision.State;
            waits.Add((state.Lockout.Until - now).TotalSeconds);
            if (waits[^1] > 0)
                Assert.Equal(TokenResult.Lockout, MeterApplication.Enter(Settings, state, "70630503470028726114",
                    state.Lockout.Until - TimeSpan.FromMilliseconds(1)).Result);
            now = state.Lockout.Until;
        }

        Assert.Equal([0, 2, 4, 8, 16, 32, 64, 90, 90, 90, 90, 90], waits);
        Assert.Equal(TokenResult.Accept, MeterApplication.Enter(Settings, state, "70630503470028726114", now).Result);
    }

    [Theory]
    [InlineData(TokenCarrierType.Numeric, TokenResult.KeyTypeError)]
    [InlineData(TokenCarrierType.VirtualLocal, TokenResult.KeyTypeError)]
    [InlineData(TokenCarrierType.VirtualDlms, TokenResult.KeyTypeError)]
    [InlineData(TokenCarrierType.MagneticCard, TokenResult.Accept)]
    public void Enter_UnderACommonKey_AcceptsTheMagneticCardOnly(TokenCarrierType carrier, TokenResult expected)
    {
        var attributes = TestKeys.Attributes(keyType: KeyType.Common);
        using var key = TestKeys.Derive(attributes);
        var state = MeterState.AtManufacture(key, attributes, default);
        _ = TransferAmount.TryFromUnits(5, out var amount);
        var credit = TokenIssuer.Issue(new TransferCredit
        {
            Service = CreditService.Electricity,
            Amount = amount,
            Tid = TokenIdentifier.FromNumber(7),
            Random = 3,
        }, key);
        var decision = MeterApplication.Enter(Settings, state, credit.ToString(), default, carrier);
        Assert.Equal(expected, decision.Result);
        if (expected == TokenResult.Accept)
            Assert.Equal(5, decision.State.CreditUnits);
        else
            Assert.Same(state, decision.State);
        // A test is in clear, under no key.
        Assert.Equal(TokenResult.Accept,
            MeterApplication.Enter(Settings, state, "56493153725450313471", default, carrier).Result);
    }

    [Theory]
    [InlineData(LockoutReset.MeterSpecificOnly, 2)]
    [InlineData(LockoutReset.AllTokens, 0)]
    public void Enter_AcceptedTestAfterTheLockout_EndsItWhereTheSettingSaysSo(LockoutReset reset, int failures)
    {
        using var key = TestKeys.Derive(Attributes);
        var settings = Settings with { LockoutReset = reset };
        var state = MeterState.AtManufacture(key, Attributes,
            default) with
        { Lockout = new TokenLockout(2, TimeSpan.FromSeconds(2)) };
        Assert.Equal(TokenResult.Lockout,
            MeterApplication.Enter(settings, state, "56493153725450313471", TimeSpan.FromSeconds(1)).Result);
        var decision = MeterApplication.Enter(settings, state, "56493153725450313471", TimeSpan.FromSeconds(2));
        Assert.Equal((TokenResult.Accept, failures), (decision.Result, decision.State.Lockout.Failures));
    }

    [Theory]
    [InlineData(CreditService.Electricity, false, new[] { 0, 1, 2, 3, 4, 6 })]
    [InlineData(CreditService.Electricity, true, new[] { 0, 1, 2, 3, 4 })]
    [InlineData(CreditService.Water, false, new[] { 0, 1, 2, 3, 7 })]
    [InlineData(CreditService.Gas, false, new[] { 0, 1, 2, 3, 8 })]
    [InlineData(CreditService.Gas, true, new[] { 0, 1, 2, 3 })]
    [InlineData(CreditService.Time, false, new[] { 0, 1, 2, 3, 9 })]
    public void Enter_EveryFlagOfEveryMeter_AcceptsThoseThatItImplements(CreditService service, bool hasAccount,
        int[] implemented)
    {
        using var key = TestKeys.Derive(Attributes);
        var settings = Settings with { Service = service, HasAccount = hasAccount };
        var start =
            MeterState.AtManufacture(key, Attributes, default) with { Flags = FlagArray.AtManufacture(settings) };
        for (var index = 0; index < 512; index++)
        {
            foreach (var enabled in (bool[])[true, false])
            {
                var set = TokenIssuer.Issue(new SetFlag
                {
                    Index = index,
                    Enabled = enabled,
                    Tid = TokenIdentifier.FromNumber(9),
                    Random = 1,
                }, key);
                var read = TokenIssuer.IssueInClear(ReadExtension.OfFlag(index));
                var decision = MeterApplication.Enter(settings, start, set.ToString(), default);
                var expected = implemented.Contains(index) ? TokenResult.Accept : TokenResult.FunctionError;
                Assert.Equal((index, expected), (index, decision.Result));
                Assert.Equal((index, expected),
                    (index, MeterApplication.Enter(settings, start, read.ToString(), default).Result));
                if (expected == TokenResult.Accept)
                    Assert.Equal(enabled, decision.State.Flags[(ExtendedFlag)index]);
                else
                    Assert.Same(start, decision.State);
            }
        }
    }

    [Fact]
    public void Validate_MinuteOfManufacture_IsAcceptedOnce()
    {
        var memory = CancellationMemory.AtManufacture(TokenIdentifier.FromNumber(1000), 3);
        Assert.Equal(TokenResult.OldError, memory.Validate(TokenIdentifier.FromNumber(999)));
        Assert.Equal(TokenResult.Accept, memory.Validate(TokenIdentifier.FromNumber(1000)));
        memory = memory.With(TokenIdentifier.FromNumber(1000));
        Assert.Equal(TokenResult.UsedError, memory.Validate(TokenIdentifier.FromNumber(1000)));
        Assert.Equal(TokenResult.OldError, memory.Validate(TokenIdentifier.FromNumber(999)));
        Assert.Equal((2, 1000), (memory.FillCount, memory.Identifiers[^1]));
        memory = memory.With(TokenIdentifier.FromNumber(1001)).With(TokenIdentifier.FromNumber(1002))
            .With(TokenIdentifier.FromNumber(1003));
        Assert.Equal([1001, 1002, 1003], memory.Identifiers.ToArray());
        Assert.Equal((0, TokenResult.OldError), (memory.FillCount, memory.Validate(TokenIdentifier.FromNumber(1000))));
        Assert.Equal(TokenResult.Accept, memory.Cleared().Validate(default));
    }

    [Fact]
    public void Enter_ForeignMakersTest_IsAManufacturerCodeError()
    {
        using var key = TestKeys.Derive(Attributes);
        var state = MeterState.AtManufacture(key, Attributes, default);
        var test = TokenIssuer.IssueInClear(
            new InitiateMeterTest { FourDigitForm = false, Tests = MeterTests.Display, ManufacturerCode = 7 });
        var decision = MeterApplication.Enter(Settings, state, test.ToString(), default);
        Assert.Equal(TokenResult.ManufacturerCodeError, decision.Result);
        Assert.Equal(1, decision.State.Lockout.Failures);
    }
}
