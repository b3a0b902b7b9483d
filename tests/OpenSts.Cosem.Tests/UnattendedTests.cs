using OpenSts.Cosem.Meters;
using OpenSts.Cosem.Objects;
using OpenSts.Dlms.Apdu;
using OpenSts.Keys;
using OpenSts.Metering;

namespace OpenSts.Cosem.Tests;

/// <summary>Every kind of token through the gateway; beside it the pure decision gets the same digits.</summary>
public class UnattendedTests
{
    // OPENSTS_UNATTENDED raises it: minutes of tokens, one after the other.
    private static readonly int Count =
        int.TryParse(Environment.GetEnvironmentVariable("OPENSTS_UNATTENDED"), out var count) ? count : 1500;

    [Theory]
    [InlineData("wrapper", false)]
    [InlineData("HDLC", true)]
    public async Task Gateway_TokensOfEveryKind_AgreesWithTheDecision(string description, bool overHdlc)
    {
        _ = description;
        using var fixture = new MeterFixture();
        await using var client = await fixture.ManageAsync(overHdlc: overHdlc);
        var random = new Random(7);
        var settings = new MeterSettings
        {
            MeterPan = fixture.Attributes.MeterPan,
            EncryptionAlgorithm = EncryptionAlgorithm.Ea07,
        };
        var state = MeterState.AtManufacture(fixture.MeterKey, fixture.Attributes, TokenIdentifier.FromNumber(1000));
        var started = fixture.Clock.GetUtcNow();
        var seen = new HashSet<TokenResult>();
        var used = new List<Token66>();
        for (var i = 0; i < Count; i++)
        {
            fixture.Clock.Advance(TimeSpan.FromSeconds(random.Next(100)));
            var token = Next(random, fixture, state.Key, used, i);
            var form = (TokenForm)random.Next(4);
            var expected =
                MeterApplication.Enter(settings, state, token.ToString(), fixture.Clock.GetUtcNow() - started);
            state = expected.State;
            var (result, status) = await client.EnterAsync(token, form);
            Assert.Equal((ActionResult.Success, expected.Result), (result, status!.Result!.Value));
            seen.Add(expected.Result);
            if (i % 10 != 0)
                continue;
            Assert.Equal(state.CreditUnits.ToString(),
                (await client.GetAsync(new MemberReference(112, PaymentObis.Credit, 2))).Value.ToString());
            Assert.Equal(state.SupplyGroupCode.Value.ToString(),
                (await client.GetAsync(new MemberReference(116, PaymentObis.StsAttributes, 6))).Value.ToString());
            Assert.Equal(state.KeyRevisionNumber.Value.ToString(),
                (await client.GetAsync(new MemberReference(116, PaymentObis.StsAttributes, 8))).Value.ToString());
            Assert.Equal((state.MaximumPowerLimit is { } limit ? (uint)limit : uint.MaxValue).ToString(),
                (await client.GetAsync(new MemberReference(71, PaymentObis.Limiter, 3))).Value.ToString());
        }

        Assert.Subset(seen,
            new HashSet<TokenResult>([TokenResult.Accept, TokenResult.UsedError, TokenResult.OldError,
            TokenResult.CrcError, TokenResult.Lockout, TokenResult.FunctionError, TokenResult.FirstKeyChangeToken]));
    }

    private static Token66 Next(Random random, MeterFixture fixture, DecoderKey key, List<Token66> used, int i)
    {
        var tid = TokenIdentifier.FromNumber(2000 + (i * 3));
        _ = TransferAmount.TryFromUnits(random.Next(1, 3000), out var amount);
        Token meaning;
        switch (random.Next(14))
        {
            case 0:
                return Token66.Parse(string.Concat(Enumerable.Range(0, 20)
                    .Select(at => at == 0 ? '1' : (char)('0' + random.Next(10)))));
            case 1 when used.Count > 0:
                return used[random.Next(used.Count)];
            case 2:
                meaning = new ClearCredit
                {
                    Register = random.Next(2) == 0 ? CreditRegister.All : (CreditRegister)random.Next(16),
                    Tid = tid,
                    Random = 1,
                };
                break;
            case 3:
                meaning = new SetMaximumPowerLimit { Watts = amount, Tid = tid, Random = 2 };
                break;
            case 4:
                meaning = new InitiateMeterTest
                {
                    FourDigitForm = random.Next(2) == 0,
                    Tests = (MeterTests)(1 << random.Next(10)),
                };
                return TokenIssuer.Issue(meaning, key);
            case 5:
                meaning = new SetTariffRate { Rate = 3, Tid = tid, Random = 3 };
                break;
            case 6:
                meaning = new TransferCredit { Service = CreditService.Water, Amount = amount, Tid = tid, Random = 4 };
                break;
            case 7:
                return KeyChange(random, fixture, key);
            default:
                meaning =
                    new TransferCredit { Service = CreditService.Electricity, Amount = amount, Tid = tid, Random = 5 };
                break;
        }

        var token = TokenIssuer.Issue(meaning, key);
        used.Add(token);
        return token;
    }

    // One token of a set: most sets never become whole, some do.
    private static Token66 KeyChange(Random random, MeterFixture fixture, DecoderKey key)
    {
        var to = TestKeys.Attributes(sgc: "203557", krn: 6, ti: "02");
        using var newKey = TestKeys.Derive(to);
        _ = KeyChangeSet.TryIssue(new KeyChange
        {
            From = fixture.Attributes,
            FromKey = key,
            To = to,
            ToKey = newKey,
            Count = 3,
        }, out var set);
        return set[random.Next(3)];
    }
}
