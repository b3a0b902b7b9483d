using OpenSts.Cosem.Meters;
using OpenSts.Cosem.Objects;
using OpenSts.Dlms.Apdu;
using OpenSts.Dlms.Objects;
using OpenSts.Dlms.Server;
using OpenSts.Dlms.Values;
using OpenSts.Metering;

namespace OpenSts.Cosem.Tests;

/// <summary>What the objects show of meters of every kind.</summary>
public class ObjectTests
{
    private static readonly string[] Model =
    [
        "1/0 0-0:42.0.0.255", "17/0 0-0:41.0.0.255", "15/1 0-0:40.0.0.255", "8/0 0-0:1.0.0.255", "1/0 0-0:43.1.0.255",
            "64/1 0-0:43.0.0.255", "1/0 0-0:96.1.0.255",
        "111/0 0-0:19.0.0.255", "112/0 0-0:19.10.0.255", "113/0 0-0:19.20.0.255", "115/0 0-0:19.40.0.255",
            "116/0 0-0:19.60.0.255", "3/0 1-0:1.8.0.255", "70/0 0-0:96.3.10.255",
        "1/0 0-0:97.98.0.255", "7/1 0-0:99.17.0.255", "7/1 0-0:99.15.0.255", "7/1 0-0:99.14.0.255",
            "3/0 1-0:1.7.0.255", "71/0 0-0:17.0.0.255",
        "3/0 1-0:128.7.0.255", "21/0 0-0:16.1.0.255", "32850/0 0-0:93.1.1.255", "40/0 0-4:25.9.0.255",
    ];

    [Fact]
    public void Model_OfAPolyphaseMeterWithExtensions_IsComplete()
    {
        using var fixture = new MeterFixture(
            settings => settings with { Push = new PushOptions { Destination = "192.0.2.1:4059" } }, Scripted());
        Assert.Equal(Model, fixture.Server.Objects.Select(each => $"{each.ClassId}/{each.Version} {each.Name}"));
        using var plain = new MeterFixture();
        Assert.Equal(Model[..20], plain.Server.Objects.Select(each => $"{each.ClassId}/{each.Version} {each.Name}"));
    }

    [Fact]
    public void Names_OfEveryAttribute_AreTheModels()
    {
        using var fixture = new MeterFixture(
            settings => settings with { Push = new PushOptions { Destination = "192.0.2.1:4059" } }, Scripted());
        foreach (var each in fixture.Server.Objects)
        {
            foreach (var attribute in each.Attributes)
                Assert.Equal(attribute.Name, ClassNames.OfAttribute(each.ClassId, attribute.Index));
            Assert.Equal($"attribute {each.Attributes.Count + 1}",
                ClassNames.OfAttribute(each.ClassId, (sbyte)(each.Attributes.Count + 1)));
        }
    }

    [Fact]
    public void Table_InTheDocumentation_NamesEveryAttributeAndMethod()
    {
        using var fixture = new MeterFixture(
            settings => settings with { Push = new PushOptions { Destination = "192.0.2.1:4059" } }, Scripted());
        var document = File.ReadAllText(TestFiles.Path("docs/build-a-meter/cosem.md"));
        foreach (var each in fixture.Server.Objects)
        {
            foreach (var name in each.Attributes.Select(attribute => attribute.Name)
                .Concat(each.Methods.Select(method => method.Name)))
                Assert.True(document.Contains(name, StringComparison.Ordinal), $"{each.ClassId} {name}");
        }
    }

    [Fact]
    public async Task TokenExtensions_OfScriptedMeter_HaveTheTypesOfTheirIndexes()
    {
        using var fixture = new MeterFixture(meter: Scripted());
        await using var client = await fixture.ManageAsync();
        var flags = (await client.GetAsync(new MemberReference(32850, PaymentObis.TokenExtensions, 2))).Value;
        // Index 6 is the payment mode, which is not a flag's where there is an Account.
        Assert.Equal("[1, 0, 0, 0, 0, 0, 2, 2, 2, 2, 0, 1]", flags.ToString());
        Assert.All(flags.Elements.ToArray(), each => Assert.Equal(CosemType.Enum, each.Type));
        var controls = (await client.GetAsync(new MemberReference(32850, PaymentObis.TokenExtensions, 3))).Value;
        Assert.Equal("[{0, 513}, {1, 1.5}, {4, 65535}, {29, -0.25}, {30, 0}]", controls.ToString());
        CosemType[] expected =
            [CosemType.UInt16, CosemType.Float32, CosemType.UInt16, CosemType.Float32, CosemType.UInt16];
        Assert.Equal(expected, controls.Elements.ToArray().Select(each => each.Elements[1].Type));
        Assert.Equal(DataAccessResult.ReadWriteDenied,
            await client.SetAsync(new MemberReference(32850, PaymentObis.TokenExtensions, 2), flags));
    }

    [Fact]
    public async Task Limits_OfScriptedMeter_AreInTheThresholds()
    {
        using var fixture = new MeterFixture(meter: Scripted());
        await using var client = await fixture.ManageAsync();
        Assert.Equal("5000", (await client.GetAsync(new MemberReference(71, PaymentObis.Limiter, 4)))
            .Value.ToString());
        Assert.Equal("[900]", (await client.GetAsync(new MemberReference(21, PaymentObis.UnbalanceMonitor, 2)))
            .Value.ToString());
        Assert.Equal("1", (await client.GetAsync(new MemberReference(1, Obis.AlarmRegister, 2))).Value.ToString());
        Assert.Equal("2", (await client.GetAsync(new MemberReference(70, Obis.DisconnectControl, 3)))
            .Value.ToString());
    }

    [Theory]
    [InlineData("units", false, "1234", "1234", "0", "10000000")]
    [InlineData("units owed", false, "-5", "0", "-5", "00000010")]
    [InlineData("more units than 32 bits", false, "99999999999", "2147483647", "0", "10000000")]
    [InlineData("money in 10^-5", true, "123456789", "123456", "0", "10000000")]
    [InlineData("money below a hundredth", true, "999", "0", "0", "10000000")]
    [InlineData("money owed below a hundredth", true, "-1", "0", "-1", "00000010")]
    public async Task Account_OfEachKindOfCredit_ShowsIt(string description, bool currency, string credit,
        string available, string owed, string status)
    {
        _ = description;
        using var fixture = new MeterFixture(meter: Scripted(currency, Int128.Parse(credit)));
        await using var client = await fixture.ManageAsync();
        MemberReference Account(sbyte index) => new(111, PaymentObis.Account, index);
        Assert.Equal(available, (await client.GetAsync(Account(5))).Value.ToString());
        Assert.Equal(owed, (await client.GetAsync(Account(6))).Value.ToString());
        Assert.Equal(status, (await client.GetAsync(Account(4))).Value.ToString());
        Assert.Equal(currency ? "{\"ZAR\", -2, 2}"
            : "{\"kWh\", -1, 1}", (await client.GetAsync(Account(15))).Value.ToString());
        Assert.Equal(DataAccessResult.Success, await client.SetAsync(Account(16), CosemValue.Int32(7)));
        Assert.Equal(currency ? 7000 : 7, ((ScriptedMeter)fixture.Meter).LowCredit);
    }

    [Theory]
    [InlineData("date-time", false, CosemType.DateTime)]
    [InlineData("octet-string", true, CosemType.OctetString)]
    public async Task Period_InTheFormOfTheSetting_IsRead(string description, bool asOctets, CosemType expected)
    {
        _ = description;
        using var fixture = new MeterFixture(settings => settings with { DateTimesAreOctetStrings = asOctets });
        await using var client = await fixture.ManageAsync();
        Assert.Equal(expected, (await client.GetAsync(new MemberReference(112, PaymentObis.Credit, 11))).Value.Type);
        Assert.Equal(expected, (await client.GetAsync(new MemberReference(113, PaymentObis.Charge, 10))).Value.Type);
    }

    [Theory]
    [InlineData("accepted", TokenResult.Accept, 3)]
    [InlineData("first section", TokenResult.FirstKeyChangeToken, 3)]
    [InlineData("second section", TokenResult.SecondKeyChangeToken, 3)]
    [InlineData("overflow", TokenResult.OverflowError, 7)]
    [InlineData("key type", TokenResult.KeyTypeError, 7)]
    [InlineData("bits that must be zero", TokenResult.FormatError, 7)]
    [InlineData("range", TokenResult.RangeError, 7)]
    [InlineData("function", TokenResult.FunctionError, 7)]
    [InlineData("old", TokenResult.OldError, 6)]
    [InlineData("used", TokenResult.UsedError, 6)]
    [InlineData("expired", TokenResult.KeyExpiredError, 6)]
    [InlineData("default key", TokenResult.DdtkError, 6)]
    [InlineData("check", TokenResult.CrcError, 5)]
    [InlineData("maker", TokenResult.ManufacturerCodeError, 5)]
    [InlineData("lock-out", TokenResult.Lockout, 5)]
    [InlineData("not ready", TokenResult.NotReady, 8)]
    [InlineData("third section", TokenResult.ThirdKeyChangeToken, 3)]
    [InlineData("fourth section", TokenResult.FourthKeyChangeToken, 3)]
    public async Task TokenStatus_OfEveryVerdict_HasItsCode(string description, TokenResult verdict, int code)
    {
        _ = description;
        using var fixture = new MeterFixture(meter: Scripted(verdict: verdict));
        await using var client = await fixture.ManageAsync();
        var (result, status) = await client.EnterAsync(Token66.Parse("00000000000000000001"));
        Assert.Equal((ActionResult.Success, code, verdict), (result, status!.StatusCode, status.Result!.Value));
    }

    private static ScriptedMeter Scripted(bool currency = false, Int128 credit = default,
        TokenResult verdict = TokenResult.Accept) => new(currency, credit, verdict);

    /// <summary>A meter that shows what it is told to.</summary>
    private sealed class ScriptedMeter(bool currency, Int128 credit, TokenResult verdict) : ICosemMeter
    {
        private EnteredToken? _last;

        public long LowCredit { get; private set; }

        public MeterNameplate Nameplate { get; } = new()
        {
            MeterPan = MeterPan.Parse("600727000000000009"),
            EncryptionAlgorithm = EncryptionAlgorithm.Ea11,
            IsPolyphase = true,
            HasExtensions = true,
            CountsCurrency = currency,
            CurrencyName = currency ? "ZAR" : "",
        };

        public ValueTask<MeterReading> ReadAsync(CancellationToken cancellation)
        {
            var attributes = TestKeys.Attributes();
            return ValueTask.FromResult(new MeterReading
            {
                Time = new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.FromHours(2)),
                Credit = credit,
                SupplyGroupCode = attributes.SupplyGroupCode,
                TariffIndex = attributes.TariffIndex,
                KeyRevisionNumber = attributes.KeyRevisionNumber,
                KeyType = attributes.KeyType,
                KeyExpiryNumber = attributes.KeyExpiryNumber,
                MaximumPowerLimit = 5000,
                MaximumPhasePowerUnbalanceLimit = 900,
                Alarms = MeterAlarms.Tamper,
                Switch = LoadSwitch.ReadyForReconnection,
                LastToken = _last,
                Flags = [ExtensionFlag.Enabled, .. new ExtensionFlag[5], ExtensionFlag.Enabled,
                    .. Enumerable.Repeat(ExtensionFlag.NotImplemented, 3), ExtensionFlag.Disabled,
                    ExtensionFlag.Enabled],
                Controls = [new(0, 513), new(1, 1.5), new(4, 1e9), new(29, -0.25), new(30, double.NaN)],
            });
        }

        public ValueTask<TokenVerdict> EnterAsync(TokenEntry entry, CancellationToken cancellation)
        {
            _last = new EnteredToken(DateTimeOffset.UnixEpoch, entry, new TokenVerdict(verdict, null));
            return ValueTask.FromResult(_last.Verdict);
        }

        public ValueTask<bool> SwitchAsync(bool connect, CancellationToken cancellation) =>
            ValueTask.FromResult(false);

        public ValueTask<bool> SetTimeAsync(DateTimeOffset time, CancellationToken cancellation) =>
            ValueTask.FromResult(false);

        public ValueTask<bool> SetLowCreditThresholdAsync(long units, CancellationToken cancellation)
        {
            LowCredit = units;
            return ValueTask.FromResult(true);
        }
    }
}
