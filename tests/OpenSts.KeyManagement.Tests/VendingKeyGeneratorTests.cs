using OpenSts.KeyManagement.Keys;
using OpenSts.Keys;
using OpenSts.Secrets;

namespace OpenSts.KeyManagement.Tests;

public class VendingKeyGeneratorTests
{
    [Theory]
    [InlineData("0101010101010101")]
    [InlineData("FEFEFEFEFEFEFEFE")]
    [InlineData("1F1F1F1F0E0E0E0E")]
    [InlineData("E0E0E0E0F1F1F1F1")]
    [InlineData("01FE01FE01FE01FE")]
    [InlineData("FE01FE01FE01FE01")]
    [InlineData("1FE01FE00EF10EF1")]
    [InlineData("E01FE01FF10EF10E")]
    [InlineData("01E001E001F101F1")]
    [InlineData("E001E001F101F101")]
    [InlineData("1FFE1FFE0EFE0EFE")]
    [InlineData("FE1FFE1FFE0EFE0E")]
    [InlineData("011F011F010E010E")]
    [InlineData("1F011F010E010E01")]
    [InlineData("E0FEE0FEF1FEF1FE")]
    [InlineData("FEE0FEE0FEF1FEF1")]
    public void Create_GeneratorGivesAWeakKey_TakesTheNext(string weak)
    {
        var key = Convert.FromHexString(weak);
        Assert.True(VendingKeyGenerator.IsWeak(key));
        // The parity bits do not matter to DES.
        Assert.True(VendingKeyGenerator.IsWeak(key.Select(octet => (byte)(octet ^ 1)).ToArray()));
        Assert.True(System.Security.Cryptography.DES.IsWeakKey(key)
            || System.Security.Cryptography.DES.IsSemiWeakKey(key));
        var calls = 0;
        using var made = VendingKeyGenerator.Create(DecoderKeyGenerationAlgorithm.Dkga02,
            octets => (calls++ == 0 ? key : Convert.FromHexString("abababababababab")).CopyTo(octets));
        Assert.Equal(2, calls);
        Assert.Equal("ABABABABABABABAB", Convert.ToHexString(Octets(made)));
    }

    [Fact]
    public void Create_Many_HaveTheirLengthOddParityAndAreDifferent()
    {
        var seen = new HashSet<string>();
        for (var i = 0; i < 500; i++)
        {
            using var legacy = VendingKeyGenerator.Create(DecoderKeyGenerationAlgorithm.Dkga02);
            Assert.Equal(8, legacy.Length);
            Assert.True(VendingKey.HasOddParity(Octets(legacy)));
            using var key = VendingKeyGenerator.Create(DecoderKeyGenerationAlgorithm.Dkga04);
            Assert.Equal(20, key.Length);
            Assert.True(seen.Add(Convert.ToHexString(Octets(legacy))) & seen.Add(Convert.ToHexString(Octets(key))));
        }
    }

    private static byte[] Octets(SecretBytes secret)
    {
        var octets = new byte[secret.Length];
        secret.CopyTo(octets);
        return octets;
    }
}
