using System.Diagnostics;
using OpenSts.Vending.Hosting;

namespace OpenSts.SystemTests.Vending;

/// <summary>A PDF receipt as another program reads it. Needs qpdf and pdftotext (Debian: qpdf, poppler-utils); skipped without them.</summary>
public sealed class PdfTests
{
    [Theory]
    [InlineData("pdf-a4", "en", null)]
    [InlineData("pdf80", "en", null)]
    [InlineData("pdf58", "fr", null)]
    [InlineData(null, "en", "application/pdf")]
    public async Task Receipt_AsPdf_OtherProgramsFindNoFaultAndReadTheToken(string? form, string language, string? accept)
    {
        Assert.True(Run("qpdf", "--version").Exit == 0 && Run("pdftotext", "-v").Exit == 0, "qpdf or pdftotext is not installed.");
        await using var server = await LiveServer.StartAsync();
        using var client = server.Client();
        var file = Path.GetTempFileName();
        try
        {
            var (_, sale, _) = await client.SendAsync("PUT", "/v1/vends/sale-0001", $$"""{"meter":"{{FirstStart.DemonstrationMeter}}","tender":"100","vendor":"corner-shop"}""");
            var token = (string)sale!["tokens"]![0]!["tokens"]![0]!;
            var body = form is null ? $$"""{"language":"{{language}}"}""" : $$"""{"form":"{{form}}","language":"{{language}}"}""";
            var (status, _, answer) = await client.SendAsync("POST", "/v1/vends/sale-0001/receipts", body, accept is null ? [] : [("Accept", accept)]);
            await File.WriteAllBytesAsync(file, await answer.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken), TestContext.Current.CancellationToken);
            var (exit, said) = Run("qpdf", "--check", file);
            var (_, text) = Run("pdftotext", "-layout", file, "-");

            Assert.Equal((200, "application/pdf"), (status, answer.Content.Headers.ContentType!.MediaType));
            Assert.True(exit == 0 && said.Contains("No syntax or stream encoding errors found", StringComparison.Ordinal), said);
            Assert.Contains(token, string.Concat(text.Where(char.IsAsciiDigit)), StringComparison.Ordinal);
            Assert.Contains("Thandi Mokoena", text, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static (int Exit, string Output) Run(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        try
        {
            using var process = Process.Start(start)!;
            var error = process.StandardError.ReadToEndAsync();
            var output = process.StandardOutput.ReadToEnd() + error.Result;
            process.WaitForExit();
            return (process.ExitCode, output);
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return (-1, "");
        }
    }
}
