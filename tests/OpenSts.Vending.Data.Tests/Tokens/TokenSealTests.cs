using System.Security.Cryptography;
using OpenSts.Vending.Data.Tokens;
using OpenSts.Vending.Meters;

namespace OpenSts.Vending.Data.Tests.Tokens;

public sealed class TokenSealTests : IDisposable
{
    private static readonly Token66 Token = SandboxMeter.Token("vend-0001", 0);
    private readonly AesGcmTokenSeal _seal = new(Enumerable.Range(0, 32).Select(octet => (byte)octet).ToArray());

    public void Dispose() => _seal.Dispose();

    [Fact]
    public void Open_SamePlace_GivesTheToken() => Assert.Equal(Token, _seal.Open(_seal.Seal(Token, 7, 1, 2), 7, 1, 2));

    [Theory]
    [InlineData(8, 1, 2)]
    [InlineData(7, 0, 2)]
    [InlineData(7, 1, 1)]
    public void Open_AnotherPlace_Throws(long number, int order, int part) =>
        Assert.ThrowsAny<CryptographicException>(() => _seal.Open(_seal.Seal(Token, 7, 1, 2), number, order, part));

    [Fact]
    public void Open_AnyBitChanged_Throws()
    {
        var text = _seal.Seal(Token, 7, 1, 2);
        for (var at = 0; at < text.Length; at++)
        {
            text[at] ^= 1;
            _ = Assert.ThrowsAny<CryptographicException>(() => _seal.Open(text, 7, 1, 2));
            text[at] ^= 1;
        }
    }

    [Fact]
    public void Seal_Twice_Differs() => Assert.NotEqual(_seal.Seal(Token, 7, 1, 2), _seal.Seal(Token, 7, 1, 2));

    // Stores are full of these: made by HKDF-Expand and HMAC of another library from the key 00 01 ... 1F.
    [Fact]
    public void Hash_KnownKeyAndToken_IsTheStoredHash()
    {
        Assert.True(Token66.TryParse("12345678901234567890", out var token));
        Assert.Equal(StoredHash, Convert.ToHexStringLower(_seal.Hash(token)));
    }

    private const string StoredHash = "be220aef07cc95c02d853be4db907cda";
}
