using OpenSts.Cosem.Tests;
using OpenSts.Dlms.Acse;
using OpenSts.Dlms.Apdu;
using OpenSts.Dlms.Client;
using OpenSts.Dlms.Framing;
using OpenSts.Dlms.Server;
using OpenSts.Dlms.Wire;

namespace OpenSts.Dlms.Tests;

/// <summary>Which blocks a long answer goes in, and what they acknowledge.</summary>
public class GeneralBlockAnswerTests
{
    private const string ObjectList = "C001C1000F0000280000FF0200";
    private const Conformance Both = Conformance.Get | Conformance.Set | Conformance.Action
        | Conformance.BlockTransferWithGet | Conformance.BlockTransferWithAction
        | Conformance.GeneralBlockTransfer;

    [Theory]
    [InlineData(64)]
    [InlineData(127)]
    [InlineData(128)]
    [InlineData(512)]
    [InlineData(1024)]
    public async Task Answer_InGeneralBlocks_AcknowledgesTheClientsLastBlock(int pdu)
    {
        using var fixture = new MeterFixture();
        using var association =
            await OpenAsync(fixture, (ushort)pdu, Conformance.Get | Conformance.GeneralBlockTransfer);
        var block = Block(await AskAsync(association, ObjectList));
        Assert.Equal((1, 0, false), ((int)block.Number, (int)block.Acknowledged, block.IsLast));
        var whole = block.Octets.ToArray().ToList();
        for (var number = 1; !block.IsLast; number++)
        {
            // A window of one, nothing to say, the last block of the client: an acknowledgement as most clients send
            // it.
            var answer = await AskAsync(association, $"E081{number:X4}{number:X4}00");
            Assert.StartsWith($"E0{(Block(answer).IsLast ? "88" : "08")}{number + 1:X4}{number:X4}", answer,
                StringComparison.Ordinal);
            block = Block(answer);
            whole.AddRange(block.Octets.Span);
        }

        Assert.IsType<GetResponse>(ResponseReader.TryRead(whole.ToArray()));
    }

    [Fact]
    public async Task Answer_LastBlockOfTwo_AcknowledgesTheClientsBlock()
    {
        using var fixture = new MeterFixture();
        using var association = await OpenAsync(fixture, 1024, Conformance.Get | Conformance.GeneralBlockTransfer);
        // The object list of this meter takes several blocks; the second acknowledges block 1 of the client.
        Assert.StartsWith("E00800010000", await AskAsync(association, ObjectList), StringComparison.Ordinal);
        Assert.Matches("^E0[08]800020001", await AskAsync(association, "E081 0001 0001 00"));
    }

    [Fact]
    public async Task Answer_WhereBothKindsOfBlocksAreOffered_GoesInTheServicesOwn()
    {
        using var fixture = new MeterFixture();
        using var association = await OpenAsync(fixture, 100, Both);
        Assert.StartsWith("C402C10000000001", await AskAsync(association, ObjectList), StringComparison.Ordinal);
        Assert.StartsWith("C402C10000000002", await AskAsync(association, "C002C100000001"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Answer_ToARequestInGeneralBlocks_GoesInGeneralBlocks()
    {
        using var fixture = new MeterFixture();
        using var association = await OpenAsync(fixture, 100, Both);
        Assert.StartsWith("E00800010001", await AskAsync(association, $"E081000100000D{ObjectList}"),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Answer_InGeneralBlocksOfAProtectedAssociation_IsReadWhole()
    {
        using var fixture = new MeterFixture();
        await using var client =
            await fixture.ManageAsync(fixture.ManagementSettings() with { MaximumPdu = 128, BlockWindow = 3 });
        Assert.Equal(fixture.Server.Objects.Count, (await client.ListAsync()).Count);
        Assert.Contains(fixture.Wire, each => each.Answer.AsSpan(WrapperHeader.Octets) is [0xE0, ..]);
    }

    [Fact]
    public async Task Answer_OfAProtectedAssociationThatOffersBoth_GoesInTheServicesOwn()
    {
        using var fixture = new MeterFixture();
        var options = fixture.ManagementSettings() with { MaximumPdu = 128 };
        using var client = new ClientAssociation(options with { BlockWindow = 3 });
        using var association = fixture.Server.Open(1, 1)!;
        await SecurityTests.AssociateAsync(association, client);
        Assert.True(association.Conformance.HasFlag(Conformance.GeneralBlockTransfer));
        var answer = await association.AnswerAsync(client.Protect(Convert.FromHexString(ObjectList)).ToArray(),
            TestContext.Current.CancellationToken);
        Assert.InRange(answer.Length, 1, 128);
        Assert.IsType<GetBlockResponse>(client.Open(answer.Span));
    }

    private static async Task<ServerAssociation> OpenAsync(MeterFixture fixture, ushort pdu, Conformance conformance)
    {
        var association = fixture.Server.Open(2, 1)!;
        var initiate = new WireWriter();
        new InitiateRequest(conformance, pdu, []).Write(initiate);
        var request = new WireWriter();
        new AssociationRequest
        {
            Context = ApplicationContext.LogicalNames,
            Mechanism = AuthenticationMechanism.Password,
            AuthenticationValue = "12345678"u8.ToArray(),
            UserInformation = initiate.Written.ToArray(),
        }.Write(request);
        _ = await association.AnswerAsync(request.WrittenMemory, TestContext.Current.CancellationToken);
        Assert.Equal(AssociationStatus.Associated, association.Status);
        return association;
    }

    private static async Task<string> AskAsync(ServerAssociation association, string apdu)
    {
        var octets = Convert.FromHexString(apdu.Replace(" ", "", StringComparison.Ordinal));
        return Convert.ToHexString((await association.AnswerAsync(octets, TestContext.Current.CancellationToken))
            .Span);
    }

    private static GeneralBlock Block(string hex) => GeneralBlock.TryRead(Convert.FromHexString(hex))!;
}
