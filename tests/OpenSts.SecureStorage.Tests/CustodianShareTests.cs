using System.Security.Cryptography;

namespace OpenSts.SecureStorage.Tests;

public sealed class CustodianShareTests
{
    [Theory]
    [InlineData(2, 2)]
    [InlineData(2, 3)]
    [InlineData(3, 5)]
    [InlineData(5, 5)]
    [InlineData(7, 9)]
    public void Combine_AnyThreshold_GivesTheSecret(int k, int n)
    {
        var secret = RandomNumberGenerator.GetBytes(32);
        var shares = CustodianShare.Split(secret, k, n);
        var random = new Random(17);
        for (var round = 0; round < 20; round++)
        {
            var chosen = shares.OrderBy(_ => random.Next()).Take(k).ToArray();
            var found = new byte[32];
            Assert.Equal(ShareFault.None, CustodianShare.Combine(chosen, found));
            Assert.Equal(secret, found);
        }
    }

    [Fact]
    public void Combine_OneTooFew_TellsAndWritesNothing()
    {
        var shares = CustodianShare.Split(RandomNumberGenerator.GetBytes(32), 3, 5);
        var found = new byte[32];
        Assert.Equal(ShareFault.TooFew, CustodianShare.Combine(shares[..2], found));
        Assert.Equal(new byte[32], found);
    }

    [Fact]
    public void Combine_TheSameTwice_Repeated()
    {
        var shares = CustodianShare.Split(RandomNumberGenerator.GetBytes(32), 2, 3);
        Assert.Equal(ShareFault.Repeated, CustodianShare.Combine([shares[0], shares[0]], new byte[32]));
    }

    [Fact]
    public void Combine_AnotherSet_OtherSet()
    {
        var a = CustodianShare.Split(RandomNumberGenerator.GetBytes(32), 2, 3);
        var b = CustodianShare.Split(RandomNumberGenerator.GetBytes(32), 2, 3);
        Assert.Equal(ShareFault.OtherSet, CustodianShare.Combine([a[0], b[1]], new byte[32]));
    }

    [Fact]
    public void Combine_ShareForgedWithItsCheckRight_Whole()
    {
        var secret = RandomNumberGenerator.GetBytes(32);
        var shares = CustodianShare.Split(secret, 2, 3);
        // A forger makes a share of another secret and gives it this set's name and a right check.
        var other = CustodianShare.Split(RandomNumberGenerator.GetBytes(32), 2, 3)[1].ToText().Split(':');
        other[1] = shares[0].Set;
        var body = System.Text.Encoding.ASCII.GetBytes(string.Join(':', other[..5]) + ":");
        var check = SHA256.HashData([.. body, .. Convert.FromHexString(other[5])])[..4];
        other[6] = Convert.ToHexString(check);
        Assert.True(CustodianShare.TryParse(string.Join(':', other), out var forged, out _));
        var found = new byte[32];
        Assert.Equal(ShareFault.Whole, CustodianShare.Combine([shares[0], forged], found));
        Assert.Equal(new byte[32], found);
    }

    [Fact]
    public void TryParse_EveryCharacterChanged_Refused()
    {
        var text = CustodianShare.Split(RandomNumberGenerator.GetBytes(32), 2, 3)[0].ToText();
        Assert.True(CustodianShare.TryParse($" {text}\n", out var read, out _));
        Assert.Equal(text, read.ToText());
        for (var i = 0; i < text.Length; i++)
        {
            foreach (var wrong in "0123456789ABCDEF: x")
            {
                if (wrong == text[i] || (i is 0 or 127 && wrong == ' '))
                    continue;
                var changed = string.Concat(text.AsSpan(0, i), wrong.ToString(), text.AsSpan(i + 1));
                Assert.False(CustodianShare.TryParse(changed, out _, out var fault), $"position {i}, '{wrong}'");
                Assert.NotEqual(ShareFault.None, fault);
            }
        }
    }

    [Fact]
    public void ToString_Always_HoldsNoSecret()
    {
        var share = CustodianShare.Split(RandomNumberGenerator.GetBytes(32), 2, 3)[0];
        Assert.DoesNotContain(share.ToText().Split(':')[5], share.ToString(), StringComparison.OrdinalIgnoreCase);
    }
}
