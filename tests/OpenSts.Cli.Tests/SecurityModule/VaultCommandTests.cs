namespace OpenSts.Cli.Tests.SecurityModule;

/// <summary>
/// <c>sts sm init</c>, <c>key import</c>, <c>key list</c>, <c>log verify</c> as a person types them.
/// </summary>
[System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
public sealed class VaultCommandTests : IDisposable
{
    private const string A = "0123456789abcdef0123456789abcdef01234567",
        B = "aa88eeccdd00ff7b95b7f1d31d3f795b95000000";
    private readonly string _root = Directory.CreateTempSubdirectory("ostssm").FullName;

    private string Vault => Path.Combine(_root, "vault");

    private string Key => Path.Combine(_root, "key");

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public void Import_TwoCustodians_IsListedAndLoggedAndNeverShown()
    {
        Assert.Equal(0, Sts.Run("sm", "init", Vault, "--key-file", Key).Exit);
        var (exit, output, error) = Import();
        Assert.True(exit == 0, error);
        Assert.StartsWith("WARNING", error, StringComparison.Ordinal);
        Assert.Contains("TST1", output, StringComparison.Ordinal);
        var list = Sts.Run("sm", "key", "list", Vault, "--key-file", Key, "--json");
        Assert.Equal(0, list.Exit);
        Assert.Contains("SGC201457", list.Output, StringComparison.Ordinal);
        var log = Sts.Run("sm", "log", "verify", Vault, "--key-file", Key, "--show");
        Assert.Equal(0, log.Exit);
        Assert.Contains("custodians Ama and Kofi", log.Output, StringComparison.Ordinal);
        foreach (var text in (string[])[output, error, list.Output, log.Output])
            Assert.DoesNotContain("abababab", text, StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData("--laboratory", Label = "no confirmation")]
    [InlineData("Kofi", Label = "one custodian")]
    [InlineData("Kofi=ama", Label = "the same custodian twice")]
    public void Import_WithoutItsGuards_LoadsNothing(string change)
    {
        Assert.Equal(0, Sts.Run("sm", "init", Vault, "--key-file", Key).Exit);
        Assert.Equal(2, Import(change).Exit);
        Assert.Empty(Sts.Run("sm", "key", "list", Vault, "--key-file", Key, "--json").Output);
    }

    [Fact]
    public void Import_ComponentOpenToOthers_Refused()
    {
        Assert.Equal(0, Sts.Run("sm", "init", Vault, "--key-file", Key).Exit);
        _ = Import();
        File.SetUnixFileMode(Path.Combine(_root, "a"), UnixFileMode.UserRead | UnixFileMode.GroupRead);
        var (exit, _, error) = Sts.Run([.. ImportLine(), "--replace"]);
        Assert.Equal(1, exit);
        Assert.Contains("permitted are 0600 and 0400", error, StringComparison.Ordinal);
    }

    [Fact]
    public void Init_Shares_AnyTwoOfThreeOpenAndOneDoesNot()
    {
        var shares = Path.Combine(_root, "shares");
        Assert.Equal(0, Sts.Run("sm", "init", Vault, "--shares", "2/3", "--share-folder", shares).Exit);
        Assert.Equal(0, Sts.Run("sm", "key", "list", Vault, "--share-file", Path.Combine(shares, "share-3"),
            Path.Combine(shares, "share-1")).Exit);
        var (exit, _, error) = Sts.Run("sm", "key", "list", Vault, "--share-file", Path.Combine(shares, "share-3"));
        Assert.Equal(1, exit);
        Assert.Contains("1 given, 2 needed", error, StringComparison.Ordinal);
    }

    [Fact]
    public void Init_Token_KeyLivesOnTheToken()
    {
        var pin = Path.Combine(_root, "pin");
        File.WriteAllText(pin, SoftHsm.Pin + "\n");
        File.SetUnixFileMode(pin, UnixFileMode.UserRead);
        string[] token = ["--token-library", SoftHsm.Library, "--token", SoftHsm.NewToken(), "--pin-file", pin];
        var init = Sts.Run(["sm", "init", Vault, .. token]);
        Assert.True(init.Exit == 0, init.Error);
        WriteComponents();
        var (exit, output,
            error) = Sts.Run(["sm", "key", "import", Vault, "--laboratory", "--custodian", "Ama", "Kofi",
            "--component-file", Path.Combine(_root, "a"), Path.Combine(_root, "b"), "--register", "1", "--sgc",
            "201457", "--on-token", "vk-1", .. token]);
        Assert.True(exit == 0, output + error);
        Assert.Contains("\"home\":\"Token\"", Sts.Run(["sm", "key", "list", Vault, "--json", .. token]).Output,
            StringComparison.Ordinal);
    }

    [Fact]
    public void LogVerify_OneOctetChanged_NamesTheEntryAndExits1()
    {
        Assert.Equal(0, Sts.Run("sm", "init", Vault, "--key-file", Key).Exit);
        _ = Import();
        var log = Path.Combine(Vault, "log");
        var content = File.ReadAllBytes(log);
        content[24 + 4 + 10] ^= 1;
        File.WriteAllBytes(log, content);
        var (exit, output, _) = Sts.Run("sm", "log", "verify", Vault);
        Assert.Equal(1, exit);
        Assert.StartsWith("entry 1 was altered", output, StringComparison.Ordinal);
    }

    private (int Exit, string Output, string Error) Import(string? change = null)
    {
        WriteComponents();
        var line = ImportLine().ToList();
        if (change?.Split('=') is [var old, .. var rest])
        {
            var at = line.IndexOf(old);
            line.RemoveAt(at);
            if (rest is [var fresh])
                line.Insert(at, fresh);
        }

        return Sts.Run([.. line]);
    }

    private string[] ImportLine() =>
    [
        "sm", "key", "import", Vault, "--key-file", Key, "--laboratory", "--custodian", "Ama", "Kofi",
        "--component-file", Path.Combine(_root, "a"), Path.Combine(_root, "b"), "--register", "1", "--sgc", "201457",
    ];

    private void WriteComponents()
    {
        foreach (var (name, text) in ((string, string)[])[("a", A), ("b", B)])
        {
            var path = Path.Combine(_root, name);
            File.WriteAllText(path, text + "\n");
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }
    }
}
