using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Time.Testing;
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

/// <summary>Who shows by digest or signature who he is, and APDUs in general-ciphering.</summary>
public sealed class MechanismTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("ostscosem").FullName;
    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 3, 4, 5, 6, 7, TimeSpan.Zero));
    private readonly SystemTitle _server = SystemTitle.Create("STS", 7);
    private readonly SecretBytes _secret = new("a secret of both"u8);

    public void Dispose()
    {
        _secret.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public void Digest_OfKnownChallenges_IsTheKnownOne()
    {
        // SHA-256 by Python's hashlib over the secret, 564E440000000001, 5354530000000007, sixteen times A5h, 00h to
        // 0Fh.
        var proof = new ChallengeProof(MeterFixture.ClientTitle, _server, [.. Enumerable.Repeat((byte)0xA5, 16)],
            [.. Enumerable.Range(0, 16).Select(each => (byte)each)]);
        Assert.Equal("A343AA47861DB22310C337F7426FBFD26C2AAD8D9A5168CDB426DFC706E40632",
            Convert.ToHexString(proof.Digest(_secret)));
        var digest = proof.Digest(_secret);
        Assert.True(proof.IsDigest(_secret, digest));
        Assert.False(proof.IsDigest(_secret, digest.AsSpan(1)));
        Assert.False((proof with { Prover = _server, Verifier = MeterFixture.ClientTitle }).IsDigest(_secret, digest));
        Assert.False((proof with { Challenge = proof.OwnChallenge, OwnChallenge = proof.Challenge })
            .IsDigest(_secret, digest));
    }

    [Fact]
    public async Task Sha256_OfTheCommonSecret_OpensTheAssociationAndAnotherDoesNot()
    {
        using var fixture = new MeterFixture(usual =>
            usual with { Clients = [ClientProfile.Public, ClientProfile.Management with { Secret = _secret }] });
        var settings = fixture.ManagementSettings() with
        {
            Mechanism = AuthenticationMechanism.HighLevelSha256,
            Secret = _secret,
        };
        await using (var client = await fixture.ManageAsync(settings))
        {
            Assert.Equal(3, (await client.EnterAsync(fixture.Credit(10))).Status!.StatusCode);
            Assert.Equal("6", (await client.GetAsync(new MemberReference(15, Obis.Association, 6))).Value.Elements[6]
                .ToString());
        }

        using var other = new SecretBytes("a secret of none"u8);
        var error = await Assert.ThrowsAsync<DlmsException>(
            async () => await fixture.ManageAsync(settings with { Secret = other, FirstCounter = 100 }));
        Assert.Equal(DlmsFault.Authentication, error.Fault);
        // GMAC stays open to the same client; whoever has no secret with the server is refused by name.
        await (await fixture.ManageAsync(fixture.ManagementSettings(200))).DisposeAsync();
        using var without = new MeterFixture();
        error = await Assert.ThrowsAsync<DlmsException>(async () => await without.ManageAsync(
            settings with { EncryptionKey = without.Encryption, AuthenticationKey = without.Authentication }));
        Assert.Equal((DlmsFault.Refused, true),
            (error.Fault, error.Message.Contains("MechanismNotRecognized", StringComparison.Ordinal)));
        Assert.Empty((await without.Meter.ReadAsync(TestContext.Current.CancellationToken)).TokenLog);
    }

    [Theory]
    [InlineData(SecuritySuite.Suite1, Label = "suite 1")]
    [InlineData(SecuritySuite.Suite2, Label = "suite 2")]
    public async Task Ecdsa_OfCertifiedKeys_OpensTheAssociationAndAnotherDoesNot(SecuritySuite suite)
    {
        using var authority = new Authority(suite, _clock.GetUtcNow());
        using var certificates = authority.Trusting(_folder, _server, _clock);
        using var fixture = new MeterFixture(usual => usual with { Certificates = certificates }, suite: suite);
        using var signing = ECDsa.Create(KeyAgreement.Curve(suite));
        var settings = fixture.ManagementSettings() with
        {
            Mechanism = AuthenticationMechanism.HighLevelEcdsa,
            SigningKey = signing,
        };
        certificates.GenerateKeyPair();
        using var serverKey = CertificateRequest.LoadSigningRequest(certificates.Request()!, KeyAgreement.Hash(suite))
            .PublicKey.GetECDsaPublicKey();
        // Not vouched for yet.
        _ = await Assert.ThrowsAsync<DlmsException>(
            async () => await fixture.ManageAsync(settings with { ServerKey = serverKey }));
        using (var own = authority.Issue(new PublicKey(signing), MeterFixture.ClientTitle))
            Assert.True(certificates.TryImport(own.RawData));
        await using (var client =
            await fixture.ManageAsync(settings with { ServerKey = serverKey, FirstCounter = 100 }))
        {
            Assert.Equal(3, (await client.EnterAsync(fixture.Credit(10))).Status!.StatusCode);
            Assert.Equal("7", (await client.GetAsync(new MemberReference(15, Obis.Association, 6))).Value.Elements[6]
                .ToString());
        }

        // Another client's key, and a server that is another one.
        using var stranger = ECDsa.Create(KeyAgreement.Curve(suite));
        var error = await Assert.ThrowsAsync<DlmsException>(async () => await fixture.ManageAsync(
            settings with { SigningKey = stranger, ServerKey = serverKey, FirstCounter = 200 }));
        Assert.Equal(DlmsFault.Authentication, error.Fault);
        error = await Assert.ThrowsAsync<DlmsException>(
            async () => await fixture.ManageAsync(settings with { ServerKey = stranger, FirstCounter = 300 }));
        Assert.Equal(DlmsFault.Authentication, error.Fault);
        Assert.Single((await fixture.Meter.ReadAsync(TestContext.Current.CancellationToken)).TokenLog);
    }

    [Theory]
    [InlineData(AuthenticationMechanism.HighLevel, Label = "mechanism 2")]
    [InlineData(AuthenticationMechanism.HighLevelMd5, Label = "mechanism 3")]
    [InlineData(AuthenticationMechanism.HighLevelSha1, Label = "mechanism 4")]
    public async Task WithdrawnMechanism_OfAClientWithTheKeys_IsRefusedByName(AuthenticationMechanism mechanism)
    {
        using var fixture =
            new MeterFixture(usual => usual with { Clients = [ClientProfile.Management with { Secret = _secret }] });
        using var association = fixture.Server.Open(1, 1)!;
        using var client = new ClientAssociation(fixture.ManagementSettings());
        var hello = new WireWriter();
        client.WriteRequest(hello);
        var renamed = new WireWriter();
        (AssociationRequest.TryRead(hello.Written)! with { Mechanism = mechanism }).Write(renamed);
        var answer = AssociationResponse.TryRead(
            (await association.AnswerAsync(renamed.WrittenMemory, TestContext.Current.CancellationToken)).Span)!;
        Assert.Equal((AssociationResult.RejectedPermanent, AssociationDiagnostic.MechanismNotRecognized),
            (answer.Result, answer.Diagnostic));
        Assert.Equal(AssociationStatus.NonAssociated, association.Status);
    }

    [Fact]
    public void GeneralCiphering_OfKnownOctets_IsReadOpenedAndWritten()
    {
        // From another program's AES-GCM over the header as the standard orders it, each field with its length.
        const string known =
            "DD08000000000000000108564E44000000000108535453000000000700000100001E30012345672C9BAF2ADE17228D8BDF6BA8130D891E8CDB6BDCE989ADEB97";
        var plain = Convert.FromHexString("C001C100080000010000FF0200");
        using var encryption = new SecretBytes(MeterFixture.EncryptionKey);
        using var authentication = new SecretBytes(MeterFixture.AuthenticationKey);
        using var cipher = new ApduCipher(SecuritySuite.Suite0, encryption, authentication);
        var read = GeneralCiphering.TryRead(Convert.FromHexString(known))!;
        Assert.True(read.IsFor(MeterFixture.ClientTitle, _server));
        Assert.False(read.IsFor(_server, MeterFixture.ClientTitle));
        Assert.True(cipher.TryOpen(read.Originator, read.Content, out var opened, out var protection, out var counter,
            read.Header()));
        Assert.Equal((Convert.ToHexString(plain), Protection.AuthenticatedEncryption, 0x01234567u),
            (Convert.ToHexString(opened), protection, counter));
        var writer = new WireWriter();
        read.Protect(cipher, counter, plain, writer);
        Assert.Equal(known, Convert.ToHexString(writer.Written));
        // Every octet before the content is authenticated, but those that name the key; none may be missing.
        var octets = Convert.FromHexString(known);
        for (var at = 0; at < octets.Length; at++)
        {
            Assert.Null(GeneralCiphering.TryRead(octets.AsSpan(0, at)));
            octets[at] ^= 1;
            Assert.False(GeneralCiphering.TryRead(octets) is { } other
                && other.IsFor(MeterFixture.ClientTitle, _server)
                && cipher.TryOpen(other.Originator, other.Content, out _, out _, out _, other.Header()),
                    $"octet {at}");
            octets[at] ^= 1;
        }
    }

    [Theory]
    [InlineData(1024, 0, false, Label = "whole")]
    [InlineData(1024, 0, true, Label = "whole over HDLC")]
    [InlineData(100, 0, false, Label = "the service's own blocks")]
    [InlineData(64, 5, false, Label = "general blocks")]
    public async Task NamedKey_InEachForm_EntersAndReadsEverything(int pdu, int window, bool overHdlc)
    {
        using var fixture = new MeterFixture();
        await using var client = await fixture.ManageAsync(fixture.ManagementSettings() with
        {
            NamesKey = true,
            MaximumPdu = (ushort)pdu,
            BlockWindow = window,
        }, overHdlc);
        Assert.Equal(3, (await client.EnterAsync(fixture.Credit(10))).Status!.StatusCode);
        await foreach (var (attribute, result) in client.DumpAsync())
            Assert.True(result.Error == DataAccessResult.Success, attribute.ToString());
        if (!overHdlc)
            Assert.All(fixture.Wire.Skip(1),
                each => Assert.True(each.Request[8] is 0xDD or 0xE0 && each.Answer[8] is 0xDD or 0xE0));
    }

    [Fact]
    public async Task NamedKey_PlayedAgainOrWithoutRoom_IsRefusedAndMovesNothing()
    {
        using var fixture = new MeterFixture();
        using var association = fixture.Server.Open(1, 1)!;
        using var client = new ClientAssociation(fixture.ManagementSettings() with { NamesKey = true });
        await SecurityTests.AssociateAsync(association, client);
        var set = new WireWriter();
        set.Request(new SetRequest(0xC1, new AttributeRequest(new MemberReference(111, PaymentObis.Account, 16), null),
            CosemValue.Int32(70)));
        var apdu = client.Protect(set.Written).ToArray();
        // Another key's number: the protection holds, for it is not authenticated, and yet it is not for the global
        // key.
        var renamed = apdu.ToArray();
        renamed[1 + 9 + 9 + 9 + 2 + 2] = 1;
        Assert.Equal("D80105", await AskAsync(renamed));
        Assert.Equal(0, (await fixture.Meter.ReadAsync(TestContext.Current.CancellationToken)).LowCreditThreshold);
        Assert.Equal(DataAccessResult.Success, Assert.IsType<SetResponse>(
            client.Open((await association.AnswerAsync(apdu, TestContext.Current.CancellationToken)).Span)).Result);
        Assert.StartsWith("D80106", await AskAsync(apdu), StringComparison.Ordinal);
        Assert.Equal(70, (await fixture.Meter.ReadAsync(TestContext.Current.CancellationToken)).LowCreditThreshold);
        // What stands before an answer leaves no room for one.
        var error = await Assert.ThrowsAsync<DlmsException>(async () =>
            await fixture.ManageAsync(fixture.ManagementSettings(100) with { MaximumPdu = 64, NamesKey = true }));
        Assert.Contains("PduTooLong", error.Message, StringComparison.Ordinal);

        async Task<string> AskAsync(byte[] octets) =>
            Convert.ToHexString((await association.AnswerAsync(octets, TestContext.Current.CancellationToken)).Span);
    }

    [Fact]
    public async Task Server_MutatedNamedRequests_AnswersAllAndMovesNothing()
    {
        var random = new Random(109);
        using var fixture = new MeterFixture();
        using var association = fixture.Server.Open(1, 1)!;
        using var client = new ClientAssociation(fixture.ManagementSettings() with { NamesKey = true });
        await SecurityTests.AssociateAsync(association, client);
        var set = new WireWriter();
        set.Request(new SetRequest(0xC1, new AttributeRequest(new MemberReference(111, PaymentObis.Account, 16), null),
            CosemValue.Int32(70)));
        var apdu = client.Protect(set.Written).ToArray();
        var sent = GeneralCiphering.TryRead(apdu)!;
        for (var i = 0; i < MutationTests.Rounds / 10; i++)
        {
            var octets = MutationTests.Mutate(random, apdu);
            // The same content behind the same header, with another length or mark of presence, is the same request.
            if (octets is not [0xDD, ..] || (GeneralCiphering.TryRead(octets) is { } read && read.Header().AsSpan()
                .SequenceEqual(sent.Header()) && read.Content.AsSpan().SequenceEqual(sent.Content)))
                continue;
            Assert.NotEqual(0, (await association.AnswerAsync(octets, TestContext.Current.CancellationToken)).Length);
            Assert.Equal(0, (await fixture.Meter.ReadAsync(TestContext.Current.CancellationToken)).LowCreditThreshold);
        }
    }
}
