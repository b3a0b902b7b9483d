using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using OpenSts.Keys;

namespace OpenSts.Cli.Tests.Documentation;

/// <summary>
/// What README.md shows is what happens: its session is typed, its lines of C# are compiled and run.
/// </summary>
public class ReadmeTests
{
    private static readonly string Readme = File.ReadAllText(TestFiles.Path("README.md"));

    [Fact]
    public void Session_Typed_AnswersAsWritten()
    {
        var lines = Block("console").Split('\n');
        var commands = lines.Where(line => line.StartsWith("$ ", StringComparison.Ordinal)).Select(line => line[2..]);
        var expected = lines.Where(line => line.Length > 0 && !line.StartsWith("$ ", StringComparison.Ordinal));
        var script = string.Join('\n', commands)
            .Replace("./sts ", $"dotnet '{Sts.Program}' ", StringComparison.Ordinal);

        var start = new ProcessStartInfo("bash", ["-c", script]) { RedirectStandardOutput = true };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();

        Assert.Equal(0, process.ExitCode);
        Assert.Equal(expected, output.TrimEnd().Split('\n').Select(line => line.TrimEnd()));
    }

    [Fact]
    public void Library_LinesOfTheReadme_MakeTheirToken()
    {
        var source =
            File.ReadAllLines(TestFiles.Path("tests", "OpenSts.Cli.Tests", "Documentation", "ReadmeTests.cs"));
        var compiled = source.Select(line => line.Trim())
            .SkipWhile(line => line != "// README:").Skip(1).TakeWhile(line => line != "// :README");
        Assert.Equal(WithoutSpace([Block("csharp")]), WithoutSpace(compiled));

        var output = new StringWriter();
        MakeToken(new ReadmeConsole(output));
        Assert.Matches("^[0-9]{4}( [0-9]{4}){4}\n$", output.ToString());
    }

    [SuppressMessage("Usage", "CA1806", Justification = "The lines are those of the README.")]
    private static void MakeToken(ReadmeConsole Console)
    {
        var bytes = Convert.FromHexString(TestKeys.VendingKeyA);
        var attributes = TestKeys.Attributes();
        var now = TestKeys.Utc("2026-01-31T13:00:00Z");
        TokenIdentifier? lastUsed = null;
        // README:
        using var vendingKey = Hazmat.ImportVendingKey(bytes);
        using var key = DecoderKeyGeneration.Derive(vendingKey, attributes);
        TokenIdentifier.TryAllocate(now, attributes.BaseDate, lastUsed, out var tid);
        TransferAmount.TryParseTenths("25.6", out var amount);
        var credit =
            new TransferCredit { Service = CreditService.Electricity, Amount = amount, Tid = tid, Random = 5 };
        var fault = TokenIssuer.TryIssue(credit, key, attributes.KeyType, attributes.KeyExpiryNumber, out var token);
        Console.WriteLine(token.ToGroupedString());
        // :README
        Assert.Equal(default, fault);
    }

    // The lines are indented here, and may be wrapped.
    private static string WithoutSpace(IEnumerable<string> lines) =>
        string.Concat(lines.SelectMany(line => line).Where(c => !char.IsWhiteSpace(c)));

    private static string Block(string language)
    {
        var start = Readme.IndexOf($"```{language}\n", StringComparison.Ordinal) + language.Length + 4;
        return Readme[start..Readme.IndexOf("```", start, StringComparison.Ordinal)];
    }

    /// <summary>Stands where a program has the console.</summary>
    private sealed class ReadmeConsole(TextWriter output)
    {
        public void WriteLine(string text) => output.Write(text + "\n");
    }
}
