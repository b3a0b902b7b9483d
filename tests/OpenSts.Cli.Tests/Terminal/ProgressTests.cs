using Microsoft.Extensions.Time.Testing;
using OpenSts.Cli.Terminal;

namespace OpenSts.Cli.Tests.Terminal;

public sealed class ProgressTests : IDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly StringWriter _output = new();

    public void Dispose() => _output.Dispose();

    [Fact]
    public void Start_WorkShorterThanASecond_WritesNothing()
    {
        using (var progress = Progress.Start(_output, isTerminal: true, "working", 10, _time))
        {
            progress.Add(5);
            _time.Advance(TimeSpan.FromMilliseconds(999));
        }

        Assert.Equal("", _output.ToString());
    }

    [Fact]
    public void Start_LongWorkOnATerminal_ShowsItAndCleansUp()
    {
        using (var progress = Progress.Start(_output, isTerminal: true, "working", 10, _time))
        {
            progress.Add(5);
            _time.Advance(TimeSpan.FromSeconds(1));
            Assert.Equal("\rworking: 50 % (5 of 10), 1 s", _output.ToString());
        }

        Assert.EndsWith("\r" + new string(' ', "working: 50 % (5 of 10), 1 s".Length)
            + "\r", _output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Start_LongWorkIntoAFile_WritesNothing()
    {
        using (var progress = Progress.Start(_output, isTerminal: false, "working", 0, _time))
            _time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal("", _output.ToString());
    }
}
