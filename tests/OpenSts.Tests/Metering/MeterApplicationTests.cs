using OpenSts.Keys;
using OpenSts.Metering;

namespace OpenSts.Tests.Metering;

public class MeterApplicationTests
{
    private static readonly DecoderKeyAttributes Attributes = TestKeys.Attributes();
    private static readonly MeterSettings Settings = new() { MeterPan = Attributes.MeterPan, EncryptionAlgorithm = EncryptionAlgorithm.Ea07 };

    [Fact]
    public void Enter_RandomCreditsRepeatedAndShuffled_GivesEachOnce()
    {
        var random = new Random(50);
        using var key = TestKeys.Derive(Attributes);
        var state = MeterState.AtManufacture(key, Attributes, TokenIdentifier.FromNumber(1000), 10);
        // A second, naive meter: a list of accepted identifiers, the ten largest of which count.
        var accepted = new List<int>(Enumerable.Repeat(1000, 10));
        long credit = 0;
        for (var i = 0; i < 20_000; i++)
        {
            var tid = 990 + random.Next(60) + (i / 20);
            var units = random.Next(1, 500);
            _ = TransferAmount.TryFromUnits(units, out var amount);
            var token = TokenIssuer.Issue(new TransferCredit { Service = CreditService.Electricity, Amount = amount, Tid = TokenIdentifier.FromNumber(tid), Random = 3 }, key);
            var expected = tid < accepted.Min() ? TokenResult.OldError : accepted.Contains(tid) ? TokenResult.UsedError : TokenResult.Accept;
            var decision = MeterApplication.Enter(Settings, state, token.ToString(), TimeSpan.FromMinutes(i));
            Assert.Equal(expected, decision.Result);
            if (expected == TokenResult.Accept)
            {
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
        _ = KeyChangeSet.TryIssue(new KeyChange { From = Attributes, FromKey = key, To = to, ToKey = newKey, Count = 3 }, out var set);
        var state = MeterState.AtManufacture(key, Attributes, default);
        for (var i = 0; i < 3; i++)
        {
            var decision = MeterApplication.Enter(Settings, state, set[order[i]].ToString(), TimeSpan.FromSeconds(i));
            TokenResult[] waiting = [TokenResult.FirstKeyChangeToken, TokenResult.SecondKeyChangeToken, TokenResult.ThirdKeyChangeToken];
            Assert.Equal(i == 2 ? TokenResult.Accept : waiting[order[i]], decision.Result);
            state = decision.State;
            if (i < 2)
                Assert.Same(key, state.Key);
        }

        Assert.Equal(TestKeys.Hex(newKey), TestKeys.Hex(state.Key));
        Assert.Equal((6, "02", "203557", 255), (state.KeyRevisionNumber.Value, state.TariffIndex.ToString(), state.SupplyGroupCode.ToString(), state.KeyExpiryNumber.Value));
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
                Assert.Equal(TokenResult.Lockout, MeterApplication.Enter(Settings, state, "70630503470028726114", state.Lockout.Until - TimeSpan.FromMilliseconds(1)).Result);
            now = state.Lockout.Until;
        }

        Assert.Equal([0, 2, 4, 8, 16, 32, 64, 90, 90, 90, 90, 90], waits);
        Assert.Equal(TokenResult.Accept, MeterApplication.Enter(Settings, state, "70630503470028726114", now).Result);
    }

    [Fact]
    public void Enter_ForeignMakersTest_IsAManufacturerCodeError()
    {
        using var key = TestKeys.Derive(Attributes);
        var state = MeterState.AtManufacture(key, Attributes, default);
        var test = TokenIssuer.IssueInClear(new InitiateMeterTest { FourDigitForm = false, Tests = MeterTests.Display, ManufacturerCode = 7 });
        var decision = MeterApplication.Enter(Settings, state, test.ToString(), default);
        Assert.Equal(TokenResult.ManufacturerCodeError, decision.Result);
        Assert.Equal(1, decision.State.Lockout.Failures);
    }
}
