using OpenSts.Cosem.Client;
using OpenSts.Cosem.Objects;
using OpenSts.Cosem.Tests;
using OpenSts.Dlms.Acse;
using OpenSts.Dlms.Apdu;
using OpenSts.Dlms.Client;
using OpenSts.Dlms.Security;
using OpenSts.Dlms.Server;
using OpenSts.Dlms.Values;
using OpenSts.Dlms.Wire;
using OpenSts.Secrets;

namespace OpenSts.Dlms.Tests;

public class SecurityTests
{
    [Fact]
    public async Task Recording_PlayedAgain_IsRefusedAlsoAfterARestart()
    {
        using var fixture = new MeterFixture(reservation: 64);
        await using (var client = await fixture.ManageAsync())
            Assert.Equal(3, (await client.EnterAsync(fixture.Credit(10))).Status!.StatusCode);
        var recorded = fixture.Wire.Select(each => each.Request).ToArray();
        // Once more to the same server, and to one that was killed and started again over what the store holds.
        using var restarted = new MeterFixture(counters: fixture.Counters);
        foreach (var server in (MeterFixture[])[fixture, restarted])
        {
            using var session = new WrapperServerSession(server.Server);
            foreach (var request in recorded)
            {
                var answer = new WireWriter();
                Assert.True(await session.ReceiveAsync(request, answer, TestContext.Current.CancellationToken));
                // Refused association, or exception.
                Assert.True(answer.Written[8] == 0xD8
                    || AssociationResponse.TryRead(answer.Written[8..])!.Result != AssociationResult.Accepted);
            }
        }

        Assert.Equal((Int128)10, (await fixture.Meter.ReadAsync(TestContext.Current.CancellationToken)).Credit);
        Assert.Empty((await restarted.Meter.ReadAsync(TestContext.Current.CancellationToken)).TokenLog);
        // The counter object says where to go on, and there it goes on.
        var counter =
            await MeterClient.ReadCounterAsync(restarted.Transport(16), TestContext.Current.CancellationToken);
        Assert.InRange(counter, 1u, 200u);
        await using var again = await restarted.ManageAsync(restarted.ManagementSettings(counter + 1));
        Assert.Equal(3, (await again.EnterAsync(restarted.Credit())).Status!.StatusCode);
    }

    [Fact]
    public async Task SentCounters_AfterARestart_NeverRepeat()
    {
        var store = new MemoryCounterStore();
        var seen = new HashSet<uint>();
        uint client = 1;
        for (var run = 0; run < 5; run++)
        {
            using var fixture = new MeterFixture(counters: store, reservation: 16);
            await using (var manager = await fixture.ManageAsync(fixture.ManagementSettings(client)))
            {
                for (var i = 0; i < 10; i++)
                    _ = await manager.ReadStatusAsync();
            }

            foreach (var (_, answer) in fixture.Wire.Where(each => each.Answer[8] is 0xCC or 0xCF))
                Assert.True(seen.Add(System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(
                    answer.AsSpan(answer[9] < 128 ? 11 : 12))));
            client = fixture.Keys.Current.Counters.HighestReceived + 17;
        }

        Assert.True(store.Writes < 40, $"{store.Writes} writes");
    }

    [Theory]
    [InlineData("wrong encryption key", "AuthenticationFailure")]
    [InlineData("wrong authentication key", "AuthenticationFailure")]
    [InlineData("the server's own title", "AuthenticationFailure")]
    [InlineData("a counter that was used", "AuthenticationFailure")]
    [InlineData("no authentication", "ApplicationContextNotSupported")]
    [InlineData("a password", "ApplicationContextNotSupported")]
    public async Task Association_NotAsItMustBe_IsRefused(string description, string diagnostic)
    {
        using var fixture = new MeterFixture();
        await using (var first = await fixture.ManageAsync(fixture.ManagementSettings(50)))
            _ = await first.ReadStatusAsync();
        using var wrong = new SecretBytes(new byte[16]);
        var settings = fixture.ManagementSettings(100);
        settings = description switch
        {
            "wrong encryption key" => settings with { EncryptionKey = wrong },
            "wrong authentication key" => settings with { AuthenticationKey = wrong },
            "the server's own title" => settings with { Title = fixture.Server.Options.SystemTitle },
            "a counter that was used" => settings with { FirstCounter = 50 },
            "no authentication" => new ClientOptions(),
            _ => new ClientOptions { Mechanism = AuthenticationMechanism.Password, Password = fixture.Password },
        };
        var error = await Assert.ThrowsAsync<DlmsException>(async () => await fixture.ManageAsync(settings));
        Assert.Equal(DlmsFault.Refused, error.Fault);
        Assert.Contains(diagnostic, error.Message, StringComparison.Ordinal);
        Assert.Empty((await fixture.Meter.ReadAsync(TestContext.Current.CancellationToken)).TokenLog);
    }

    [Fact]
    public async Task Association_OfAnUnknownSap_IsRefused()
    {
        using var fixture = new MeterFixture();
        var error =
            await Assert.ThrowsAsync<DlmsException>(async () => await fixture.OpenAsync(new ClientOptions(), 99));
        Assert.Equal(DlmsFault.Refused, error.Fault);
        error = await Assert.ThrowsAsync<DlmsException>(
            async () => await fixture.OpenAsync(new ClientOptions(), 99, true));
        Assert.Equal(DlmsFault.Refused, error.Fault);
    }

    [Fact]
    public async Task Request_BeforeAssociationOrUnprotectedOrPending_IsRefused()
    {
        using var fixture = new MeterFixture();
        using var association = fixture.Server.Open(1, 1)!;
        var get = Convert.FromHexString("C001C1000800000100" + "00FF0200");
        Assert.Equal("D80101", await AnswerAsync(association, get));
        Assert.Equal("D80101", await AnswerAsync(association, [0x62, 3, 0x80, 1, 0]));
        Assert.Equal("D80101", await AnswerAsync(association,
            Convert.FromHexString("C81E3001234567411312FF935A47566827C467BC7D825C3BE4A77C3FCC056B6B")));
        using var client = new ClientAssociation(fixture.ManagementSettings());
        var request = new WireWriter();
        client.WriteRequest(request);
        client.Accept(Convert.FromHexString(await AnswerAsync(association, request.Written.ToArray())));
        Assert.Equal(AssociationStatus.Pending, association.Status);
        // Unprotected, and protected but before the challenge is answered.
        Assert.Equal("D80105", await AnswerAsync(association, get));
        Assert.Equal("D80202", await AnswerAsync(association, client.Protect(get).ToArray()));
        // A wrong answer ends it.
        var plain = new WireWriter();
        plain.Request(new ActionRequest(0xC1,
            new MethodCall(ServerAssociation.ReplyToChallenge, CosemValue.OctetString(new byte[17]))));
        var response = client.Open(
            Convert.FromHexString(await AnswerAsync(association, client.Protect(plain.Written).ToArray())));
        Assert.Equal(ActionResult.OtherReason, Assert.IsType<ActionResponse>(response).Result.Result);
        Assert.Equal(AssociationStatus.NonAssociated, association.Status);
        Assert.Equal("D80101", await AnswerAsync(association, client.Protect(get).ToArray()));
        Assert.Equal("D80202", await AnswerAsync(association, [0x0E, 1, 2]));
        Assert.Equal("D80203", await AnswerAsync(association, []));
        Assert.Equal("D80104", await AnswerAsync(association, new byte[2000]));
    }

    [Fact]
    public async Task Request_TamperedRepeatedOrWeaker_IsRefusedAndTheAssociationGoesOn()
    {
        using var fixture = new MeterFixture();
        using var association = fixture.Server.Open(1, 1)!;
        using var client = new ClientAssociation(fixture.ManagementSettings());
        await AssociateAsync(association, client);
        var plain = new WireWriter();
        plain.Request(new ActionRequest(0xC1, new MethodCall(new MemberReference(115, PaymentObis.TokenGateway, 1),
            CosemValue.OctetString(new byte[20]))));
        var good = client.Protect(plain.Written).ToArray();
        for (var i = 0; i < good.Length; i++)
        {
            var bad = good.ToArray();
            bad[i] ^= 0x10;
            Assert.StartsWith("D8", await AnswerAsync(association, bad), StringComparison.Ordinal);
        }

        Assert.Empty((await fixture.Meter.ReadAsync(TestContext.Current.CancellationToken)).TokenLog);
        Assert.StartsWith("CF", await AnswerAsync(association, good), StringComparison.Ordinal);
        Assert.StartsWith("D80106", await AnswerAsync(association, good), StringComparison.Ordinal);
        Assert.Single((await fixture.Meter.ReadAsync(TestContext.Current.CancellationToken)).TokenLog);
        // Right keys and counter, but not both protections.
        using var cipher = new ApduCipher(SecuritySuite.Suite0, fixture.Encryption, fixture.Authentication);
        foreach (var protection in (Protection[])[Protection.Authenticated, Protection.Encrypted])
        {
            var weak = new WireWriter();
            weak.U8(0xCB);
            weak.Count(plain.Length + ApduCipher.Overhead(protection));
            cipher.Protect(protection, MeterFixture.ClientTitle, 1000, plain.Written, weak);
            Assert.Equal("D80105", await AnswerAsync(association, weak.Written.ToArray()));
        }

        // An ACTION inside the tag of a GET.
        var mismatched = client.Protect(plain.Written).ToArray();
        mismatched[0] = 0xC8;
        Assert.Equal("D80105", await AnswerAsync(association, mismatched));
        Assert.Single((await fixture.Meter.ReadAsync(TestContext.Current.CancellationToken)).TokenLog);
    }

    [Fact]
    public async Task KeyTransfer_UnderTheMasterKey_ReplacesTheKeysForTheNextAssociation()
    {
        using var fixture = new MeterFixture();
        using var master = new SecretBytes(MeterFixture.MasterKey);
        var encryption = Enumerable.Range(50, 16).Select(i => (byte)i).ToArray();
        var authentication = Enumerable.Range(90, 16).Select(i => (byte)i).ToArray();
        var transfer = new MemberReference(64, Obis.SecuritySetup, 2);
        await using (var client = await fixture.ManageAsync())
        {
            foreach (var bad in (CosemValue[])[
                CosemValue.Array(), CosemValue.Array(Key(1, encryption)),
                    CosemValue.Array(Key(0, encryption), Key(0, encryption)), CosemValue.Array(Key(0, new byte[32])),
                CosemValue.Array(CosemValue.Structure(CosemValue.Enum(0), CosemValue.OctetString(new byte[24])))])
            {
                Assert.Equal(ActionResult.ScopeOfAccessViolated,
                    (await client.CallAsync(new MethodCall(transfer, bad))).Result);
            }

            Assert.Equal(0, fixture.KeyStore.Count);
            var good = CosemValue.Array(Key(0, encryption), Key(2, authentication));
            Assert.Equal(ActionResult.Success, (await client.CallAsync(new MethodCall(transfer, good))).Result);
            Assert.Equal(1, fixture.KeyStore.Count);
            // The old keys open nothing any more.
            _ = await Assert.ThrowsAsync<DlmsException>(async () => await client.ReadStatusAsync());
        }

        _ = await Assert.ThrowsAsync<DlmsException>(
            async () => await fixture.ManageAsync(fixture.ManagementSettings(100)));
        fixture.UseNewKeys(new SecretBytes(encryption), new SecretBytes(authentication));
        // Counters begin again with the new key.
        await using var next = await fixture.ManageAsync(fixture.ManagementSettings(1));
        Assert.Equal(3, (await next.EnterAsync(fixture.Credit())).Status!.StatusCode);

        CosemValue Key(byte id, byte[] key) =>
            CosemValue.Structure(CosemValue.Enum(id), CosemValue.OctetString(KeyWrap.Wrap(master, key)));
    }

    [Fact]
    public async Task Counters_OfSeveralClients_DoNotMeet()
    {
        using var fixture = new MeterFixture();
        await using var first = await fixture.ManageAsync(fixture.ManagementSettings(1000));
        await using var second =
            await fixture.ManageAsync(fixture.ManagementSettings(1) with { Title = SystemTitle.Create("VND", 2) });
        for (var i = 0; i < 5; i++)
        {
            Assert.Equal(3, (await first.EnterAsync(fixture.Credit())).Status!.StatusCode);
            Assert.Equal(3, (await second.EnterAsync(fixture.Credit())).Status!.StatusCode);
        }
    }

    [Fact]
    public void Counters_OfTooManyClients_AreRefused()
    {
        var counters = new InvocationCounters(new MemoryCounterStore());
        for (ulong i = 0; i < InvocationCounters.MaximumClients; i++)
            Assert.True(counters.TryAccept(SystemTitle.Create("ABC", i), 7));
        Assert.False(counters.TryAccept(SystemTitle.Create("ABC", 999), 7));
        Assert.False(counters.TryAccept(SystemTitle.Create("ABC", 5), 7));
        Assert.True(counters.TryAccept(SystemTitle.Create("ABC", 5), uint.MaxValue));
        Assert.False(counters.TryAccept(SystemTitle.Create("ABC", 5), uint.MaxValue));
    }

    [Fact]
    public void Counters_WhenUsedUp_GiveNoMore()
    {
        var store = new MemoryCounterStore();
        store.Write("sent", uint.MaxValue - 2);
        var counters = new InvocationCounters(store, 64);
        Assert.True(counters.TryNext(out var next));
        Assert.Equal(uint.MaxValue - 1, next);
        Assert.True(counters.TryNext(out _));
        Assert.False(counters.TryNext(out _));
        Assert.False(new InvocationCounters(store).TryNext(out _));
    }

    [Fact]
    public void FileStore_AfterAnotherProcess_HoldsTheCeilings()
    {
        var path = Path.Combine(Path.GetTempPath(), $"sts-counters-{Guid.NewGuid():N}");
        try
        {
            var counters = new InvocationCounters(new FileCounterStore(path, createNew: true), 8);
            Assert.True(counters.TryNext(out _));
            Assert.True(counters.TryAccept(MeterFixture.ClientTitle, 3));
            var again = new InvocationCounters(new FileCounterStore(path), 8);
            Assert.True(again.TryNext(out var next));
            Assert.Equal(8u, next);
            Assert.False(again.TryAccept(MeterFixture.ClientTitle, 10));
            Assert.True(again.TryAccept(MeterFixture.ClientTitle, 11));
            again.Settle();
            Assert.True(new InvocationCounters(new FileCounterStore(path)).TryAccept(MeterFixture.ClientTitle, 12));
            File.WriteAllText(path, "sent twelve\n");
            Assert.Throws<CounterFileException>(() => new FileCounterStore(path));
        }
        finally
        {
            File.Delete(path);
        }
    }

    internal static async Task AssociateAsync(ServerAssociation association, ClientAssociation client)
    {
        var writer = new WireWriter();
        client.WriteRequest(writer);
        client.Accept((await association.AnswerAsync(writer.WrittenMemory, TestContext.Current.CancellationToken))
            .Span);
        writer.Clear();
        writer.Request(new ActionRequest(0xC1, client.Answer()));
        var answer =
            await association.AnswerAsync(client.Protect(writer.Written), TestContext.Current.CancellationToken);
        Assert.True(client.AcceptAnswer(((ActionResponse)client.Open(answer.Span)).Result));
    }

    private static async Task<string> AnswerAsync(ServerAssociation association, byte[] apdu) =>
        Convert.ToHexString((await association.AnswerAsync(apdu, TestContext.Current.CancellationToken)).Span);
}
