using System.Diagnostics;

namespace OpenSts.Cli.Tests.Terminal;

/// <summary>Tables for a terminal of a certain width.</summary>
public sealed class TablesTests : IDisposable
{
    // A key record of Edition 1 with a key that is published as an example.
    private const string Record =
        "95200101VOE000123456789ABCDEFD5D44FF720683D0D20160101120000201602010000001255123456TEST GROUP     ";

    private readonly string _file = Path.GetTempFileName();

    public void Dispose() => File.Delete(_file);

    [Fact]
    public void Write_ToAPipe_OneLineARow()
    {
        var lines = Read(null);
        Assert.Equal(3, lines.Length);
        Assert.Matches("^Group +Name +KRN +KEN .*Check value +Key$", lines[0]);
        Assert.Matches("^123456 +TEST GROUP +1 +255 .*D5D44F +in clear$", lines[1]);
    }

    [Theory]
    [InlineData(30)]
    [InlineData(60)]
    [InlineData(80)]
    public void Write_ColumnsThatDoNotFit_NamesAndValuesOfEachRow(int width)
    {
        var lines = Read(width);
        Assert.All(lines, line => Assert.InRange(line.Length, 0, width));
        Assert.Equal(2, lines.Count(line => line.StartsWith("Group ", StringComparison.Ordinal)));
        Assert.Matches(
            "^Check value +D5D44F$", lines.First(line => line.StartsWith("Check", StringComparison.Ordinal)));
        Assert.Single(lines, line => line.Length == 0);
    }

    private string[] Read(int? width)
    {
        File.WriteAllText(_file, $"{Record}\n{Record}\n");
        var start = new ProcessStartInfo("dotnet", [Sts.Program, "kmc", "legacy", "read", _file])
        {
            RedirectStandardOutput = true,
        };
        _ = start.Environment.Remove("COLUMNS");
        if (width is { } columns)
            start.Environment["COLUMNS"] = $"{columns}";
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
        return output.TrimEnd('\n').Split('\n');
    }
}
