using OpenSts.Cosem.Client;
using OpenSts.Cosem.Meters;
using OpenSts.Cosem.Objects;
using OpenSts.Cosem.Tests;
using OpenSts.Dlms.Acse;
using OpenSts.Dlms.Apdu;
using OpenSts.Dlms.Client;
using OpenSts.Dlms.Security;
using OpenSts.Dlms.Values;
using OpenSts.Keys;
using OpenSts.Metering;
using OpenSts.Secrets;

namespace OpenSts.Dlms.Tests;

public class ServerTests
{
    private static readonly MemberReference Enter = new(115, PaymentObis.TokenGateway, 1);

    [Theory]
    [InlineData("TCP", false)]
    [InlineData("HDLC", true)]
    public async Task Management_OverEachLink_EntersReadsAndDumps(string description, bool overHdlc)
    {
        _ = description;
        using var fixture = new MeterFixture();
        await using var client = await fixture.ManageAsync(overHdlc: overHdlc);
        var (result, status) = await client.EnterAsync(fixture.Credit(125));
        Assert.Equal((ActionResult.Success, 3, TokenResult.Accept),
            (result, status!.StatusCode, status.Result!.Value));
        Assert.Equal(CosemValue.Int32(125), (await client.GetAsync(new MemberReference(111, PaymentObis.Account, 5)))
            .Value);
        Assert.Equal(CosemValue.Int32(125), (await client.GetAsync(new MemberReference(112, PaymentObis.Credit, 2)))
            .Value);
        var objects = await client.ListAsync();
        Assert.Equal(fixture.Server.Objects.Count, objects.Count);
        var count = 0;
        await foreach (var (attribute, read) in client.DumpAsync())
        {
            Assert.True(read.Error == DataAccessResult.Success, attribute.ToString());
            count++;
        }

        Assert.Equal(objects.Sum(each => each.Attributes.Count), count);
    }

    [Theory]
    [InlineData("AES-128", SecuritySuite.Suite0, false, false)]
    [InlineData("AES-128, general", SecuritySuite.Suite0, true, false)]
    [InlineData("AES-128, dedicated", SecuritySuite.Suite0, false, true)]
    [InlineData("AES-128, general and dedicated", SecuritySuite.Suite0, true, true)]
    [InlineData("suite 1", SecuritySuite.Suite1, false, false)]
    [InlineData("AES-256", SecuritySuite.Suite2, true, true)]
    public async Task Management_InEachProtection_Works(string description, SecuritySuite suite, bool general,
        bool dedicated)
    {
        _ = description;
        using var fixture = new MeterFixture(suite: suite);
        await using var client = await fixture.ManageAsync(
            fixture.ManagementSettings() with { UsesGeneralCiphering = general, UsesDedicatedKey = dedicated });
        Assert.Equal(3, (await client.EnterAsync(fixture.Credit())).Status!.StatusCode);
        Assert.Equal(CosemValue.Enum((byte)suite),
            (await client.GetAsync(new MemberReference(64, Obis.SecuritySetup, 3))).Value);
    }

    [Theory]
    [InlineData("ASCII", TokenForm.Ascii)]
    [InlineData("digits", TokenForm.Digits)]
    [InlineData("BCD", TokenForm.Bcd)]
    [InlineData("binary", TokenForm.Binary)]
    public async Task Enter_EachForm_IsTakenAndKeptAsItCame(string description, TokenForm form)
    {
        _ = description;
        using var fixture = new MeterFixture();
        await using var client = await fixture.ManageAsync();
        var token = fixture.Credit(77);
        var (_, status) = await client.EnterAsync(token, form);
        Assert.Equal((3, TokenResult.Accept), (status!.StatusCode, status.Result!.Value));
        Assert.Equal(TokenOctets.Write(token, form),
            (await client.GetAsync(new MemberReference(115, PaymentObis.TokenGateway, 2))).Value.Octets.ToArray());
        // Class 0, subclass 0, identifier 2003, 7.7 kWh.
        Assert.Equal("[00, 00, 0007D3, 0000004D]", status.Description.ToString());
        // The same token in every other form was used by then.
        foreach (var other in Enum.GetValues<TokenForm>())
            Assert.Equal((6, TokenResult.UsedError),
                ((await client.EnterAsync(token, other)).Status!.StatusCode, (await client.ReadStatusAsync())
                .Result!.Value));
    }

    [Theory]
    [InlineData("no digits", "")]
    [InlineData("a letter", "3132333435363738394131323334353637383930")]
    [InlineData("ASCII and raw digits mixed", "3102030405060708090001020304050607080900")]
    [InlineData("BCD with A", "1234567890123456789A")]
    [InlineData("above 2^66 - 1 in BCD", "99999999999999999999")]
    [InlineData("above 2^66 - 1 in binary", "040000000000000000")]
    [InlineData("19 digits", "31323334353637383930313233343536373839")]
    public async Task Enter_OctetsOfNoForm_AreFormatFailureAndMoveNothing(string description, string hex)
    {
        _ = description;
        using var fixture = new MeterFixture();
        await using var client = await fixture.ManageAsync();
        var called = await client.CallAsync(new MethodCall(Enter, CosemValue.OctetString(Convert.FromHexString(hex))));
        Assert.Equal(ActionResult.Success, called.Result);
        var status = await client.ReadStatusAsync();
        Assert.Equal((4, TokenResult.FormatError), (status.StatusCode, status.Result!.Value));
        Assert.Equal((Int128)0, (await fixture.Meter.ReadAsync(TestContext.Current.CancellationToken)).Credit);
    }

    [Fact]
    public async Task Enter_WrongTypeOrTooLong_NeverReachesTheMeter()
    {
        using var fixture = new MeterFixture();
        await using var client = await fixture.ManageAsync();
        Assert.Equal(ActionResult.TypeUnmatched, (await client.CallAsync(new MethodCall(Enter, CosemValue.Int32(1))))
            .Result);
        Assert.Equal(ActionResult.TypeUnmatched, (await client.CallAsync(new MethodCall(Enter, null))).Result);
        Assert.Equal(ActionResult.ScopeOfAccessViolated,
            (await client.CallAsync(new MethodCall(Enter, CosemValue.OctetString(new byte[65])))).Result);
        Assert.Equal(ActionResult.ReadWriteDenied,
            (await client.CallAsync(new MethodCall(Enter with { Index = 2 }, CosemValue.OctetString(1)))).Result);
        Assert.Empty((await fixture.Meter.ReadAsync(TestContext.Current.CancellationToken)).TokenLog);
    }

    [Fact]
    public async Task Enter_WrongTokens_RunIntoTheMetersOwnLockout()
    {
        using var fixture = new MeterFixture();
        await using var client = await fixture.ManageAsync();
        var wrong = Token66.Parse("11111111111111111111");
        Assert.Equal((5, TokenResult.CrcError), Of((await client.EnterAsync(wrong)).Status!));
        // The keypad shares it.
        Assert.Equal(TokenResult.CrcError,
            (await fixture.Meter.EnterAsync(new TokenEntry(wrong.ToString(), [], DeliveryMethod.Manual),
            TestContext.Current.CancellationToken)).Result);
        var credit = fixture.Credit();
        Assert.Equal((5, TokenResult.Lockout), Of((await client.EnterAsync(credit)).Status!));
        Assert.Equal(CosemValue.UInt32(4), (await client.GetAsync(new MemberReference(1, Obis.AlarmRegister, 2)))
            .Value);
        fixture.Clock.Advance(TimeSpan.FromSeconds(3));
        Assert.Equal((3, TokenResult.Accept), Of((await client.EnterAsync(credit)).Status!));
        Assert.Equal(CosemValue.Enum(0), (await client.GetAsync(new MemberReference(115, PaymentObis.TokenGateway, 5)))
            .Value);
    }

    [Fact]
    public async Task KeyChange_ThroughTheGateway_MovesClass116()
    {
        using var fixture = new MeterFixture();
        await using var client = await fixture.ManageAsync();
        var to = TestKeys.Attributes(sgc: "203557", krn: 6, ti: "02");
        using var newKey = TestKeys.Derive(to);
        _ = KeyChangeSet.TryIssue(new KeyChange
        {
            From = fixture.Attributes,
            FromKey = fixture.MeterKey,
            To = to,
            ToKey = newKey,
            Count = 3,
        }, out var set);
        Assert.Equal(CosemValue.UInt32(201457),
            (await client.GetAsync(new MemberReference(116, PaymentObis.StsAttributes, 6))).Value);
        TokenResult[] expected =
            [TokenResult.FirstKeyChangeToken, TokenResult.SecondKeyChangeToken, TokenResult.Accept];
        for (var i = 0; i < 3; i++)
            Assert.Equal((3, expected[i]), Of((await client.EnterAsync(set[i])).Status!));
        var values = await client.GetAsync([.. Enumerable.Range(2, 11)
            .Select(
            index => new AttributeRequest(new MemberReference(116, PaymentObis.StsAttributes, (sbyte)index), null))]);
        Assert.Equal(
            ["{600727, 0, 9}", "\"ELECTRICITY\"", "[2, 8]", "7", "203557", "2", "6", "2", "255", "3", "\"NONE\""],
            values.Select(each => each.Value.ToString()));
    }

    [Fact]
    public async Task Set_OfEveryAttribute_IsDeniedButForTwo()
    {
        using var fixture = new MeterFixture();
        await using var client = await fixture.ManageAsync();
        var before = (await fixture.Meter.ReadAsync(TestContext.Current.CancellationToken));
        var taken = new List<string>();
        foreach (var each in await client.ListAsync())
        {
            foreach (var index in fixture.Server.Find(each.Name)!.Attributes.Select(attribute => attribute.Index))
            {
                var result = await client.SetAsync(new MemberReference(each.ClassId, each.Name, index),
                    CosemValue.Boolean(true));
                if (result != DataAccessResult.ReadWriteDenied)
                    taken.Add($"{each.ClassId}.{index} {result}");
            }
        }

        Assert.Equal(["8.2 TypeUnmatched", "111.16 TypeUnmatched"], taken);
        Assert.Equal(before.ToString(), (await fixture.Meter.ReadAsync(TestContext.Current.CancellationToken))
            .ToString());
        Assert.Equal(DataAccessResult.Success,
            await client.SetAsync(new MemberReference(111, PaymentObis.Account, 16), CosemValue.Int32(50)));
        Assert.Equal(50, (await fixture.Meter.ReadAsync(TestContext.Current.CancellationToken)).LowCreditThreshold);
        var time = new DateTimeOffset(2027, 1, 2, 3, 4, 5, TimeSpan.Zero);
        Assert.Equal(DataAccessResult.Success, await client.SetAsync(new MemberReference(8, Obis.Clock, 2),
            CosemValue.OctetString(CosemDateTime.From(time))));
        Assert.Equal(time, (await fixture.Meter.ReadAsync(TestContext.Current.CancellationToken)).Time);
        Assert.Equal(DataAccessResult.ScopeOfAccessViolated,
            await client.SetAsync(new MemberReference(8, Obis.Clock, 2), CosemValue.OctetString(CosemDateTime.Open)));
    }

    [Fact]
    public async Task Public_ReadsTheFewObjectsAndNothingElse()
    {
        using var fixture = new MeterFixture();
        await using var client = await fixture.OpenAsync(new ClientOptions(), 16);
        var objects = await client.ListAsync();
        Assert.Equal(
            ["1 0-0:42.0.0.255", "17 0-0:41.0.0.255", "15 0-0:40.0.0.255", "8 0-0:1.0.0.255", "1 0-0:43.1.0.255"],
            objects.Select(each => $"{each.ClassId} {each.Name}"));
        Assert.All(objects, each => Assert.Empty(each.Methods));
        foreach (var each in fixture.Server.Objects.Where(each => !each.IsPublic))
            Assert.Equal(DataAccessResult.ReadWriteDenied,
                (await client.GetAsync(new MemberReference(each.ClassId, each.Name, 2))).Error);
        var error = await Assert.ThrowsAsync<DlmsException>(
            async () => await client.CallAsync(new MethodCall(Enter, CosemValue.OctetString(1))));
        Assert.Contains("ServiceNotSupported", error.Message, StringComparison.Ordinal);
        Assert.Empty((await fixture.Meter.ReadAsync(TestContext.Current.CancellationToken)).TokenLog);
    }

    [Fact]
    public async Task Reader_WithItsPassword_ReadsAndCannotAct()
    {
        using var fixture = new MeterFixture();
        await using var client = await fixture.OpenAsync(
            new ClientOptions { Mechanism = AuthenticationMechanism.Password, Password = fixture.Password }, 2);
        Assert.Equal(CosemValue.Int32(0), (await client.GetAsync(new MemberReference(111, PaymentObis.Account, 5)))
            .Value);
        _ = await Assert.ThrowsAsync<DlmsException>(async () =>
            await client.SetAsync(new MemberReference(111, PaymentObis.Account, 16), CosemValue.Int32(50)));
        using var wrong = new SecretBytes("12345679"u8);
        var error = await Assert.ThrowsAsync<DlmsException>(async () => await fixture.OpenAsync(
            new ClientOptions { Mechanism = AuthenticationMechanism.Password, Password = wrong }, 2));
        Assert.Contains("AuthenticationFailure", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("1234567", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Get_WhatIsNotThere_SaysWhy()
    {
        using var fixture = new MeterFixture();
        await using var client = await fixture.ManageAsync();
        Assert.Equal(DataAccessResult.ObjectUndefined,
            (await client.GetAsync(new MemberReference(1, new LogicalName(9, 9, 9, 9, 9), 2))).Error);
        Assert.Equal(DataAccessResult.ObjectClassInconsistent,
            (await client.GetAsync(new MemberReference(3, Obis.Clock, 2))).Error);
        Assert.Equal(DataAccessResult.ReadWriteDenied, (await client.GetAsync(new MemberReference(8, Obis.Clock, 10)))
            .Error);
        Assert.Equal(DataAccessResult.ReadWriteDenied, (await client.GetAsync(new MemberReference(8, Obis.Clock, 0)))
            .Error);
        Assert.Equal(DataAccessResult.ReadWriteDenied, (await client.GetAsync(new MemberReference(8, Obis.Clock, -1)))
            .Error);
        Assert.Equal(DataAccessResult.ScopeOfAccessViolated,
            (await client.GetAsync(new MemberReference(8, Obis.Clock, 2), new Selection(1, default))).Error);
    }

    [Fact]
    public async Task TokenLog_BySelection_GivesRowsAndColumns()
    {
        using var fixture = new MeterFixture();
        await using var client = await fixture.ManageAsync();
        var start = fixture.Clock.GetUtcNow();
        for (var i = 0; i < 10; i++)
        {
            fixture.Clock.SetUtcNow(start + TimeSpan.FromHours(i));
            _ = await client.EnterAsync(fixture.Credit(i + 1));
        }

        var log = new MemberReference(7, PaymentObis.TokenLog, 2);
        Assert.Equal(10, (await client.GetAsync(log)).Value.Elements.Length);
        var rows = (await client.GetAsync(log, new Selection(2, Entries(3, 5, 2, 2)))).Value;
        Assert.Equal(3, rows.Elements.Length);
        Assert.All(rows.Elements.ToArray(),
            row => Assert.Equal(20, Assert.Single(row.Elements.ToArray()).Octets.Length));
        var time = Column(8, Obis.Clock);
        var range = CosemValue.Structure(time, Time(start.AddHours(2)), Time(start.AddHours(4)),
            CosemValue.Array(Column(115, PaymentObis.TokenGateway, 6), time));
        rows = (await client.GetAsync(log, new Selection(1, range))).Value;
        Assert.Equal(3, rows.Elements.Length);
        Assert.Equal(Time(start.AddHours(2)), rows.Elements[0].Elements[1]);
        foreach (var bad in (Selection[])[new(2, Entries(0, 1, 1, 1)), new(2, Entries(1, 1, 0, 1)),
            new(2, Entries(1, 1, 1, 9)), new(3, default), new(1, default), new(1, CosemValue.Structure())])
            Assert.Equal(DataAccessResult.ScopeOfAccessViolated, (await client.GetAsync(log, bad)).Error);
        Assert.Equal(DataAccessResult.ScopeOfAccessViolated,
            (await client.GetAsync(log with { Index = 3 }, new Selection(2, Entries(1, 1, 1, 1)))).Error);
    }

    [Fact]
    public async Task DisconnectControl_FollowsTheSwitchAndItsRefusal()
    {
        using var fixture = new MeterFixture();
        await using var client = await fixture.ManageAsync();
        var control = new MemberReference(70, Obis.DisconnectControl, 1);
        Assert.Equal(ActionResult.Success, (await client.CallAsync(new MethodCall(control, CosemValue.Int8(0))))
            .Result);
        Assert.Equal(CosemValue.Boolean(false), (await client.GetAsync(control with { Index = 2 })).Value);
        Assert.Equal(ActionResult.TemporaryFailure,
            (await client.CallAsync(new MethodCall(control with { Index = 2 }, CosemValue.Int8(0)))).Result);
        _ = await client.EnterAsync(fixture.Credit());
        Assert.Equal(ActionResult.Success,
            (await client.CallAsync(new MethodCall(control with { Index = 2 }, CosemValue.Int8(0)))).Result);
        Assert.Equal(CosemValue.Enum(1), (await client.GetAsync(control with { Index = 3 })).Value);
        Assert.Equal(ActionResult.TypeUnmatched,
            (await client.CallAsync(new MethodCall(control, CosemValue.OctetString(0)))).Result);
    }

    [Fact]
    public async Task Limiter_AfterSetMaximumPowerLimit_ShowsIt()
    {
        using var fixture = new MeterFixture();
        await using var client = await fixture.ManageAsync();
        var threshold = new MemberReference(71, PaymentObis.Limiter, 3);
        Assert.Equal(CosemValue.UInt32(uint.MaxValue), (await client.GetAsync(threshold)).Value);
        _ = TransferAmount.TryFromUnits(2500, out var watts);
        var token = TokenIssuer.Issue(new SetMaximumPowerLimit
        {
            Watts = watts,
            Tid = TokenIdentifier.FromNumber(3000),
            Random = 1,
        }, fixture.MeterKey);
        Assert.Equal((3, TokenResult.Accept), Of((await client.EnterAsync(token)).Status!));
        Assert.Equal(CosemValue.UInt32(2500), (await client.GetAsync(threshold)).Value);
    }

    private static (int Code, TokenResult Result) Of(GatewayStatus status) =>
        (status.StatusCode, status.Result!.Value);

    private static CosemValue Entries(uint first, uint last, ushort left, ushort right) =>
        CosemValue.Structure(CosemValue.UInt32(first), CosemValue.UInt32(last), CosemValue.UInt16(left),
            CosemValue.UInt16(right));

    private static CosemValue Column(ushort classId, LogicalName name, sbyte index = 2) =>
        CosemValue.Structure(CosemValue.UInt16(classId), CosemValue.Name(name), CosemValue.Int8(index),
            CosemValue.UInt16(0));

    private static CosemValue Time(DateTimeOffset time) => CosemValue.OctetString(CosemDateTime.From(time));
}
