using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using OpenSts.Keys;
using OpenSts.SecureStorage;
using OpenSts.SecurityModule.Vault;

namespace OpenSts.Pkcs11.Tests;

/// <summary>Vending keys on a PKCS#11 token, against SoftHSM.</summary>
public sealed class TokenTests
{
    private const string KeyText = "abababababababab949494949494949401234567";

    [Theory]
    [InlineData(EncryptionAlgorithm.Ea07)]
    [InlineData(EncryptionAlgorithm.Ea11)]
    public void TryDerive_AThousandMeters_SameKeysAsInMemory(EncryptionAlgorithm ea)
    {
        using var token = Pkcs11Token.Open(SoftHsm.Library, SoftHsm.NewToken(), SoftHsm.Pin);
        var bytes = Convert.FromHexString(KeyText);
        var onToken = token.Import("vk-1", bytes);
        using var inMemory = Hazmat.ImportVendingKey(bytes);
        Assert.Equal(KeyCheckValue.Of(inMemory), onToken.CheckValue());
        Span<byte> a = stackalloc byte[16], b = stackalloc byte[16];
        for (var meter = 0; meter < 1000; meter++)
        {
            var attributes = Meters.Attributes(meter, ea);
            using var expected = DecoderKeyGeneration.Derive(inMemory, attributes);
            using var found = onToken.TryDerive(attributes, out var fault);
            Assert.Equal(DecoderKeyFault.None, fault);
            Assert.True(a[..Hazmat.Export(expected, a)].SequenceEqual(b[..Hazmat.Export(found!, b)]),
                $"meter {meter}");
        }
    }

    [Fact]
    public void Import_AKey_CannotBeReadBack()
    {
        using var token = Pkcs11Token.Open(SoftHsm.Library, SoftHsm.NewToken(), SoftHsm.Pin);
        Assert.False(token.TryReadValue(token.Import("vk-1", Convert.FromHexString(KeyText))));
        Assert.False(token.TryReadValue(token.Generate("vk-2")));
    }

    [Fact]
    public void Seal_AnythingAltered_DoesNotOpenAndWritesNothing()
    {
        using var token = Pkcs11Token.Open(SoftHsm.Library, SoftHsm.NewToken(), SoftHsm.Pin);
        var key = token.GenerateSealingKey("seal");
        var secret = Convert.FromHexString(KeyText);
        var box = key.Seal(secret, "place"u8);
        Assert.NotEqual(box, key.Seal(secret, "place"u8));
        Assert.Equal(-1, box.AsSpan().IndexOf(secret));
        var opened = new byte[TokenSealingKey.LengthOf(box)];
        Assert.True(token.FindSealingKey("seal")!.TryOpen(box, "place"u8, opened));
        Assert.Equal(secret, opened);
        Array.Clear(opened);
        Assert.False(key.TryOpen(box, "plaice"u8, opened));
        for (var at = 0; at < box.Length; at++)
        {
            box[at] ^= 1;
            Assert.False(key.TryOpen(box, "place"u8, opened), $"octet {at}");
            box[at] ^= 1;
        }

        Assert.All(opened, octet => Assert.Equal(0, octet));
        Assert.False(key.TryOpen(box.AsSpan(0, 28), "place"u8, []));
        Assert.Null(token.FindSealingKey("nobody"));
        _ = token.Generate("for something else");
        Assert.Contains("not an AES key", Assert.Throws<TokenException>(
            () => token.FindSealingKey("for something else")).Message, StringComparison.Ordinal);
        Assert.Contains("already", Assert.Throws<TokenException>(() => token.GenerateSealingKey("seal")).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void TryDerive_Dkga02_RefusedWithTheReason()
    {
        using var token = Pkcs11Token.Open(SoftHsm.Library, SoftHsm.NewToken(), SoftHsm.Pin);
        var key = token.Import("vk-1", Convert.FromHexString("abababababababab"));
        Assert.Null(key.TryDerive(Meters.Attributes(1, dkga: DecoderKeyGenerationAlgorithm.Dkga02), out var fault));
        Assert.Equal(DecoderKeyFault.VendingKeyLength, fault);
    }

    [Fact]
    public void Open_WrongPinTokenLibrary_SaysWhich()
    {
        var label = SoftHsm.NewToken();
        Assert.Contains("CKR_PIN_INCORRECT", Assert.Throws<TokenException>(
            () => Pkcs11Token.Open(SoftHsm.Library, label, "000000")).Message, StringComparison.Ordinal);
        Assert.Contains("0 tokens", Assert.Throws<TokenException>(
            () => Pkcs11Token.Open(SoftHsm.Library, "nobody", SoftHsm.Pin)).Message, StringComparison.Ordinal);
        Assert.Contains("cannot be loaded", Assert.Throws<TokenException>(
            () => Pkcs11Token.Open("/nowhere.so", label, SoftHsm.Pin)).Message, StringComparison.Ordinal);
        Assert.Contains("not a PKCS#11 library",
            Assert.Throws<TokenException>(() => Pkcs11Token.Open("libc.so.6", label, SoftHsm.Pin)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Find_NoneOrTwice_Refused()
    {
        using var token = Pkcs11Token.Open(SoftHsm.Library, SoftHsm.NewToken(), SoftHsm.Pin);
        _ = token.Import("vk-1", Convert.FromHexString(KeyText));
        _ = Assert.Throws<TokenException>(() => token.Import("vk-1", Convert.FromHexString(KeyText)));
        _ = Assert.Throws<TokenException>(() => token.Find("vk-2"));
        Assert.True(token.Destroy("vk-1"));
        Assert.False(token.Destroy("vk-1"));
        _ = Assert.Throws<TokenException>(() => token.Find("vk-1"));
    }

    [Fact]
    public void StorageLock_OfAToken_OpensAfterANewLogin()
    {
        var folder = Path.Combine(Directory.CreateTempSubdirectory("ostsp11").FullName, "vault");
        var label = SoftHsm.NewToken();
        using (var token = Pkcs11Token.Open(SoftHsm.Library, label, SoftHsm.Pin))
        {
            _ = token.Generate("storage");
            using var storageLock = token.StorageLock("storage");
            KeyVault.Create(folder, storageLock);
            using var vault = KeyVault.Open(folder, storageLock);
            vault.Put(1, "SGC123457", KeyHome.Token, "vk-1"u8, "test");
            _ = token.Import("vk-1", Convert.FromHexString(KeyText));
        }

        using (var token = Pkcs11Token.Open(SoftHsm.Library, label, SoftHsm.Pin))
        {
            using var storageLock = token.StorageLock("storage");
            using var vault = KeyVault.Open(folder, storageLock);
            var key = token.Find(System.Text.Encoding.UTF8.GetString(vault.TokenObject(1)));
            using var decoderKey = key.TryDerive(Meters.Attributes(1), out _);
            Assert.NotNull(decoderKey);
        }

        using var other = Pkcs11Token.Open(SoftHsm.Library, SoftHsm.NewToken(), SoftHsm.Pin);
        _ = other.Generate("storage");
        using var wrong = other.StorageLock("storage");
        Assert.Equal(StorageFault.StorageKey, Assert.Throws<StorageException>(() => KeyVault.Open(folder, wrong))
            .Fault);
    }

    [Fact]
    public void TryDerive_FromManyThreads_AllRight()
    {
        using var token = Pkcs11Token.Open(SoftHsm.Library, SoftHsm.NewToken(), SoftHsm.Pin);
        var bytes = Convert.FromHexString(KeyText);
        var key = token.Import("vk-1", bytes);
        using var inMemory = Hazmat.ImportVendingKey(bytes);
        const int count = 20_000;
        var expected = Enumerable.Range(0, 50).Select(meter =>
        {
            using var decoderKey = DecoderKeyGeneration.Derive(inMemory, Meters.Attributes(meter));
            return KeyCheckValue.Of(decoderKey);
        }).ToArray();
        var watch = Stopwatch.StartNew();
        _ = Parallel.For(0, count, i =>
        {
            using var decoderKey = key.TryDerive(Meters.Attributes(i % 50), out _);
            Assert.Equal(expected[i % 50], KeyCheckValue.Of(decoderKey!));
        });
        TestContext.Current.TestOutputHelper?.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{count / watch.Elapsed.TotalSeconds:F0} derivations a second on the token, from all threads"));
    }

    [Fact]
    public void Dkga02_DesBesideADecoderKey_GivesTheVendingKeyAway()
    {
        // Why no token keeps a 64-bit vending key: DK = DES(VK, X) xor X xor VK. Whoever may ask the token for DES(VK,
        // X), as the module must, and sees one decoder key computes VK. See docs/decisions.
        var vk = Convert.FromHexString("0123456789abcdef");
        using var vendingKey = Hazmat.ImportVendingKey(vk);
        using var decoderKey =
            DecoderKeyGeneration.Derive(vendingKey, Meters.Attributes(1, dkga: DecoderKeyGenerationAlgorithm.Dkga02));
        var dk = new byte[8];
        _ = Hazmat.Export(decoderKey, dk);
        // PAN 600727000000000009, KT 2, SGC 123001, TI 01, KRN 1.
        var x = Convert.FromHexString("0072700000000000")
            .Zip(Convert.FromHexString("2123001011ffffff"), (a, b) => (byte)(a ^ b)).ToArray();
#pragma warning disable CA5351 // DKGA02 is DES.
        using var des = DES.Create();
#pragma warning restore CA5351
        des.Key = vk;
        var fromToken = des.EncryptEcb(x, PaddingMode.None);
        var recovered = dk.Select((octet, i) => (byte)(octet ^ fromToken[i] ^ x[i])).ToArray();
        Assert.Equal(vk, recovered);
    }
}
