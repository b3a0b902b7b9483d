namespace OpenSts.Cli.Tests.Meters;

/// <summary>One meter, several ways in at once: the local port and COSEM share its lock-out, its memory and its last
/// result.</summary>
public sealed class MeterCosemTests : IDisposable
{
    private const string Published = "70630503470028726114";
    private readonly string _folder = Directory.CreateTempSubdirectory("ostscosem").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Serve_LocalPortAndCosem_AreOneMeter()
    {
        var meter = Path.Combine(_folder, "meter");
        Assert.Equal(0, Sts.Run("meter", "create", meter, "--manufactured-at", "2014-01-01T00:00:00Z").Exit);
        using var serving = Sts.Start(
            "meter", "serve", meter, "--tcp", "127.0.0.1:0", "--cosem", "127.0.0.1:0", "--cosem-new-counter-file", "--laboratory");
        try
        {
            var cosem = serving.StandardOutput.ReadLine()!.Split(':')[^1];
            var port = serving.StandardOutput.ReadLine()!.Split(' ')[^1];
            string[] client = ["--port", cosem, "--laboratory"];
            Assert.Contains(
                "Accept", Sts.Run(["cosem", "enter", .. client, Published]).Output, StringComparison.Ordinal);
            Assert.Equal("UsedError\n", Sts.Run("meter", "port", "enter", "--tcp", port, Published).Output);
            Assert.Contains(
                "0.1 kWh", Sts.Run(["cosem", "read", .. client, "0-0:19.10.0.255", "2"]).Output,
                StringComparison.Ordinal);
            Assert.Equal("00000001\n", Sts.Run("meter", "port", "read", "2010", "--tcp", port).Output);
            // One wrong token by each way: the second starts the wait for both.
            Assert.Contains(
                "CRCError", Sts.Run(["cosem", "enter", .. client, "70630503470028726115"]).Output,
                StringComparison.Ordinal);
            Assert.Equal(
                "CRCError\n", Sts.Run("meter", "port", "enter", "--tcp", port, "70630503470028726116").Output);
            Assert.NotEqual("0000\n", Sts.Run("meter", "port", "read", "F011", "--tcp", port).Output);
        }
        finally
        {
            serving.Kill();
            serving.WaitForExit();
        }

        Assert.Contains(
            "\"lockoutFailures\":2", Sts.Run("meter", "show", meter, "--json").Output, StringComparison.Ordinal);
    }
}
