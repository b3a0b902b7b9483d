using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Time.Testing;
using OpenSts.Cosem.Tests;
using OpenSts.Dlms.Apdu;
using OpenSts.Dlms.Client;
using OpenSts.Dlms.Security;
using OpenSts.Dlms.Values;
using OpenSts.Secrets;

namespace OpenSts.Dlms.Tests;

/// <summary>Two parties agree on new keys; who is not vouched for agrees on none.</summary>
public sealed class KeyAgreementTests : IDisposable
{
    private static readonly MemberReference Setup = new(64, Obis.SecuritySetup, 0);
    private readonly string _folder = Directory.CreateTempSubdirectory("ostscosem").FullName;
    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 3, 4, 5, 6, 7, TimeSpan.Zero));
    private readonly SystemTitle _server = SystemTitle.Create("STS", 7);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    // From tests/independent/cosem_keys.py, which shares no line with this program.
    [Theory]
    [InlineData(1, GlobalKeyId.Encryption, "948FE603F61DC036B5C596DC09FE3CE3F3D30DC90F024C85F3C82DB2CCAB679D",
        "9030F3FC186FB5CC968E9CA241E9B47F92B0E9F29F03303B8C4EB5C0C28537DE4CA3392CB6E21A3ACB52DE5C77F90B316DECAF79C8F96A444A8BFBB923EB4C23", "774E13C0A13E47287A4E2874F17327D9", Label = "suite 1, encryption key")]
    [InlineData(1, GlobalKeyId.Master, "948FE603F61DC036B5C596DC09FE3CE3F3D30DC90F024C85F3C82DB2CCAB679D",
        "9030F3FC186FB5CC968E9CA241E9B47F92B0E9F29F03303B8C4EB5C0C28537DE4CA3392CB6E21A3ACB52DE5C77F90B316DECAF79C8F96A444A8BFBB923EB4C23", "ABFE3478BAD289535C088FDDA0A90E44", Label = "suite 1, master key")]
    [InlineData(2, GlobalKeyId.Encryption,
        "DCCFE25E8C0D8B5B355FE1E715F466B3E7027BE30ACBF965F4E6160045EA11A6D871190306F00FBABD09931A2A0BEA2E",
        "7D86C475A213A9144FDA8E62AE615E7B5F3CEA4FD478AB762775BA188C5AF5347F9889B1F319ABB8399280C35285176EF3B4E822C66E4FB61C8D390C6702821AAAC112147F06048387508B107D56816D2728C9491609F11777A7809F09D78FE5", "C0DFBA1DA81085D294FC79BC8C216111BB630269F237EDA0FF88A4D3933E72B3", Label = "suite 2, encryption key")]
    [InlineData(2, GlobalKeyId.Master,
        "DCCFE25E8C0D8B5B355FE1E715F466B3E7027BE30ACBF965F4E6160045EA11A6D871190306F00FBABD09931A2A0BEA2E",
        "7D86C475A213A9144FDA8E62AE615E7B5F3CEA4FD478AB762775BA188C5AF5347F9889B1F319ABB8399280C35285176EF3B4E822C66E4FB61C8D390C6702821AAAC112147F06048387508B107D56816D2728C9491609F11777A7809F09D78FE5", "76E95E6AD09A253E586EEA3BB044E6605FDD67B88C5EA48D08C97BD61A18608A", Label = "suite 2, master key")]
    public void Accept_OfKnownHalves_GivesTheKnownKey(int suiteNumber, GlobalKeyId id, string scalar, string point,
        string key)
    {
        var suite = (SecuritySuite)suiteNumber;
        using var ours = new KeyAgreement(suite,
            ECDiffieHellman.Create(
            new ECParameters { Curve = KeyAgreement.Curve(suite), D = Convert.FromHexString(scalar) }));
        using var signer = ECDsa.Create(KeyAgreement.Curve(suite));
        var travels = Convert.FromHexString(point);
        byte[] offer = [.. travels, .. signer.SignData([(byte)id, .. travels], KeyAgreement.Hash(suite),
            DSASignatureFormat.IeeeP1363FixedFieldConcatenation)];
        _ = SystemTitle.TryRead(Convert.FromHexString("564E440000000001"), out var client);
        _ = SystemTitle.TryRead(Convert.FromHexString("4F53540000000007"), out var server);
        using var agreed = ours.Accept(id, offer, signer, client, server);
        Assert.Equal(key, MeterFixture.Hex(agreed!));
        for (var i = 0; i < offer.Length; i += 7)
        {
            var bad = offer.ToArray();
            bad[i] ^= 1;
            Assert.Null(ours.Accept(id, bad, signer, client, server));
        }

        // Signed, and no point of the curve; a point under another key's name; too short.
        travels[^1] ^= 1;
        Assert.Null(ours.Accept(id,
            [.. travels, .. signer.SignData([(byte)id, .. travels], KeyAgreement.Hash(suite),
            DSASignatureFormat.IeeeP1363FixedFieldConcatenation)], signer, client, server));
        Assert.Null(ours.Accept(GlobalKeyId.Authentication, offer, signer, client, server));
        Assert.Null(ours.Accept(id, offer.AsSpan(1), signer, client, server));
    }

    [Theory]
    [InlineData(SecuritySuite.Suite1, Label = "suite 1")]
    [InlineData(SecuritySuite.Suite2, Label = "suite 2")]
    public async Task Agreement_WithCertificatesOfOneAuthority_ReplacesTheKeys(SecuritySuite suite)
    {
        using var authority = new Authority(suite, _clock.GetUtcNow());
        using var certificates = authority.Trusting(_folder, _server, _clock);
        using var fixture = new MeterFixture(usual => usual with { Certificates = certificates }, suite: suite);
        using var signing = ECDsa.Create(KeyAgreement.Curve(suite));
        var settings = fixture.ManagementSettings();
        IReadOnlyDictionary<GlobalKeyId, SecretBytes> agreed;
        await using (var client =
            await DlmsClient.OpenAsync(fixture.Transport(1), settings, TestContext.Current.CancellationToken))
        {
            // Nobody is vouched for yet.
            Assert.Equal(ActionResult.ObjectUnavailable, await CallAsync(client, 3, CosemValue.Array()));
            Assert.Equal(ActionResult.ObjectUnavailable, await CallAsync(client, 5, CosemValue.Enum(0)));
            Assert.Equal(ActionResult.ScopeOfAccessViolated, await CallAsync(client, 4, CosemValue.Enum(1)));
            Assert.Equal(ActionResult.Success, await CallAsync(client, 4, CosemValue.Enum(0)));
            var request = (await client.CallAsync(new MethodCall(Setup with { Index = 5 }, CosemValue.Enum(0)),
                TestContext.Current.CancellationToken)).Returned!.Value.Octets.ToArray();
            using var own = authority.Issue(CertificateRequest.LoadSigningRequest(request, KeyAgreement.Hash(suite))
                .PublicKey, _server);
            using var clients = authority.Issue(new PublicKey(signing), settings.Title);
            using var strangers = new Authority(suite, _clock.GetUtcNow());
            using var forged = strangers.Issue(new PublicKey(signing), settings.Title);
            using var stolen = authority.Issue(new PublicKey(signing), _server);
            foreach (var bad in (byte[][])[forged.RawData, stolen.RawData, own.RawData[1..], []])
                Assert.Equal(ActionResult.ScopeOfAccessViolated,
                    await CallAsync(client, 6, CosemValue.OctetString(bad)));
            Assert.Equal(ActionResult.Success, await CallAsync(client, 6, CosemValue.OctetString(own.RawData)));
            Assert.Equal(ActionResult.Success, await CallAsync(client, 6, CosemValue.OctetString(clients.RawData)));
            Assert.Equal(3,
                (await client.GetAsync(Setup with { Index = 6 }, null, TestContext.Current.CancellationToken))
                .Value.Elements.Length);
            var which = CosemValue.Structure(CosemValue.Enum(0),
                CosemValue.Structure(CosemValue.Enum(1), CosemValue.Enum(0),
                CosemValue.OctetString(settings.Title.ToArray())));
            var exported = await client.CallAsync(new MethodCall(Setup with { Index = 7 }, which),
                TestContext.Current.CancellationToken);
            Assert.Equal(clients.RawData, exported.Returned!.Value.Octets.ToArray());

            // Not signed by the client's key: nothing is replaced.
            using var other = ECDsa.Create(KeyAgreement.Curve(suite));
            using var serverKey = own.GetECDsaPublicKey()!;
            var error = await Assert.ThrowsAsync<DlmsException>(async () =>
                await client.AgreeAsync(settings, [GlobalKeyId.Encryption], other, serverKey,
                    TestContext.Current.CancellationToken));
            Assert.Contains("ScopeOfAccessViolated", error.Message, StringComparison.Ordinal);
            Assert.Equal(0, fixture.KeyStore.Count);
            agreed = await client.AgreeAsync(settings,
                [GlobalKeyId.Encryption, GlobalKeyId.Authentication, GlobalKeyId.Master], signing, serverKey,
                TestContext.Current.CancellationToken);
            Assert.Equal(1, fixture.KeyStore.Count);
        }

        _ = await Assert.ThrowsAsync<DlmsException>(
            async () => await fixture.ManageAsync(fixture.ManagementSettings(100)));
        fixture.UseNewKeys(agreed[GlobalKeyId.Encryption], agreed[GlobalKeyId.Authentication]);
        await using (var next = await DlmsClient.OpenAsync(fixture.Transport(1), fixture.ManagementSettings(),
            TestContext.Current.CancellationToken))
        {
            // The agreed master key is the one new keys come under.
            var fresh = RandomNumberGenerator.GetBytes(suite.KeyOctets());
            var wrapped = CosemValue.Structure(CosemValue.Enum(2),
                CosemValue.OctetString(KeyWrap.Wrap(agreed[GlobalKeyId.Master], fresh)));
            Assert.Equal(ActionResult.Success, await CallAsync(next, 2, CosemValue.Array(wrapped)));
        }

        agreed[GlobalKeyId.Master].Dispose();
        // A folder that is opened again has the same key and certificates; one whose time is over agrees on nothing.
        using var again = new CertificateFolder(_folder, suite, _server, _clock);
        Assert.Equal(3, again.Certificates.Count);
        Assert.NotNull(again.KeyOf(settings.Title));
        _clock.Advance(TimeSpan.FromDays(4000));
        Assert.Null(again.KeyOf(settings.Title));
        Assert.True(again.Remove(again.Certificates[1].Certificate));
        Assert.False(again.Remove(again.Certificates[0].Certificate));
        Assert.Equal(2, Directory.EnumerateFiles(_folder, "*.cer").Count() + 1);
    }

    [Fact]
    public async Task Agreement_InSuite0_IsNotThere()
    {
        using var fixture = new MeterFixture();
        await using var client = await fixture.ManageAsync();
        Assert.Equal(ActionResult.ReadWriteDenied,
            (await client.CallAsync(new MethodCall(Setup with { Index = 3 }, CosemValue.Array()))).Result);
    }

    [Fact]
    public void KeyStore_WrittenReadOrBroken_GivesItsKeysOrAReason()
    {
        var path = Path.Combine(_folder, "keys");
        var store = new FileKeyStore(path, SecuritySuite.Suite1);
        Assert.Null(store.Read());
        using var encryption = new SecretBytes(MeterFixture.EncryptionKey);
        using var authentication = new SecretBytes(MeterFixture.AuthenticationKey);
        using var master = new SecretBytes(MeterFixture.MasterKey);
        store.Keep(new KeySet(encryption, authentication, master));
        var read = store.Read()!;
        Assert.Equal(Convert.ToHexString(MeterFixture.MasterKey), MeterFixture.Hex(read.Master!));
        Assert.Equal(Convert.ToHexString(MeterFixture.EncryptionKey), MeterFixture.Hex(read.Encryption!));
        foreach (var key in (SecretBytes[])[read.Encryption!, read.Authentication!, read.Master!])
            key.Dispose();
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
        Assert.Throws<FormatException>(() => new FileKeyStore(path, SecuritySuite.Suite2).Read());
        var text = File.ReadAllText(path);
        foreach (var broken in (string[])["", text[..40], text.Replace('0', 'x'), "1 " + text])
        {
            File.WriteAllText(path, broken);
            var error = Assert.Throws<FormatException>(() => store.Read());
            Assert.DoesNotContain("0D0E0F", error.Message, StringComparison.Ordinal);
        }

        if (OperatingSystem.IsWindows())
            return;
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead);
        Assert.Contains("chmod 600", Assert.Throws<IOException>(() => store.Read()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task KeyTransfer_OfTheKeyInUse_DoesNotBeginItsCountersAgain()
    {
        using var fixture = new MeterFixture();
        using var master = new SecretBytes(MeterFixture.MasterKey);
        await using (var client = await fixture.ManageAsync(fixture.ManagementSettings(500)))
        {
            var same = CosemValue.Structure(CosemValue.Enum(0),
                CosemValue.OctetString(KeyWrap.Wrap(master, MeterFixture.EncryptionKey)));
            Assert.Equal(ActionResult.Success,
                (await client.CallAsync(new MethodCall(Setup with { Index = 2 }, CosemValue.Array(same)))).Result);
        }

        Assert.InRange(fixture.Keys.Current.Counters.HighestReceived, 500u, 600u);
        _ = await Assert.ThrowsAsync<DlmsException>(
            async () => await fixture.ManageAsync(fixture.ManagementSettings(500)));
    }

    private static async Task<ActionResult> CallAsync(DlmsClient client, sbyte method, CosemValue parameter) =>
        (await client.CallAsync(new MethodCall(Setup with { Index = method }, parameter),
            TestContext.Current.CancellationToken)).Result;
}
