using OpenSts.Cosem.Objects;
using OpenSts.Cosem.Tests;
using OpenSts.Dlms.Acse;
using OpenSts.Dlms.Apdu;
using OpenSts.Dlms.Client;
using OpenSts.Dlms.Server;
using OpenSts.Dlms.Values;
using OpenSts.Dlms.Wire;

namespace OpenSts.Dlms.Tests;

/// <summary>
/// General block transfer: whole APDUs in blocks, with windows, gaps, limits and ends before the end.
/// </summary>
public class BlockTests
{
    private const string LowCredit = "C101C1006F0000130000FF100005";
    private static readonly MemberReference Enter = new(115, PaymentObis.TokenGateway, 1);
    private static readonly MemberReference Log = new(7, PaymentObis.TokenLog, 2);

    [Theory]
    [InlineData("E0810001000003C00102", true, false, 1, 1, 0, "C00102", Label = "the first and only block")]
    [InlineData("E0480002000701FF", false, true, 8, 2, 7, "FF", Label = "one of a stream")]
    [InlineData("E0BF0009000A00", true, false, 63, 9, 10, "", Label = "an acknowledgement")]
    [InlineData("E0800000000000", true, false, 0, 0, 0, "", Label = "the end before the end")]
    public void Block_OfKnownOctets_IsReadAndWritten(string hex, bool isLast, bool isStreaming,
        int window, int number, int acknowledged, string octets)
    {
        var apdu = Convert.FromHexString(hex);
        var block = GeneralBlock.TryRead(apdu)!;
        Assert.Equal((isLast, isStreaming, window), (block.IsLast, block.IsStreaming, block.Window));
        Assert.Equal((number, acknowledged, octets),
            (block.Number, block.Acknowledged, Convert.ToHexString(block.Octets.Span)));
        Assert.Equal(number == 0, block.IsAbort);
        var writer = new WireWriter();
        block.Write(writer);
        Assert.Equal(hex, Convert.ToHexString(writer.Written));
        for (var length = 0; length < apdu.Length; length++)
            Assert.Null(GeneralBlock.TryRead(apdu.AsSpan(0, length)));
        Assert.Null(GeneralBlock.TryRead([.. apdu, 0]));
    }

    [Theory]
    [InlineData(64, 64, 1, 1, false, Label = "the shortest, a block at a time")]
    [InlineData(64, 64, 3, 5, false, Label = "the shortest, windows of several")]
    [InlineData(64, 64, 1, 1, true, Label = "the shortest over HDLC")]
    [InlineData(100, 90, 7, 4, true, Label = "windows of several over HDLC")]
    [InlineData(64, 1024, 63, 63, false, Label = "the largest windows")]
    [InlineData(127, 128, 63, 63, true, Label = "the largest windows over HDLC")]
    [InlineData(201, 199, 2, 63, false, Label = "odd")]
    [InlineData(65535, 65535, 8, 8, false, Label = "the longest")]
    [InlineData(0, 65535, 8, 8, true, Label = "no limit")]
    public async Task Management_WithWindowsAndApdusOfEachSize_EntersAndReadsEverything(int client,
        int server, int clientWindow, int serverWindow, bool overHdlc)
    {
        foreach (var (isGeneral, hasDedicated) in ((bool, bool)[])[(false, false), (true, true)])
        {
            using var fixture = new MeterFixture(
                settings => settings with { MaximumPdu = (ushort)server, BlockWindow = serverWindow });
            var settings = fixture.ManagementSettings() with
            {
                MaximumPdu = (ushort)client,
                BlockWindow = clientWindow,
                UsesGeneralCiphering = isGeneral,
                UsesDedicatedKey = hasDedicated,
            };
            await using var manager = await fixture.ManageAsync(settings, overHdlc);
            // Twenty tokens in one request: about a kilobyte there, and as many results back.
            var tokens = Enumerable.Range(0, 20)
                .Select(_ => new MethodCall(Enter,
                CosemValue.OctetString(System.Text.Encoding.ASCII.GetBytes(fixture.Credit(1).ToString())))).ToArray();
            Assert.All(await manager.CallAsync(tokens), each => Assert.Equal(ActionResult.Success, each.Result));
            Assert.Equal((Int128)20, (await fixture.Meter.ReadAsync(TestContext.Current.CancellationToken)).Credit);
            Assert.Equal(20, (await manager.GetAsync(Log)).Value.Elements.Length);
            Assert.Equal(DataAccessResult.Success,
                await manager.SetAsync(new MemberReference(111, PaymentObis.Account, 16), CosemValue.Int32(70)));
            await foreach (var (attribute, result) in manager.DumpAsync())
                Assert.True(result.Error == DataAccessResult.Success, attribute.ToString());
            if (overHdlc)
                continue;
            var room = client == 0 ? 65535 : client;
            Assert.All(fixture.Wire.Skip(1).SelectMany(each => Apdus(each.Request)),
                each => Assert.InRange(each.Length, 1, server));
            Assert.All(fixture.Wire.Skip(1).SelectMany(each => Apdus(each.Answer)),
                each => Assert.InRange(each.Length, 1, room));
            Assert.Contains(fixture.Wire.Skip(1).SelectMany(each => Apdus(each.Answer)),
                each => GeneralBlock.Is(each));
            // Never more blocks after one word of the client than its window holds.
            Assert.All(fixture.Wire.Skip(1), each => Assert.InRange(Apdus(each.Answer).Length, 0, clientWindow));
        }
    }

    [Fact]
    public async Task Request_InThreeBlocksOneOfThemLate_IsServedOnceItIsWhole()
    {
        using var fixture = new MeterFixture();
        using var association = await ReaderAsync(fixture, 64);
        // GET of the object list from a client that sends it in three blocks.
        Assert.Equal("", await AskAsync(association, "E0 41 0001 0000 04 C001C100"));
        Assert.Equal("", await AskAsync(association,
            "E0 C1 0003 0000 05 0000FF0200".Replace("C1", "41", StringComparison.Ordinal)));
        // The word is passed: block 2 is asked for, one block long.
        Assert.Equal("E00100010001" + "00", await AskAsync(association, "E0 81 0004 0000 00"));
        Assert.StartsWith("E0080002000439C401C100", await AskAsync(association, "E0 01 0002 0001 04 0F000028"),
            StringComparison.Ordinal);
        // Another window, and blocks as many; the last of them passes the word.
        var blocks = new List<GeneralBlock> { Block(await AskAsync(association, "E0 84 0005 0002 00")) };
        while (association.TryNext(out var next))
            blocks.Add(GeneralBlock.TryRead(next.Span)!);
        Assert.Equal([3, 4, 5, 6], blocks.Select(each => (int)each.Number));
        Assert.Equal([true, true, true, false], blocks.Select(each => each.IsStreaming));
        // Block 4 got lost: it and what follows comes again, as many as are asked for.
        Assert.Equal(4, Block(await AskAsync(association, "E0 81 0006 0003 00")).Number);
        Assert.False(association.TryNext(out _));
        Assert.Equal(7, Block(await AskAsync(association, "E0 81 0007 0006 00")).Number);
    }

    [Theory]
    [InlineData("E0 81 0002 0001 00", "D80101", Label = "an acknowledgement of nothing")]
    [InlineData("E0 81 0001 0000 7F C0", "D80103", Label = "a first block that lies about its length")]
    [InlineData("E0 81 0001 0000 0A E08100010000 03 C00102", "E08800010001"
        + "03D80202", Label = "a block in a block")]
    [InlineData("E0 81 0001 0000 03 600100", "E08800010001" + "03D80202", Label = "an association request in a block")]
    [InlineData("E0 81 0001 0000 05 6203800100", "E08800010001" + "03D80202", Label = "a release in a block")]
    [InlineData("E0 81 0001 0000 00", "D80101", Label = "nothing in a block")]
    [InlineData("E0 80 0000 0000 00", "D80101", Label = "an end before a beginning")]
    public async Task Block_OutOfPlace_IsRefused(string block, string answer)
    {
        using var fixture = new MeterFixture();
        using var association = await ReaderAsync(fixture, 1024);
        Assert.Equal(answer, await AskAsync(association, block));
        Assert.Equal(AssociationStatus.Associated, association.Status);
        Assert.Equal("C401C100" + "1601", await AskAsync(association, "C001C1004600006003 0AFF0300"));
    }

    [Fact]
    public async Task Transfer_GivenUpOrStartedAgain_LeavesNothingBehind()
    {
        using var fixture = new MeterFixture();
        var client = new ClientAssociation(fixture.ManagementSettings() with { BlockWindow = 4 });
        using var association = fixture.Server.Open(1, 1)!;
        await SecurityTests.AssociateAsync(association, client);
        var set = client.Protect(Convert.FromHexString(LowCredit + "00000046")).ToArray();
        Assert.Equal("", await AskAsync(association, Written(set[..9], 1, isStreaming: true)));
        Assert.Equal("", await AskAsync(association, "E0 80 0000 0000 00"));
        // Given up: its second half belongs to nothing.
        Assert.Equal("D80101", await AskAsync(association, Written(set[9..], 2, isLast: true)));
        Assert.Equal(0, (await fixture.Meter.ReadAsync(TestContext.Current.CancellationToken)).LowCreditThreshold);
        // Begun, then begun again: the second beginning counts. The counter was not used up, for nothing was whole
        // before.
        Assert.Equal("", await AskAsync(association, Written(set[..5], 1, isStreaming: true)));
        Assert.Equal("", await AskAsync(association, Written(set[..9], 1, isStreaming: true)));
        var answer = Block(await AskAsync(association, Written(set[9..], 2, isLast: true)));
        Assert.Equal(DataAccessResult.Success, Assert.IsType<SetResponse>(client.Open(answer.Octets.Span)).Result);
        Assert.Equal(70, (await fixture.Meter.ReadAsync(TestContext.Current.CancellationToken)).LowCreditThreshold);
        // The same blocks once more are a replay like any other.
        Assert.Equal("", await AskAsync(association, Written(set[..9], 1, isStreaming: true)));
        Assert.StartsWith("D80106",
            Convert.ToHexString(Block(await AskAsync(association, Written(set[9..], 2, isLast: true))).Octets.Span),
            StringComparison.Ordinal);
        client.Dispose();
    }

    [Fact]
    public async Task Blocks_BeyondTheLimits_AreRefusedAndKeepNothing()
    {
        using var fixture = new MeterFixture(settings => settings with { MaximumPdu = 200, MaximumTransfer = 1000 });
        // Nobody known: as much as one APDU holds.
        using var stranger = await OpenAsync(fixture, 16, new ClientOptions { BlockWindow = 1 });
        Assert.Equal("", await AskAsync(stranger, Written(new byte[150], 1, isStreaming: true)));
        Assert.Equal("D80101", await AskAsync(stranger, Written(new byte[51], 2, isStreaming: true)));
        using var reader = await ReaderAsync(fixture, 1024);
        for (ushort number = 1; number < 7; number++)
            Assert.Equal("", await AskAsync(reader, Written(new byte[150], number, isStreaming: true)));
        Assert.Equal("D80101", await AskAsync(reader, Written(new byte[101], 7, isStreaming: true)));
        // Further ahead than a window, whatever it says.
        Assert.Equal("", await AskAsync(reader, Written([0xC0], 1, isStreaming: true)));
        Assert.Equal("", await AskAsync(reader, Written([0xC0], 64, isStreaming: true)));
        Assert.Equal("D80101", await AskAsync(reader, Written([0xC0], 65, isStreaming: true)));
        // An APDU is not longer for being a block.
        Assert.Equal("D80104", await AskAsync(reader, Written(new byte[195], 1, isStreaming: true)));
        // Words that bring nobody forward come to an end.
        Assert.Equal("", await AskAsync(reader, Written([0xC0], 1, isStreaming: true)));
        var words = 0;
        while ((await AskAsync(reader, "E0 01 0001 0000 00")).StartsWith("E0", StringComparison.Ordinal))
            Assert.InRange(++words, 1, 200);
        Assert.NotEqual(0, words);
    }

    [Fact]
    public async Task Service_NotAskedFor_IsNotThere()
    {
        using var fixture = new MeterFixture();
        using var association = await OpenAsync(fixture, 2,
            new ClientOptions
            {
                Mechanism = AuthenticationMechanism.Password,
                Password = fixture.Password,
                MaximumPdu = 64,
            });
        Assert.False(association.Conformance.HasFlag(Conformance.GeneralBlockTransfer));
        Assert.Equal("D80202", await AskAsync(association, "E0 81 0001 0000 03 C00102"));
        // The service's own blocks are.
        Assert.StartsWith("C402", await AskAsync(association, "C001C1000F0000280000FF0200"), StringComparison.Ordinal);
        using var nobody = fixture.Server.Open(1, 1)!;
        Assert.Equal("D80101", await AskAsync(nobody, "E0 81 0001 0000 03 C00102"));
        Assert.Throws<ArgumentException>(() => new MeterFixture(settings => settings with { BlockWindow = 64 }));
        await Assert.ThrowsAsync<ArgumentException>(
            async () => await fixture.ManageAsync(fixture.ManagementSettings() with { BlockWindow = 64 }));
    }

    [Theory]
    [InlineData(0, 0, Label = "nothing is lost")]
    [InlineData(10, 11, Label = "the odd block")]
    [InlineData(2, 12, Label = "every second block")]
    [InlineData(1, 13, Label = "most blocks")]
    public void Exchange_ThatLosesStreamingBlocks_BringsBothApdusWhole(int oneIn, int seed)
    {
        var random = new Random(seed);
        for (var round = 0; round < 300; round++)
        {
            var (request, answer) = (new byte[random.Next(1, 6000)], new byte[random.Next(1, 6000)]);
            random.NextBytes(request);
            random.NextBytes(answer);
            var client = new BlockExchange(random.Next(1, 64), random.Next(64, 300), answer.Length);
            var server = new BlockExchange(random.Next(1, 64), random.Next(64, 300), request.Length);
            Assert.True(client.TrySend(request, isAnswer: false));
            var (speaker, listener) = (client, server);
            BlockOutcome outcome;
            do
            {
                outcome = BlockOutcome.More;
                var writer = new WireWriter();
                while (speaker.TryNext(writer, out var endsTurn))
                {
                    var block = GeneralBlock.TryRead(writer.Written)!;
                    writer.Clear();
                    Assert.NotEqual(endsTurn, block.IsStreaming);
                    // What passes the word is not lost here: on a link that loses it, silence ends the transfer.
                    if (block.IsStreaming && oneIn > 0 && (oneIn == 1 ? random.Next(10) > 0 : random.Next(oneIn) == 0))
                        continue;
                    outcome = listener.Receive(block);
                    Assert.True(outcome is BlockOutcome.More or BlockOutcome.Turn
                        or BlockOutcome.Whole, $"{outcome} after {block}");
                }

                if (outcome == BlockOutcome.Whole && listener == server)
                {
                    Assert.Equal(request, server.Incoming.ToArray());
                    Assert.True(server.TrySend(answer, isAnswer: true));
                    outcome = BlockOutcome.Turn;
                }

                (speaker, listener) = (listener, speaker);
            }
            while (outcome == BlockOutcome.Turn);
            Assert.Equal(BlockOutcome.Whole, outcome);
            Assert.Equal(answer, client.Incoming.ToArray());
        }
    }

    [Theory]
    [InlineData("E0800000000000", DlmsFault.Exception, "gave the transfer up", Label = "the server gives up")]
    [InlineData("E0010040000001C4", DlmsFault.Malformed, "do not fit together", Label = "a block far ahead")]
    [InlineData("E001", DlmsFault.Malformed, "do not fit together", Label = "a block that cannot be read")]
    [InlineData("D80102", DlmsFault.Exception, "ServiceNotSupported", Label = "an exception in the middle")]
    public async Task Client_WhoseServerBreaksOff_SaysSo(string answer, DlmsFault fault,
        string said)
    {
        var transport = new ScriptedTransport(answer);
        var blocks = new BlockClient(transport, 4);
        using var association = new ClientAssociation(new ClientOptions { BlockWindow = 4 });
        var error = await Assert.ThrowsAsync<DlmsException>(async () =>
            association.Open(
                (await blocks.ExchangeAsync(new byte[] { 0xC0 }, 64, TestContext.Current.CancellationToken)).Span));
        Assert.Equal(fault, error.Fault);
        Assert.Contains(said, error.Message, StringComparison.Ordinal);
        // What does not fit together is told to the server.
        Assert.Equal(fault == DlmsFault.Malformed, transport.Sent.Contains("E0800000000000"));
    }

    [Fact]
    public async Task Server_MutatedBlocksOfAReader_AnswersWithinItsLimitsAndMovesNothing()
    {
        var random = new Random(107);
        using var fixture = new MeterFixture(settings => settings with { MaximumTransfer = 2000 });
        var before = (await fixture.Meter.ReadAsync(TestContext.Current.CancellationToken)).ToString();
        using var association = await ReaderAsync(fixture, 100);
        var seeds = new List<byte[]>();
        for (var i = 0; i < 200; i++)
        {
            var request = new WireWriter();
            request.Request(ApduTests.RandomRequest(random));
            var exchange = new BlockExchange(random.Next(1, 64), random.Next(64, 100), 1000);
            Assert.True(exchange.TrySend(request.Written, isAnswer: false));
            var block = new WireWriter();
            while (exchange.TryNext(block, out _))
                seeds.Add(block.Written.ToArray());
        }

        for (var i = 0; i < MutationTests.Rounds; i++)
        {
            // Blocks as they are bring the transfer somewhere; others then meet it there.
            var seed = seeds[random.Next(seeds.Count)];
            var octets = random.Next(3) == 0 ? seed : MutationTests.Mutate(random, seed);
            if (!GeneralBlock.Is(octets))
                continue;
            var answer = await association.AnswerAsync(octets, TestContext.Current.CancellationToken);
            Assert.InRange(answer.Length, 0, 100);
            var further = 0;
            while (random.Next(50) > 0 && association.TryNext(out var next))
            {
                Assert.InRange(next.Length, 1, 100);
                Assert.InRange(++further, 1, GeneralBlock.MaximumWindow);
            }
        }

        Assert.Equal(AssociationStatus.Associated, association.Status);
        Assert.Equal(before, (await fixture.Meter.ReadAsync(TestContext.Current.CancellationToken)).ToString());
    }

    [Fact]
    public void Exchange_MutatedBlocks_NeverThrowsAndKeepsNoMoreThanItMay()
    {
        var random = new Random(108);
        for (var round = 0; round < MutationTests.Rounds / 50; round++)
        {
            var exchange = new BlockExchange(4, 64, 1000);
            _ = random.Next(2) == 0 || exchange.TrySend(new byte[random.Next(400)], isAnswer: random.Next(2) == 0);
            while (exchange.TryNext(new WireWriter(), out _))
            {
                // Said; the other party has the word.
            }

            for (var i = 0; i < 100; i++)
            {
                var writer = new WireWriter();
                new GeneralBlock
                {
                    IsLast = random.Next(8) == 0,
                    IsStreaming = random.Next(2) == 0,
                    Window = random.Next(64),
                    Number = (ushort)random.Next(0, 12),
                    Acknowledged = (ushort)random.Next(0, 12),
                    Octets = new byte[random.Next(60)],
                }.Write(writer);
                if (GeneralBlock.TryRead(random.Next(4) > 0 ? writer.Written
                    : MutationTests.Mutate(random, writer.Written.ToArray())) is not { } block)
                    continue;
                var outcome = exchange.Receive(block);
                Assert.InRange(exchange.Incoming.Length, 0, 1000);
                while (exchange.TryNext(writer, out _))
                    Assert.Equal(BlockOutcome.Turn, outcome);
                if (outcome is BlockOutcome.Refused or BlockOutcome.Aborted or BlockOutcome.Whole)
                    break;
            }
        }
    }

    private static byte[][] Apdus(byte[] frames)
    {
        var apdus = new List<byte[]>();
        for (var at = 0; at < frames.Length;)
        {
            Assert.True(OpenSts.Dlms.Framing.WrapperHeader.TryRead(frames.AsSpan(at), out var header));
            apdus.Add(frames[(at + 8)..(at + 8 + header.Length)]);
            at += 8 + header.Length;
        }

        return [.. apdus];
    }

    private static ValueTask<ServerAssociation> ReaderAsync(MeterFixture fixture, ushort pdu) =>
        OpenAsync(fixture, 2, new ClientOptions
        {
            Mechanism = AuthenticationMechanism.Password,
            Password = fixture.Password,
            MaximumPdu = pdu,
            BlockWindow = 1,
        });

    private static async ValueTask<ServerAssociation> OpenAsync(MeterFixture fixture, int sap, ClientOptions settings)
    {
        var association = fixture.Server.Open(sap, 1)!;
        using var client = new ClientAssociation(settings);
        var writer = new WireWriter();
        client.WriteRequest(writer);
        client.Accept((await association.AnswerAsync(writer.WrittenMemory, TestContext.Current.CancellationToken))
            .Span);
        return association;
    }

    private static async Task<string> AskAsync(ServerAssociation association, string apdu) =>
        Convert.ToHexString((await association.AnswerAsync(Convert.FromHexString(
            apdu.Replace(" ", "", StringComparison.Ordinal)), TestContext.Current.CancellationToken)).Span);

    private static GeneralBlock Block(string hex) => GeneralBlock.TryRead(Convert.FromHexString(hex))!;

    private static string Written(byte[] octets, ushort number, bool isStreaming = false, bool isLast = false)
    {
        var writer = new WireWriter();
        new GeneralBlock
        {
            IsLast = isLast,
            IsStreaming = isStreaming,
            Window = 1,
            Number = number,
            Octets = octets,
        }.Write(writer);
        return Convert.ToHexString(writer.Written);
    }

    /// <summary>Answers the request with a first block of a stream, and then with what the test says.</summary>
    private sealed class ScriptedTransport(string then) : IDlmsTransport
    {
        public List<string> Sent { get; } = [];

        public ValueTask OpenAsync(CancellationToken cancellation) => ValueTask.CompletedTask;

        public ValueTask<ReadOnlyMemory<byte>> ExchangeAsync(ReadOnlyMemory<byte> apdu,
            CancellationToken cancellation) => new(Convert.FromHexString("E0410001000001C4"));

        public ValueTask SendAsync(ReadOnlyMemory<byte> apdu, CancellationToken cancellation)
        {
            Sent.Add(Convert.ToHexString(apdu.Span));
            return ValueTask.CompletedTask;
        }

        public ValueTask<ReadOnlyMemory<byte>> ReceiveAsync(CancellationToken cancellation) =>
            new(Convert.FromHexString(then));

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
