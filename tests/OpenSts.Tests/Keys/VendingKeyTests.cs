using OpenSts.Keys;

namespace OpenSts.Tests.Keys;

public sealed class VendingKeyTests
{
    [Theory]
    [InlineData("abababababababaa")]
    [InlineData("aaabababababab ab")]
    [InlineData("0000000000000000")]
    [InlineData("0101010101010103")]
    [InlineData("ffffffffffffffff")]
    public void TryImportVendingKey_64BitsWithoutOddParity_IsRefusedWithoutShowingTheKey(string hex)
    {
        hex = hex.Replace(" ", "", StringComparison.Ordinal);
        Assert.False(Hazmat.TryImportVendingKey(Convert.FromHexString(hex), out var key, out var fault));
        Assert.Null(key);
        Assert.Equal(VendingKeyFault.Parity, fault);
        var error = Assert.Throws<ArgumentException>(() => Hazmat.ImportVendingKey(Convert.FromHexString(hex)));
        Assert.Contains("odd parity", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(hex, error.Message, StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData("abababababababab")]
    [InlineData("9494949494949494")]
    [InlineData("0101010101010101")]
    [InlineData("fefefefefefefefe")]
    [InlineData("0123456789abcdef")]
    public void TryImportVendingKey_64BitsWithOddParity_IsTaken(string hex)
    {
        Assert.True(Hazmat.TryImportVendingKey(Convert.FromHexString(hex), out var key, out _));
        using (key)
            Assert.Equal(64, key.Bits);
    }

    // Parity is a property of DES keys: the 160 bits of DKGA04 are an HMAC key.
    [Theory]
    [InlineData(20, true)]
    [InlineData(16, true)]
    [InlineData(0, false)]
    [InlineData(7, false)]
    [InlineData(9, false)]
    [InlineData(21, false)]
    public void TryImportVendingKey_OtherLengths_DependOnLengthAlone(int length, bool isTaken)
    {
        Assert.Equal(isTaken, Hazmat.TryImportVendingKey(new byte[length], out var key, out var fault));
        key?.Dispose();
        Assert.Equal(isTaken ? VendingKeyFault.None : VendingKeyFault.Length, fault);
    }
}
