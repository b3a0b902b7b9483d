using OpenSts.Cosem.Objects;
using OpenSts.Cosem.Tests;
using OpenSts.Dlms.Acse;
using OpenSts.Dlms.Apdu;
using OpenSts.Dlms.Client;
using OpenSts.Dlms.Server;
using OpenSts.Dlms.Values;
using OpenSts.Dlms.Wire;

namespace OpenSts.Dlms.Tests;

/// <summary>Transfers in blocks and lists, at every size of APDU.</summary>
public class TransferTests
{
    private static readonly MemberReference Enter = new(115, PaymentObis.TokenGateway, 1);
    private static readonly MemberReference Log = new(7, PaymentObis.TokenLog, 2);

    [Theory]
    [InlineData("the shortest both ways", 64, 64)]
    [InlineData("short answers", 64, 1024)]
    [InlineData("short requests", 65535, 64)]
    [InlineData("odd", 201, 199)]
    [InlineData("the usual", 1024, 1024)]
    [InlineData("the longest", 65535, 65535)]
    [InlineData("no limit", 0, 65535)]
    public async Task Management_WithApdusOfEachSize_EntersAndReadsEverything(string description, ushort client,
        ushort server)
    {
        _ = description;
        using var fixture = new MeterFixture(settings => settings with { MaximumPdu = server });
        await EntersAndReadsAsync(fixture, client);
    }

    [Theory]
    [InlineData("one", 1, 64)]
    [InlineData("some", 20, 64)]
    [InlineData("as many as are permitted", 128, 200)]
    public async Task EnterList_LongerThanAnApdu_GoesAndComesInBlocks(string description, int count, ushort pdu)
    {
        _ = description;
        using var fixture = new MeterFixture(settings => settings with { MaximumPdu = 8192 });
        await using var client = await fixture.ManageAsync(fixture.ManagementSettings() with { MaximumPdu = pdu });
        var results = await client.CallAsync([.. Enumerable.Range(0, count)
            .Select(_ => new MethodCall(Enter,
            CosemValue.OctetString(System.Text.Encoding.ASCII.GetBytes(fixture.Credit(1).ToString()))))]);
        Assert.Equal(count, results.Count);
        Assert.All(results, each => Assert.Equal(ActionResult.Success, each.Result));
        Assert.Equal((Int128)count, (await fixture.Meter.ReadAsync(TestContext.Current.CancellationToken)).Credit);
    }

    [Fact]
    public async Task SetList_MixedResults_InTheirOrder()
    {
        using var fixture = new MeterFixture();
        await using var client = await fixture.ManageAsync();
        var results = await client.SetAsync(
            (new MemberReference(111, PaymentObis.Account, 16), CosemValue.Int32(70)),
            (new MemberReference(111, PaymentObis.Account, 5), CosemValue.Int32(70)),
            (new MemberReference(9, PaymentObis.Account, 5), CosemValue.Int32(70)));
        Assert.Equal([DataAccessResult.Success, DataAccessResult.ReadWriteDenied,
            DataAccessResult.ObjectClassInconsistent], results);
        Assert.Equal(70, (await fixture.Meter.ReadAsync(TestContext.Current.CancellationToken)).LowCreditThreshold);
    }

    [Fact]
    public async Task Lists_LongerThanPermitted_DoNothing()
    {
        using var fixture = new MeterFixture(settings => settings with { MaximumPdu = 65535 });
        await using var client = await fixture.ManageAsync();
        var calls = Enumerable.Range(0, 129).Select(_ => new MethodCall(Enter, CosemValue.OctetString(1))).ToArray();
        Assert.All(await client.CallAsync(calls),
            each => Assert.Equal(ActionResult.ScopeOfAccessViolated, each.Result));
        Assert.Empty((await fixture.Meter.ReadAsync(TestContext.Current.CancellationToken)).TokenLog);
        var reads = Enumerable.Range(0, 129)
            .Select(_ => new AttributeRequest(new MemberReference(15, Obis.Association, 2), null)).ToArray();
        Assert.All(await client.GetAsync(reads),
            each => Assert.Equal(DataAccessResult.ScopeOfAccessViolated, each.Error));
    }

    [Fact]
    public async Task Blocks_OutOfStep_AreRefusedAndEndTheTransfer()
    {
        using var fixture = new MeterFixture();
        using var association = fixture.Server.Open(2, 1)!;
        var writer = new WireWriter();
        using (var client = new ClientAssociation(new ClientOptions
        {
            Mechanism = AuthenticationMechanism.Password,
            Password = fixture.Password,
            MaximumPdu = 64,
        }))
        {
            client.WriteRequest(writer);
            client.Accept((await association.AnswerAsync(writer.WrittenMemory, TestContext.Current.CancellationToken))
                .Span);
        }

        var list = new GetRequest(0xC1, new AttributeRequest(new MemberReference(15, Obis.Association, 2), null));
        Assert.Equal(DataAccessResult.NoLongGetInProgress,
            Assert.IsType<GetBlockResponse>(await AskAsync(association, new GetNextRequest(0xC1, 1))).Error);
        Assert.False(Assert.IsType<GetBlockResponse>(await AskAsync(association, list)).Block.IsLast);
        Assert.Equal(2u, Assert.IsType<GetBlockResponse>(await AskAsync(association, new GetNextRequest(0xC1, 1)))
            .Block.Number);
        Assert.Equal(DataAccessResult.DataBlockNumberInvalid,
            Assert.IsType<GetBlockResponse>(await AskAsync(association, new GetNextRequest(0xC1, 7))).Error);
        Assert.Equal(DataAccessResult.NoLongGetInProgress,
            Assert.IsType<GetBlockResponse>(await AskAsync(association, new GetNextRequest(0xC1, 2))).Error);
        // Another request in between ends it as well.
        _ = await AskAsync(association, list);
        _ = await AskAsync(association,
            new GetRequest(0xC2, new AttributeRequest(new MemberReference(111, PaymentObis.Account, 5), null)));
        Assert.Equal(DataAccessResult.NoLongGetInProgress,
            Assert.IsType<GetBlockResponse>(await AskAsync(association, new GetNextRequest(0xC1, 1))).Error);
    }

    [Fact]
    public async Task IncomingBlocks_OutOfStepOrTooMuch_AreRefused()
    {
        using var fixture = new MeterFixture(settings => settings with { MaximumTransfer = 1000 });
        using var association = fixture.Server.Open(1, 1)!;
        using var client = new ClientAssociation(fixture.ManagementSettings());
        await SecurityTests.AssociateAsync(association, client);
        var target = new AttributeRequest(new MemberReference(111, PaymentObis.Account, 16), null);
        Assert.Equal(DataAccessResult.NoLongSetInProgress,
            Result(await ProtectedAsync(new SetBlockRequest(0xC1, new Block(true, 2, [])))));
        Assert.Equal(DataAccessResult.DataBlockNumberInvalid,
            Result(await ProtectedAsync(new SetFirstBlockRequest(0xC1, [target], false, new Block(false, 2, [5])))));
        _ = Assert.IsType<SetBlockResponse>(
            await ProtectedAsync(new SetFirstBlockRequest(0xC1, [target], false, new Block(false, 1, [5, 0]))));
        Assert.Equal(DataAccessResult.LongSetAborted,
            Result(await ProtectedAsync(new SetBlockRequest(0xC1, new Block(true, 3, [0, 0, 9])))));
        Assert.Equal(DataAccessResult.NoLongSetInProgress,
            Result(await ProtectedAsync(new SetBlockRequest(0xC1, new Block(true, 2, [0, 0, 9])))));
        _ = Assert.IsType<SetBlockResponse>(
            await ProtectedAsync(new SetFirstBlockRequest(0xC1, [target], false, new Block(false, 1, new byte[900]))));
        Assert.Equal(DataAccessResult.LongSetAborted,
            Result(await ProtectedAsync(new SetBlockRequest(0xC1, new Block(true, 2, new byte[101])))));
        _ = Assert.IsType<SetBlockResponse>(
            await ProtectedAsync(new SetFirstBlockRequest(0xC1, [target], false, new Block(false, 1, [5, 0]))));
        Assert.Equal(DataAccessResult.Success,
            Result(await ProtectedAsync(new SetBlockRequest(0xC1, new Block(true, 2, [0, 0, 9])))));
        Assert.Equal(9, (await fixture.Meter.ReadAsync(TestContext.Current.CancellationToken)).LowCreditThreshold);
        Assert.Equal(DataAccessResult.TypeUnmatched,
            Result(await ProtectedAsync(new SetFirstBlockRequest(0xC1, [target], false, new Block(true, 1, [5, 0])))));
        // A method whose parameter comes in two pieces.
        _ = Assert.IsType<ActionNextResponse>(
            await ProtectedAsync(new ActionFirstBlockRequest(0xC1, [Enter], false, new Block(false, 1, [9, 3, 1]))));
        Assert.Equal(ActionResult.Success, Assert.IsType<ActionResponse>(
            await ProtectedAsync(new ActionBlockRequest(0xC1, new Block(true, 2, [2, 3])))).Result.Result);
        Assert.Equal([1, 2, 3], (await fixture.Meter.ReadAsync(TestContext.Current.CancellationToken))
            .LastToken!.Entry.Received);
        Assert.Equal(ActionResult.NoLongActionInProgress,
            Assert.IsType<ActionResponse>(await ProtectedAsync(new ActionBlockRequest(0xC1, new Block(true, 3, []))))
            .Result.Result);

        async Task<ServiceResponse> ProtectedAsync(ServiceRequest request)
        {
            var writer = new WireWriter();
            writer.Request(request);
            return client.Open((await association.AnswerAsync(client.Protect(writer.Written),
                TestContext.Current.CancellationToken)).Span);
        }

        static DataAccessResult Result(ServiceResponse response) =>
            Assert.IsType<SetLastBlockResponse>(response).Results[0];
    }

    [Theory]
    [InlineData("63 octets", 63, true)]
    [InlineData("64 octets", 64, false)]
    public async Task Initiate_WithAnApduTooShort_IsRefused(string description, ushort pdu, bool isRefused)
    {
        _ = description;
        using var fixture = new MeterFixture();
        var opening = async () => await fixture.OpenAsync(new ClientOptions { MaximumPdu = pdu }, 16);
        if (isRefused)
            Assert.Equal(DlmsFault.Refused, (await Assert.ThrowsAsync<DlmsException>(opening)).Fault);
        else
            await (await opening()).DisposeAsync();
    }

    private static async Task EntersAndReadsAsync(MeterFixture fixture, ushort pdu)
    {
        await using var client = await fixture.ManageAsync(fixture.ManagementSettings() with { MaximumPdu = pdu });
        for (var i = 0; i < 30; i++)
            Assert.Equal(3, (await client.EnterAsync(fixture.Credit(10))).Status!.StatusCode);
        Assert.Equal(30, (await client.GetAsync(Log)).Value.Elements.Length);
        await foreach (var (attribute, result) in client.DumpAsync())
            Assert.True(result.Error == DataAccessResult.Success, attribute.ToString());
        var room = pdu == 0 ? 65535 : pdu;
        Assert.All(fixture.Wire.Skip(1),
            each => Assert.True(each.Request.Length - 8 <= fixture.Server.Options.MaximumPdu));
        Assert.All(fixture.Wire.Skip(1),
            each => Assert.True(each.Answer.Length - 8 <= room, $"{each.Answer.Length - 8} octets"));
    }

    private static async Task<ServiceResponse> AskAsync(ServerAssociation association, ServiceRequest request)
    {
        var writer = new WireWriter();
        writer.Request(request);
        return ResponseReader.TryRead(
            (await association.AnswerAsync(writer.WrittenMemory, TestContext.Current.CancellationToken)).Span)!;
    }
}
