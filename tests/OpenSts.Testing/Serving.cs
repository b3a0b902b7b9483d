using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;

namespace OpenSts.Testing;

/// <summary>The command as a process, on a port of its own choice.</summary>
public sealed partial class Serving : IDisposable
{
    private readonly Process _process;
    private readonly System.Text.StringBuilder _error = new();

    public Serving(params string[] arguments)
        : this(arguments, port: 0)
    {
    }

    /// <summary>On a port that it had before; 0 for any.</summary>
    public Serving(string[] arguments, int port)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardError = true, RedirectStandardOutput = true };
        foreach (var argument in (string[])[Sts.Program, "sm", "serve", "--tcp", $"127.0.0.1:{port}", .. arguments])
            start.ArgumentList.Add(argument);
        _process = Process.Start(start)!;
        while (_process.StandardError.ReadLine() is { } line)
        {
            _ = _error.AppendLine(line);
            if (Listening().Match(line) is { Success: true } match)
                Port = int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture);
            if (line.EndsWith("ready", StringComparison.Ordinal))
                return;
        }

        throw new InvalidOperationException($"It did not serve: {_error}");
    }

    public int Port { get; }

    public int ProcessId => _process.Id;

    public string Address => $"127.0.0.1:{Port}";

    public string Error => _error.ToString();

    public int Stop()
    {
        const int terminate = 15;
        Assert.Equal(0, kill(_process.Id, terminate));
        Assert.True(_process.WaitForExit(20_000));
        return _process.ExitCode;
    }

    public void Kill()
    {
        _process.Kill();
        _process.WaitForExit();
    }

    public void Dispose()
    {
        if (!_process.HasExited)
            Kill();
        _process.Dispose();
    }

    [GeneratedRegex(@"TCP frames on 127\.0\.0\.1:(\d+)")]
    private static partial Regex Listening();

    [LibraryImport("libc")]
    private static partial int kill(int process, int signal);
}
