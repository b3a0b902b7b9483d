using OpenSts.Cosem.Tests;
using OpenSts.Dlms.Security;
using OpenSts.Dlms.Wire;
using OpenSts.Secrets;

namespace OpenSts.Dlms.Tests;

public class CipherTests
{
    private const string Plain = "C0010000080000010000FF0200";
    private static readonly SystemTitle Title = Read("4D4D4D0000BC614E");

    // The example every published implementation checks itself with (clock time, counter 01234567h).
    [Theory]
    [InlineData("authenticated", Protection.Authenticated,
        "1001234567C0010000080000010000FF020006725D910F9221D263877516")]
    [InlineData("encrypted", Protection.Encrypted, "2001234567411312FF935A47566827C467BC")]
    [InlineData("both", Protection.AuthenticatedEncryption,
        "3001234567411312FF935A47566827C467BC7D825C3BE4A77C3FCC056B6B")]
    public void Protect_PublishedExample_IsIt(string description, Protection protection, string expected)
    {
        _ = description;
        using var keys = new Pair();
        var writer = new WireWriter();
        keys.Cipher.Protect(protection, Title, 0x01234567, Convert.FromHexString(Plain), writer);
        Assert.Equal(expected, Convert.ToHexString(writer.Written));
        Assert.True(keys.Cipher.TryOpen(Title, writer.Written, out var plain, out var found, out var counter));
        Assert.Equal((Plain, protection, 0x01234567u), (Convert.ToHexString(plain), found, counter));
    }

    // The published example of HLS with GMAC: challenges K56iVagY and P6wRJ21F.
    [Theory]
    [InlineData("client's", "4D4D4D0000000001", 1u, "503677524A323146", "10000000011A52FE7DD3E72748973C1E28")]
    [InlineData("server's", "4D4D4D0000BC614E", 0x01234567u, "4B35366956616759", "1001234567FE1466AFB3DBCD4F9389E2B7")]
    public void Answer_PublishedExample_IsIt(string description, string title, uint counter, string challenge,
        string expected)
    {
        _ = description;
        using var keys = new Pair();
        var answer = keys.Cipher.Answer(Read(title), counter, Convert.FromHexString(challenge));
        Assert.Equal(expected, Convert.ToHexString(answer));
        Assert.True(keys.Cipher.IsAnswer(Read(title), Convert.FromHexString(challenge), answer));
        answer[^1] ^= 1;
        Assert.False(keys.Cipher.IsAnswer(Read(title), Convert.FromHexString(challenge), answer));
    }

    [Fact]
    public void TryOpen_AnyBitOfItTurned_RefusesAndGivesNothing()
    {
        using var keys = new Pair();
        foreach (var protection in (Protection[])[Protection.Authenticated, Protection.AuthenticatedEncryption])
        {
            var writer = new WireWriter();
            keys.Cipher.Protect(protection, Title, 5, Convert.FromHexString(Plain), writer);
            var octets = writer.Written.ToArray();
            for (var bit = 0; bit < octets.Length * 8; bit++)
            {
                octets[bit / 8] ^= (byte)(1 << (bit % 8));
                // With the bit of authentication turned off it is another, weaker APDU: that is for the policy to
                // refuse.
                if ((octets[0] & 0x10) != 0)
                    Assert.False(keys.Cipher.TryOpen(Title, octets, out _, out _, out _), $"bit {bit}");
                octets[bit / 8] ^= (byte)(1 << (bit % 8));
            }

            Assert.False(keys.Cipher.TryOpen(SystemTitle.Create("XYZ", 1), octets, out _, out _, out _));
            for (var length = 0; length < octets.Length; length++)
                Assert.False(keys.Cipher.TryOpen(Title, octets.AsSpan(0, length), out _, out _, out _));
        }
    }

    // RFC 3394, 4.1 and 4.6.
    [Theory]
    [InlineData("128 under 128", "000102030405060708090A0B0C0D0E0F", "00112233445566778899AABBCCDDEEFF",
        "1FA68B0A8112B447AEF34BD8FB5A7B829D3E862371D2CFE5")]
    [InlineData(
        "256 under 256",
        "000102030405060708090A0B0C0D0E0F101112131415161718191A1B1C1D1E1F",
        "00112233445566778899AABBCCDDEEFF000102030405060708090A0B0C0D0E0F",
        "28C9F404C4B810F4CBCCB35CFB87F8263F5786E2D80ED326CBC7F0E71A99F43BFB988B9B7A02DD21")]
    public void KeyWrap_PublishedExample_IsItAndComesBack(string description, string under, string key, string wrapped)
    {
        _ = description;
        using var master = new SecretBytes(Convert.FromHexString(under));
        Assert.Equal(wrapped, Convert.ToHexString(KeyWrap.Wrap(master, Convert.FromHexString(key))));
        var octets = Convert.FromHexString(wrapped);
        Assert.True(KeyWrap.TryUnwrap(master, octets, out var unwrapped) && unwrapped is not null);
        Assert.Equal(key, MeterFixture.Hex(unwrapped));
        unwrapped.Dispose();
        octets[3] ^= 4;
        Assert.False(KeyWrap.TryUnwrap(master, octets, out var none));
        Assert.Null(none);
        Assert.False(KeyWrap.TryUnwrap(master, octets.AsSpan(0, 16), out _));
    }

    private static SystemTitle Read(string hex) =>
        SystemTitle.TryRead(Convert.FromHexString(hex), out var title) ? title : throw new FormatException();

    private sealed class Pair : IDisposable
    {
        private readonly SecretBytes _encryption = new(MeterFixture.EncryptionKey);
        private readonly SecretBytes _authentication = new(MeterFixture.AuthenticationKey);

        public Pair() => Cipher = new ApduCipher(SecuritySuite.Suite0, _encryption, _authentication);

        public ApduCipher Cipher { get; }

        public void Dispose()
        {
            Cipher.Dispose();
            _encryption.Dispose();
            _authentication.Dispose();
        }
    }
}
