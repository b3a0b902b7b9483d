using OpenSts.Keys;

namespace OpenSts.Tests.Keys;

/// <summary>Keys: what they print, that they end, what is refused, how they are checked.</summary>
public class KeyHandlingTests
{
    [Fact]
    public void ToString_OfKeys_NamesTheKindOnly()
    {
        using var vendingKey = Hazmat.ImportVendingKey(Convert.FromHexString(TestKeys.VendingKeyA));
        using var key = TestKeys.Derive(TestKeys.Attributes());
        Assert.Equal("(vending key, 160 bits)", vendingKey.ToString());
        Assert.Equal("(decoder key for EA07)", key.ToString());
    }

    [Fact]
    public void Keys_Disposed_AreGone()
    {
        var key = TestKeys.Derive(TestKeys.Attributes(EncryptionAlgorithm.Ea11));
        var block = new TokenContent(TokenClass.Credit, 5).Seal();
        _ = key.Encrypt(block);
        key.Dispose();
        key.Dispose();
        Assert.Throws<ObjectDisposedException>(() => key.Encrypt(block));
        var vendingKey = Hazmat.ImportVendingKey(Convert.FromHexString(TestKeys.VendingKeyA));
        vendingKey.Dispose();
        Assert.Throws<ObjectDisposedException>(() => DecoderKeyGeneration.Derive(vendingKey, TestKeys.Attributes()));
    }

    [Fact]
    public void Hazmat_Misuse_NamesTheRuleAndNeverTheKey()
    {
        var error = Assert.Throws<ArgumentException>(() => Hazmat.ImportVendingKey(new byte[9]));
        Assert.Contains("8, 16 or 20", error.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(
            () => Hazmat.ImportDecoderKey(EncryptionAlgorithm.Ea11, new byte[8]));
        var withdrawn =
            Assert.Throws<ArgumentException>(() => Hazmat.ImportDecoderKey(EncryptionAlgorithm.Ea09, new byte[8]));
        Assert.Contains("withdrawn", withdrawn.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void CheckValues_OfTheTestKeys_AreTheDocumentedOnes()
    {
        using var key64 = Hazmat.ImportVendingKey(Convert.FromHexString("abababababababab"));
        using var key160 = Hazmat.ImportVendingKey(Convert.FromHexString(TestKeys.VendingKeyA));
        Assert.Equal(Convert.ToHexString(System.Security.Cryptography.HMACSHA256.HashData(
            Convert.FromHexString(TestKeys.VendingKeyA), new byte[8])[..3]), KeyCheckValue.Of(key160));
        Assert.Equal(6, KeyCheckValue.Of(key64).Length);
        Assert.NotEqual(KeyCheckValue.Of(key64), KeyCheckValue.Of(key160));
    }

    [Theory]
    [InlineData(KeyType.Initialization, "DITK DDTK DUTK DCTK")]
    [InlineData(KeyType.Default, "DDTK DUTK DCTK")]
    [InlineData(KeyType.Unique, "DDTK DUTK")]
    [InlineData(KeyType.Common, "DDTK DCTK")]
    public void KeyTypes_MayChangeTo_IsTheTable(KeyType parent, string children) =>
        Assert.Equal(children, string.Join(' ', Enum.GetValues<KeyType>().Where(c => parent.MayChangeTo(c))
            .Select(c => c.Abbreviation())));
}
