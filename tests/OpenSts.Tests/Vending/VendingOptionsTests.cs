using OpenSts.Vending.Hosting;

namespace OpenSts.Tests.Vending;

public sealed class VendingOptionsTests : IDisposable
{
    private readonly string _file = Path.GetTempFileName();

    public void Dispose() => File.Delete(_file);

    [Theory]
    [InlineData("folder", "", "the path of a folder")]
    [InlineData("folder", "  ", "the path of a folder")]
    [InlineData("postgres", "Nonsense", "a connection string")]
    [InlineData("postgres", "Host=a;Colour=blue", "a connection string")]
    [InlineData("postgres", "Host=a;Port=many", "a connection string")]
    [InlineData("postgres", "Username=a", "a connection string")]
    [InlineData("listen", "", "an http address")]
    [InlineData("listen", "127.0.0.1:8080", "an http address")]
    [InlineData("listen", "https://127.0.0.1:8443", "an http address")]
    [InlineData("listen", "http://127.0.0.1:99999", "an http address")]
    [InlineData("listen", "http://127.0.0.1:8080/sts", "an http address")]
    [InlineData("listen", "http://me@127.0.0.1:8080", "an http address")]
    [InlineData("module", "", "host:port")]
    [InlineData("module", "here", "host:port")]
    [InlineData("module", "here:0", "host:port")]
    [InlineData("module", "here:65536", "host:port")]
    [InlineData("module", "here:1,", "host:port")]
    [InlineData("demonstration", "yes", "true or false")]
    [InlineData("currency", "rand", "three capitals")]
    [InlineData("currency", "ZAR:5", "three capitals")]
    [InlineData("time-zone", "Mars", "a time zone")]
    [InlineData("time-zone", "", "a time zone")]
    [InlineData("utility", "two\nlines", "at most 100 characters")]
    [InlineData("utility-address", "a\u0000b", "at most 200 characters")]
    [InlineData("tax-number", "01234567890123456789012345678901234567890", "at most 40 characters")]
    [InlineData("help-line", "\t", "at most 40 characters")]
    [InlineData("message", "\u001b[31m", "at most 200 characters")]
    [InlineData("module-certificate", "a\u0000b", "PEM file")]
    [InlineData("module-certificate-key", "alone.pem", "nothing without --module-certificate")]
    [InlineData("module-authority", "alone.pem", "nothing without --module-certificate")]
    [InlineData("module-patience", "0", "1 to 60")]
    [InlineData("module-patience", "61", "1 to 60")]
    [InlineData("module-patience", "ten", "1 to 60")]
    [InlineData("journal", "a\u0000b", "the path of a folder")]
    [InlineData("journal-days", "0", "1 to 3650")]
    [InlineData("journal-days", "3651", "1 to 3650")]
    [InlineData("other-journals", "a,b\u0000", "paths of folders")]
    [InlineData("config", "/nowhere/at/all", "a file that can be read")]
    public void Parse_BadValue_NamesWhereItStandsWhatItHeldAndWhatItMayHold(string name, string value, string permitted)
    {
        var variable = "OPENSTS_VENDING_" + name.ToUpperInvariant().Replace('-', '_');

        foreach (var (arguments, environment, where) in new[] { (new[] { "--" + name, value }, "", "--" + name), ([], variable, variable) })
        {
            var message = Assert.Throws<FormatException>(() => VendingOptions.Parse(arguments, asked => asked == environment ? value : null)).Message;

            Assert.StartsWith(where + " held ", message, StringComparison.Ordinal);
            Assert.Contains(permitted, message, StringComparison.Ordinal);
            if (name != "postgres")
                Assert.Contains($"'{value}'", message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Parse_EveryOption_HasARowOfBadValues()
    {
        var rows = typeof(VendingOptionsTests).GetMethod(nameof(Parse_BadValue_NamesWhereItStandsWhatItHeldAndWhatItMayHold))!
            .GetCustomAttributes(typeof(InlineDataAttribute), false).Cast<InlineDataAttribute>().Select(row => (string)row.Data[0]!);

        Assert.Equal(VendingOptions.Names.Select(option => option.Name).Order(StringComparer.Ordinal), rows.Distinct().Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Parse_BadConnectionString_NeverShowsThePassword()
    {
        var message = Assert.Throws<FormatException>(() => VendingOptions.Parse(["--postgres", "Host=a;Password=swordfish;Colour=blue"], _ => null)).Message;

        Assert.DoesNotContain("swordfish", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Parse_FileEnvironmentAndCommandLine_TheNearerWins()
    {
        File.WriteAllText(_file, "# of the utility\n\nutility = From the file\nmessage= a = b \nmodule = one:1,two:2\n");

        var options = VendingOptions.Parse(["--config", _file, "--module", "three:3"], name => name switch
        {
            "OPENSTS_VENDING_MODULE" => "four:4",
            "OPENSTS_VENDING_HELP_LINE" => "123",
            _ => null,
        });

        Assert.Equal(("From the file", "a = b", "three:3", "123"), (options.Settings.UtilityName, options.Settings.Message, options.Module, options.Settings.HelpLine));
    }

    [Theory]
    [InlineData("unknown name", "utility = a\ncolour = blue\n", " line 2 held 'colour'; permitted is 'name = value' with one of folder")]
    [InlineData("no value", "utility\n", " line 1 held 'utility'; permitted is 'name = value'")]
    [InlineData("twice", "utility = a\nutility = b\n", " line 2 held 'utility' a second time")]
    [InlineData("a file that names another", "config = x\n", " line 1 held 'config'")]
    [InlineData("bad value", "\nmodule = here\n", " line 2, module, held 'here'; permitted is host:port")]
    public void Parse_BadFile_NamesTheLine(string description, string text, string said)
    {
        File.WriteAllText(_file, text);

        var message = Assert.Throws<FormatException>(() => VendingOptions.Parse(["--config", _file], _ => null)).Message;

        Assert.True(message.StartsWith(_file + said, StringComparison.Ordinal), $"{description}: {message}");
    }
}
