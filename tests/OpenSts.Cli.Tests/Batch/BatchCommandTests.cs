using System.Diagnostics;
using System.Text.Json.Nodes;

namespace OpenSts.Cli.Tests.Batch;

/// <summary><c>sts batch</c> and <c>sts meter batch</c> as processes: exit statuses, and outputs that fail.</summary>
public class BatchCommandTests
{
    private const string Request =
        """{"id":"1","op":"encrypt","encryptionAlgorithm":"EA11","key":"00112233445566778899aabbccddeeff","block":"0123456789abcdef"}""";

    [Theory]
    [InlineData("every line is good", Request + "\n", 0)]
    [InlineData("one line is not", Request + "\nhello\n", 1)]
    [InlineData("nothing is asked", "", 0)]
    [InlineData("with a byte order mark", "\uFEFF" + Request, 0)]
    public void Batch_Lines_EndWithTheirStatus(string label, string input, int status)
    {
        var (exit, output, error) = Sts.RunWithInput(input, "batch");
        Assert.True(status == exit, $"{label}: {exit} {output} {error}");
        Assert.Contains("raw keys", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("batch", "yes REQUEST | STS > /dev/full", "STS: No space left on device")]
    [InlineData("batch", "{ echo REQUEST; sleep 60; } | STS > /dev/full", "STS: No space left on device")]
    [InlineData("batch", "yes REQUEST | STS | head -1 >/dev/null", "STS: Broken pipe")]
    [InlineData("meter batch", "yes REQUEST | STS > /dev/full", "STS: No space left on device")]
    public async Task Batch_OutputFails_EndsWithTwoAtOnce(string command, string pipeline, string said)
    {
        // The status of sts itself, whatever stands behind it in the pipe; `yes` and `sleep` are left to end by
        // themselves.
        var script = pipeline.Replace("REQUEST", $"'{Request}'", StringComparison.Ordinal)
            .Replace("STS", $"( dotnet '{Sts.Program}' {command}; echo status $? >&2 )", StringComparison.Ordinal);
        var start = new ProcessStartInfo("bash", ["-c", script])
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        };
        using var process = Process.Start(start)!;
        var watch = Stopwatch.StartNew();
        var lines = new List<string>();
        while (await process.StandardError.ReadLineAsync(TestContext.Current.CancellationToken).AsTask()
            .WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken) is { } line)
        {
            lines.Add(line);
            if (line.StartsWith("status", StringComparison.Ordinal))
                break;
        }

        Assert.Equal("status 2", lines[^1]);
        Assert.Contains(said.Replace("STS", $"sts {command}", StringComparison.Ordinal), lines);
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(20));
        if (!process.HasExited)
            process.Kill(entireProcessTree: true);
    }

    [Fact]
    public void Batch_InputCannotBeRead_EndsWithTwo()
    {
        var start =
            new ProcessStartInfo("bash", ["-c", $"dotnet '{Sts.Program}' batch < /"]) { RedirectStandardError = true };
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.Equal(2, process.ExitCode);
        Assert.Contains("sts batch: ", error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("here")]
    [InlineData("127.0.0.1")]
    [InlineData("127.0.0.1:0")]
    [InlineData("tls://127.0.0.1:5100")]
    public void Batch_WrongModuleAddress_NamesTheOption(string address)
    {
        var (exit, output, error) = Sts.RunWithInput(Request, "batch", "--module", address);
        Assert.Equal((2, ""), (exit, output));
        Assert.Contains($"--module: '{address}'", error, StringComparison.Ordinal);
    }

    [Fact]
    public void Batch_ModuleThatIsNotThere_AnswersEachLineWithAnError()
    {
        var request =
            """{"id":"1","op":"issue","meter":{"pan":"600727000000000009","tariffIndex":"01","encryptionAlgorithm":"EA07"},"register":"01","token":{"class":0,"subclass":0,"issuedAt":"2014-03-01T13:00:00Z","amount":"0.1"}}""";
        var (exit, output, _) = Sts.RunWithInput(request, "batch", "--module", "127.0.0.1:1");
        Assert.Equal(1, exit);
        Assert.Equal("Module", JsonNode.Parse(output)!["error"]!["code"]!.GetValue<string>());
        (exit, output, _) = Sts.RunWithInput(request, "batch");
        Assert.Equal(1, exit);
        Assert.Contains("--module", JsonNode.Parse(output)!["error"]!["message"]!.GetValue<string>(),
            StringComparison.Ordinal);
    }
}
