using OpenSts.Cosem.Tests;
using OpenSts.Dlms.Acse;
using OpenSts.Dlms.Apdu;
using OpenSts.Dlms.Client;
using OpenSts.Dlms.Framing;
using OpenSts.Dlms.Security;
using OpenSts.Dlms.Server;
using OpenSts.Dlms.Values;
using OpenSts.Dlms.Wire;

namespace OpenSts.Dlms.Tests;

/// <summary>Octets nobody meant: no exception, bounded work, no state moved.</summary>
public class MutationTests
{
    // OPENSTS_MUTATIONS raises it for long runs.
    internal static readonly int Rounds =
        int.TryParse(Environment.GetEnvironmentVariable("OPENSTS_MUTATIONS"), out var rounds) ? rounds : 30_000;

    [Fact]
    public void Parsers_MutatedOctets_NeverThrow()
    {
        var random = new Random(101);
        var seeds = Seeds(random);
        for (var i = 0; i < Rounds; i++)
        {
            var octets = Mutate(random, seeds[random.Next(seeds.Count)]);
            _ = CosemValueReader.TryRead(octets, out _);
            _ = RequestReader.TryRead(octets);
            _ = RequestReader.TryReadValues(octets);
            _ = ResponseReader.TryRead(octets);
            _ = ResponseReader.TryReadResults(octets);
            _ = ResponseReader.TryReadCalls(octets);
            _ = AssociationRequest.TryRead(octets);
            _ = AssociationResponse.TryRead(octets);
            _ = InitiateRequest.TryRead(octets);
            _ = InitiateResponse.TryRead(octets);
            _ = ExceptionResponse.TryRead(octets);
            _ = GeneralBlock.TryRead(octets);
            _ = Release.TryReadRequest(octets, out _);
            _ = HdlcFrame.TryRead(octets);
            _ = HdlcParameters.TryRead(octets, out _);
            _ = CosemDateTime.TryRead(octets, out _);
        }
    }

    [Fact]
    public async Task Server_MutatedRequestsOfAReader_AnswersAllAndMovesNothing()
    {
        var random = new Random(102);
        using var fixture = new MeterFixture();
        var before = (await fixture.Meter.ReadAsync(TestContext.Current.CancellationToken)).ToString();
        using var association = fixture.Server.Open(2, 1)!;
        var hello = new WireWriter();
        using (var client = new ClientAssociation(new ClientOptions
        {
            Mechanism = AuthenticationMechanism.Password,
            Password = fixture.Password,
            MaximumPdu = 300,
        }))
            client.WriteRequest(hello);
        var seeds = Seeds(random);
        for (var i = 0; i < Rounds; i++)
        {
            // It is open most of the time: a mutated association request closes it.
            if (association.Status != AssociationStatus.Associated)
                _ = await association.AnswerAsync(hello.WrittenMemory, TestContext.Current.CancellationToken);
            var answer = await association.AnswerAsync(Mutate(random, seeds[random.Next(seeds.Count)]),
                TestContext.Current.CancellationToken);
            Assert.InRange(answer.Length, 1, 300);
        }

        Assert.Equal(before, (await fixture.Meter.ReadAsync(TestContext.Current.CancellationToken)).ToString());
    }

    [Fact]
    public async Task Server_MutatedRequestsUnderTheRightKey_AnswersAll()
    {
        var random = new Random(103);
        using var fixture = new MeterFixture();
        using var association = fixture.Server.Open(1, 1)!;
        uint counter = 1;
        var seeds = Seeds(random);
        ClientAssociation? client = null;
        for (var i = 0; i < Rounds; i++)
        {
            if (association.Status != AssociationStatus.Associated)
            {
                client?.Dispose();
                client = new ClientAssociation(fixture.ManagementSettings(counter));
                await SecurityTests.AssociateAsync(association, client);
            }

            var plain = Mutate(random, seeds[random.Next(seeds.Count)]);
            if (plain.Length is 0 or > 900 || plain[0] is not (0xC0 or 0xC1 or 0xC3))
                continue;
            var answer = await association.AnswerAsync(client!.Protect(plain), TestContext.Current.CancellationToken);
            Assert.NotEqual(0, answer.Length);
            counter = client.NextCounter;
        }

        client?.Dispose();
    }

    [Fact]
    public async Task Sessions_MutatedStreams_NeverThrowAndMoveNothing()
    {
        var random = new Random(104);
        using var fixture = new MeterFixture();
        await using (var client = await fixture.ManageAsync())
            _ = await client.ListAsync();
        await using (var client = await fixture.ManageAsync(fixture.ManagementSettings(1000), true))
            _ = await client.ListAsync();
        var before = (await fixture.Meter.ReadAsync(TestContext.Current.CancellationToken)).ToString();
        var requests = fixture.Wire.Select(each => each.Request).ToArray();
        var answer = new WireWriter();
        for (var i = 0; i < Rounds / 100; i++)
        {
            using IServerSession session = i % 2 == 0 ? new WrapperServerSession(fixture.Server)
                : new HdlcServerSession(fixture.Server);
            for (var j = 0; j < 50; j++)
            {
                answer.Clear();
                if (!await session.ReceiveAsync(Mutate(random, requests[random.Next(requests.Length)]), answer,
                    TestContext.Current.CancellationToken))
                    break;
            }
        }

        Assert.Equal(before, (await fixture.Meter.ReadAsync(TestContext.Current.CancellationToken)).ToString());
    }

    [Fact]
    public async Task Hdlc_MutatedFrames_NeverThrowAndMoveNothing()
    {
        var random = new Random(106);
        using var fixture = new MeterFixture();
        await using (var client = await fixture.ManageAsync(overHdlc: true))
            _ = await client.ListAsync();
        var before = (await fixture.Meter.ReadAsync(TestContext.Current.CancellationToken)).ToString();
        var requests = fixture.Wire.Select(each => each.Request).ToArray();
        var answer = new WireWriter();
        var session = new HdlcServerSession(fixture.Server);
        for (var i = 0; i < Rounds; i++)
        {
            var frame = Mutate(random, requests[random.Next(requests.Length)]);
            // Half of them with checks that hold: what lies behind the checks is reached.
            if (random.Next(2) == 0)
                Seal(frame);
            answer.Clear();
            if (await session.ReceiveAsync(frame, answer, TestContext.Current.CancellationToken))
                continue;
            session.Dispose();
            session = new HdlcServerSession(fixture.Server);
        }

        session.Dispose();
        Assert.Equal(before, (await fixture.Meter.ReadAsync(TestContext.Current.CancellationToken)).ToString());
    }

    [Fact]
    public void Client_MutatedAnswers_ThrowsNothingButItsOwn()
    {
        var random = new Random(105);
        using var fixture = new MeterFixture();
        var seeds = Seeds(random);
        using var client = new ClientAssociation(new ClientOptions());
        using var secured = new ClientAssociation(fixture.ManagementSettings());
        for (var i = 0; i < Rounds / 10; i++)
        {
            var octets = Mutate(random, seeds[random.Next(seeds.Count)]);
            foreach (var each in new[] { client, secured })
            {
                Try(() => each.Accept(octets));
                Try(() => _ = each.Open(octets));
            }

            var link = new HdlcClientSession(1);
            _ = link.Receive(octets, new WireWriter());
        }

        static void Try(Action action)
        {
            try
            {
                action();
            }
            catch (DlmsException)
            {
                // Its own.
            }
        }
    }

    private static List<byte[]> Seeds(Random random)
    {
        var seeds = new List<byte[]>
        {
            Convert.FromHexString("601DA109060760857405080101BE10040E01000000065F1F0400007E1F04B0"),
            Convert.FromHexString(
                "6036A1090607608574050801018A0207808B0760857405080201AC0A80083132333435363738BE10040E01000000065F1F0400007E1F04B0"),
            Convert.FromHexString(
                "6129A109060760857405080101A203020100A305A103020100BE10040E0800065F1F040000501F01F40007"),
            Convert.FromHexString("C81E3001234567411312FF935A47566827C467BC7D825C3BE4A77C3FCC056B6B"),
            Convert.FromHexString(
                "DB084D4D4D0000BC614E1E3001234567411312FF935A47566827C467BC7D825C3BE4A77C3FCC056B6B"),
            Convert.FromHexString(
                "C001C100070000631100FF02010204020412000809060000010000FF0F02120000090CFFFFFFFFFFFFFFFFFF8000FF000100"),
            Convert.FromHexString("C001C1000F0000280000FF0200"),
            Convert.FromHexString("C002C100000001"),
            Convert.FromHexString("C003C102000100002A0000FF020000080000010000FF0200"),
            Convert.FromHexString("C301C100730000132800FF010109143132333435363738393031323334353637383930"),
            Convert.FromHexString("C101C100080000010000FF0200090C07EA03040305060700000000"),
            Convert.FromHexString("7EA0070321930F017E"),
            Convert.FromHexString("6203800100"),
            Convert.FromHexString("E081000100000DC001C1000F0000280000FF0200"),
            Convert.FromHexString("131203000100"),
            SystemTitle.Create("ABC", 1).ToArray(),
        };
        for (var i = 0; i < 200; i++)
        {
            var writer = new WireWriter();
            writer.Request(ApduTests.RandomRequest(random));
            seeds.Add(writer.Written.ToArray());
        }

        return seeds;
    }

    // Puts right the check of a frame and that of its header, which has six octets as our client sends it.
    private static void Seal(byte[] frame)
    {
        const int header = 6;
        if (frame.Length > header + 5)
            Put(frame, 1, header);
        if (frame.Length > 5)
            Put(frame, 1, frame.Length - 4);
        static void Put(byte[] frame, int from, int count) =>
            System.Buffers.Binary.BinaryPrimitives.WriteUInt16LittleEndian(frame.AsSpan(from + count),
            (ushort)HdlcCheck.Compute(frame.AsSpan(from, count)));
    }

    internal static byte[] Mutate(Random random, byte[] seed)
    {
        var octets = seed.ToList();
        for (var times = random.Next(4); times >= 0 && octets.Count > 0; times--)
        {
            var at = random.Next(octets.Count);
            switch (random.Next(7))
            {
                case 0:
                    octets[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 1:
                    octets[at] = (byte)random.Next(256);
                    break;
                case 2:
                    octets.Insert(at, (byte)random.Next(256));
                    break;
                case 3:
                    octets.RemoveAt(at);
                    break;
                case 4:
                    octets.RemoveRange(at, octets.Count - at);
                    break;
                case 5:
                    octets.InsertRange(at, [0x84, 0x7F, 0xFF, 0xFF, 0xFF]);
                    break;
                default:
                    octets.InsertRange(at, octets.GetRange(at, Math.Min(octets.Count - at, random.Next(50))));
                    break;
            }
        }

        return [.. octets];
    }
}
