using System.Diagnostics;

namespace OpenSts.Pkcs11.Tests;

/// <summary>Tokens that lose their session or do not do what their template says.</summary>
public sealed class TokenFailureTests
{
    private static readonly byte[] Key = Convert.FromHexString("abababababababab949494949494949401234567");

    [Fact]
    public void Use_AfterTheSessionWasLost_OpensItAgainAndGivesTheSameAnswers()
    {
        using var token = Pkcs11Token.Open(SoftHsm.Library, SoftHsm.NewToken(), SoftHsm.Pin);
        var key = token.Import("vk-1", Key);
        var sealing = token.GenerateSealingKey("seal");
        var before = key.CheckValue();
        var box = sealing.Seal(Key, "place"u8);
        var opened = new byte[Key.Length];

        token.LoseSessions();
        Assert.Equal(before, key.CheckValue());
        token.LoseSessions();
        Assert.True(sealing.TryOpen(box, "place"u8, opened));
        Assert.Equal(Key, opened);
        token.LoseSessions();
        Assert.True(sealing.TryOpen(sealing.Seal(Key, "other"u8), "other"u8, opened));
        token.LoseSessions();
        Assert.Equal(before, token.Find("vk-1").CheckValue());
        token.LoseSessions();
        _ = token.Generate("vk-2");
        token.LoseSessions();
        Assert.True(token.Destroy("vk-2"));
    }

    [Fact]
    public void Use_AfterTheSessionWasLostAndTheKeyIsGone_SaysSo()
    {
        using var token = Pkcs11Token.Open(SoftHsm.Library, SoftHsm.NewToken(), SoftHsm.Pin);
        var key = token.Import("vk-1", Key);
        Assert.True(token.Destroy("vk-1"));
        token.LoseSessions();
        Assert.Contains("no key named 'vk-1'", Assert.Throws<TokenException>(key.CheckValue).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Import_TokenMakesTheKeyReadable_IsRefusedAndTheKeyIsTakenOff()
    {
        var folder = Directory.CreateTempSubdirectory("ostsp11").FullName;
        var library = Path.Combine(folder, "readable.so");
        Compile(TestFiles.Path("tests", "OpenSts.Pkcs11.Tests", "ReadableToken.c"), library);
        var label = SoftHsm.NewToken();
        using (var token = Pkcs11Token.Open(library, label, SoftHsm.Pin))
        {
            Assert.Contains("give away", Assert.Throws<TokenException>(() => token.Import("vk-1", Key)).Message,
                StringComparison.Ordinal);
            Assert.Contains("give away", Assert.Throws<TokenException>(() => token.Generate("vk-2")).Message,
                StringComparison.Ordinal);
            Assert.Contains("give away", Assert.Throws<TokenException>(() => token.GenerateSealingKey("seal")).Message,
                StringComparison.Ordinal);
        }

        using (var token = Pkcs11Token.Open(SoftHsm.Library, label, SoftHsm.Pin))
        {
            foreach (var name in (string[])["vk-1", "vk-2", "seal"])
                Assert.False(token.Destroy(name), name);
        }

        Directory.Delete(folder, recursive: true);
    }

    private static void Compile(string source, string library)
    {
        using var compiler = Process.Start("gcc",
            ["-shared", "-fPIC", "-o", library, $"-DSOFTHSM=\"{SoftHsm.Library}\"", source, "-ldl"]);
        compiler.WaitForExit();
        Assert.Equal(0, compiler.ExitCode);
    }
}
