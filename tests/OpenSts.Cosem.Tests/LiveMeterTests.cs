using OpenSts.Cosem.Meters;
using OpenSts.Cosem.Objects;
using OpenSts.Dlms.Apdu;
using OpenSts.Dlms.Values;
using OpenSts.Keys;
using OpenSts.Meter;
using OpenSts.Metering;

namespace OpenSts.Cosem.Tests;

/// <summary>A payment meter with a record, as COSEM shows it.</summary>
public sealed class LiveMeterTests : IDisposable
{
    private static readonly MemberReference Enter = new(115, PaymentObis.TokenGateway, 1);
    private static readonly MemberReference Received = new(115, PaymentObis.TokenGateway, 2);
    private static readonly MemberReference Status = new(115, PaymentObis.TokenGateway, 6);
    private static readonly DecoderKeyAttributes Attributes = TestKeys.Attributes();
    private readonly DecoderKey _key = TestKeys.Derive(Attributes);

    public void Dispose() => _key.Dispose();

    [Theory]
    [InlineData("ASCII digits", "3730363330353033343730303238373236313135")]
    [InlineData("BCD", "70630503470028726115")]
    [InlineData("raw digits", "0700060300050003040700000208070206010105")]
    [InlineData("no token", "0102")]
    public async Task Token_ThatIsRefused_IsShownAsReceived(string form, string octets)
    {
        using var fixture = new MeterFixture(meter: new LiveMeter(Meter(Settings())));
        await using var client = await fixture.ManageAsync();
        var called =
            await client.CallAsync(new MethodCall(Enter, CosemValue.OctetString(Convert.FromHexString(octets))));
        Assert.Equal(ActionResult.Success, called.Result);
        Assert.Equal(octets, (await client.GetAsync(Received)).Value.ToString());
        Assert.NotEqual("3", (await client.GetAsync(Status)).Value.Elements[0].ToString());
        var log = (await client.GetAsync(new MemberReference(7, PaymentObis.TokenLog, 2))).Value;
        Assert.Equal((octets, form), (log.Elements[^1].Elements[1].ToString(), form));
    }

    [Fact]
    public async Task Token_AcceptedInBcd_IsShownAsReceived()
    {
        using var fixture = new MeterFixture(meter: new LiveMeter(Meter(Settings())));
        await using var client = await fixture.ManageAsync();
        var token = fixture.Credit(125);
        Assert.Equal(3, (await client.EnterAsync(token, TokenForm.Bcd)).Status!.StatusCode);
        Assert.Equal(token.ToString(), (await client.GetAsync(Received)).Value.ToString());
        Assert.Equal(CosemValue.Int32(125), (await client.GetAsync(new MemberReference(111, PaymentObis.Account, 5)))
            .Value);
    }

    [Fact]
    public async Task CurrencyCredit_OfAMeterThatCountsCurrencyOnly_IsShownInMoney()
    {
        var settings = Settings() with { CountsUnits = false };
        using var fixture = new MeterFixture(meter: new LiveMeter(Meter(settings)));
        await using var client = await fixture.ManageAsync();
        Assert.Equal(3, (await client.EnterAsync(Money(10_000_000))).Status!.StatusCode);
        Assert.Equal("10000", (await client.GetAsync(new MemberReference(111, PaymentObis.Account, 5)))
            .Value.ToString());
        Assert.Equal("{\"XXX\", -2, 2}", (await client.GetAsync(new MemberReference(111, PaymentObis.Account, 15)))
            .Value.ToString());
        // In use, not exhausted.
        Assert.Equal("3", (await client.GetAsync(new MemberReference(112, PaymentObis.Credit, 8))).Value.ToString());
    }

    [Fact]
    public async Task CurrencyCredit_OfAMeterThatCountsBoth_IsShownAsWhatItBuys()
    {
        // 100.00 at 2.50 a kWh is 40.0 kWh.
        using var fixture = new MeterFixture(meter: new LiveMeter(Meter(Settings(), stepsPerUnit: 250_000)));
        await using var client = await fixture.ManageAsync();
        Assert.Equal(3, (await client.EnterAsync(Money(10_000_000))).Status!.StatusCode);
        Assert.Equal("400", (await client.GetAsync(new MemberReference(111, PaymentObis.Account, 5)))
            .Value.ToString());
        Assert.Equal("10000000", (await client.GetAsync(new MemberReference(111, PaymentObis.Account, 4)))
            .Value.ToString());
        Assert.Equal("3", (await client.GetAsync(new MemberReference(112, PaymentObis.Credit, 8))).Value.ToString());
    }

    [Theory]
    [InlineData(KeyType.Initialization, 10, TokenResult.Accept)]
    [InlineData(KeyType.Initialization, 255, TokenResult.Accept)]
    [InlineData(KeyType.Unique, 10, TokenResult.KeyExpiredError)]
    [InlineData(KeyType.Unique, 255, TokenResult.Accept)]
    public async Task KeyExpiryNumber_OfADitk_DoesNotExpireTheMeter(KeyType type, int ken, TokenResult expected)
    {
        var state = State() with { KeyType = type, KeyExpiryNumber = KeyExpiryNumber.FromNumber(ken) };
        using var fixture = new MeterFixture(meter: new LiveMeter(Meter(Settings(), state)));
        await using var client = await fixture.ManageAsync();
        _ = TransferAmount.TryFromUnits(50, out var watts);
        var token = TokenIssuer.Issue(
            new SetMaximumPowerLimit { Watts = watts, Tid = TokenIdentifier.FromNumber(11 << 16), Random = 2 }, _key);
        Assert.Equal(expected, (await client.EnterAsync(token)).Status!.Result);
        Assert.Equal(expected == TokenResult.Accept ? "50"
            : "4294967295", (await client.GetAsync(new MemberReference(71, PaymentObis.Limiter, 4))).Value.ToString());
    }

    private Token66 Money(int steps)
    {
        _ = CurrencyAmount.TryFromSteps(steps, out var amount);
        return TokenIssuer.Issue(new TransferCurrency
        {
            Service = CreditService.Electricity,
            Amount = amount,
            Tid = TokenIdentifier.FromNumber(3000),
        }, _key);
    }

    private static MeterSettings Settings() =>
        new() { MeterPan = Attributes.MeterPan, EncryptionAlgorithm = EncryptionAlgorithm.Ea07 };

    private MeterState State() => MeterState.AtManufacture(_key, Attributes, TokenIdentifier.FromNumber(1000));

    private PaymentMeter Meter(MeterSettings settings, MeterState? state = null, long stepsPerUnit = 0) => new(
        new MeterRecord { Settings = settings, State = state ?? State(), StepsPerUnit = stepsPerUnit },
            TimeProvider.System);
}
