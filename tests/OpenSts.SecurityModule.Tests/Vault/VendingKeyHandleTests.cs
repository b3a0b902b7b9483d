using OpenSts.Keys;
using OpenSts.Pkcs11;
using OpenSts.SecureStorage;
using OpenSts.SecurityModule.Transport;
using OpenSts.SecurityModule.Vault;
using OpenSts.Sts6;

namespace OpenSts.SecurityModule.Tests.Vault;

/// <summary>The contract of a vending key, for every home a key can have.</summary>
public sealed class VendingKeyHandleTests
{
    [Theory]
    [InlineData("EA07", EncryptionAlgorithm.Ea07)]
    [InlineData("EA11", EncryptionAlgorithm.Ea11)]
    public void OpenHandle_EveryHome_SameAnswers(string cipher, EncryptionAlgorithm ea)
    {
        Assert.NotEmpty(cipher);
        var root = Directory.CreateTempSubdirectory("ostshandle").FullName;
        var key = Convert.FromHexString("abababababababab949494949494949401234567");
        using var token = Pkcs11Token.Open(SoftHsm.Library, SoftHsm.NewToken(), SoftHsm.Pin);
        KeyFile.Create(Path.Combine(root, "key"));
        using var storageLock = StorageLock.FromKeyFile(Path.Combine(root, "key"));
        KeyVault.Create(Path.Combine(root, "vault"), storageLock);
        using var vault = KeyVault.Open(Path.Combine(root, "vault"), storageLock);
        vault.Put(1, "SGC123456", KeyHome.Vault, key, "test");
        _ = token.Import("vk-2", key);
        vault.Put(2, "SGC123456", KeyHome.Token, "vk-2"u8, "test");

        using var inVault = vault.OpenHandle(1);
        using var onToken = vault.OpenHandle(2, token);
        Assert.Equal(inVault.CheckValue(), onToken.CheckValue());
        foreach (var meter in Enumerable.Range(0, 100))
        {
            using var a = inVault.TryDerive(Meters.Attributes(meter, ea), out _);
            using var b = onToken.TryDerive(Meters.Attributes(meter, ea), out _);
            Assert.Equal(KeyCheckValue.Of(a!), KeyCheckValue.Of(b!));
        }

        foreach (var handle in (IVendingKeyHandle[])[inVault, onToken])
        {
            Assert.Null(handle.TryDerive(
                Meters.Attributes(1, EncryptionAlgorithm.Ea11, DecoderKeyGenerationAlgorithm.Dkga02), out var fault));
            Assert.Equal(DecoderKeyFault.AlgorithmPair, fault);
            Assert.Null(handle.TryDerive(Meters.Attributes(1, dkga: DecoderKeyGenerationAlgorithm.Dkga02), out fault));
            Assert.Equal(DecoderKeyFault.VendingKeyLength, fault);
        }

        _ = Assert.Throws<InvalidOperationException>(() => vault.OpenHandle(2));
        _ = Assert.Throws<InvalidOperationException>(() => vault.OpenHandle(3));
    }

    [Fact]
    public void Module_KeyOnAToken_SellsThePublishedToken()
    {
        const string card = "BDT20140101T000000Z;DKG04;KCV0F353D;KEN255;KRN1;KTY2;SGC201457;TST1";
        var root = Directory.CreateTempSubdirectory("ostshandle").FullName;
        using var token = Pkcs11Token.Open(SoftHsm.Library, SoftHsm.NewToken(), SoftHsm.Pin);
        KeyFile.Create(Path.Combine(root, "key"));
        using var storageLock = StorageLock.FromKeyFile(Path.Combine(root, "key"));
        KeyVault.Create(Path.Combine(root, "vault"), storageLock);
        using var vault = KeyVault.Open(Path.Combine(root, "vault"), storageLock);
        _ = token.Import("vk-1", Convert.FromHexString("abababababababab949494949494949401234567"));
        vault.Put(1, card, KeyHome.Token, "vk-1"u8, "test");
        using var module = SoftwareSecurityModule.Open(vault, token, new ModuleSettings { TestMode = true });
        var answers = new System.Buffers.ArrayBufferWriter<byte>();
        _ = new ModuleSession(module, SessionFraming.Lines)
            .Receive("SM?VCN1~P600727000000000009~N1~N11~N2~N0~H0001~H014EEC~DCC6\r"u8, answers);
        Assert.Equal("SM!VC00P32D98A5616345BE2E~P58625789986991357486~26E2\r",
            System.Text.Encoding.ASCII.GetString(answers.WrittenSpan));
        // Without its token the vault's register cannot be served, and another key under the same card is noticed.
        _ = Assert.Throws<InvalidOperationException>(
            () => SoftwareSecurityModule.Open(vault, null, new ModuleSettings()));
        _ = token.Import("vk-other", Convert.FromHexString("949494949494949401234567abababababababab"));
        vault.Put(1, card, KeyHome.Token, "vk-other"u8, "test");
        _ = Assert.Throws<InvalidOperationException>(
            () => SoftwareSecurityModule.Open(vault, token, new ModuleSettings()));
    }
}
