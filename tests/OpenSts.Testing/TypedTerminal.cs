using System.Diagnostics;
using System.Text;
using System.Text.RegularExpressions;

namespace OpenSts.Testing;

/// <summary>
/// The command <c>sts</c> on a terminal of its own, with somebody who reads and types (through <c>script</c>, which
/// Debian always has).
/// </summary>
public sealed class TypedTerminal : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);
    private readonly Process _process;
    private readonly StringBuilder _screen = new();
    private readonly char[] _piece = new char[4096];
    private int _read;

    public TypedTerminal(params string[] args)
    {
        var command = string.Join(' ', args.Prepend(Sts.Program).Prepend("dotnet").Select(word => $"'{word}'"));
        var start = new ProcessStartInfo("script",
            ["-q", "-e", "-f", "-c", command, "/dev/null"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["TERM"] = "xterm";
        if (SoftHsm.Configuration is { } configuration)
            start.Environment["SOFTHSM2_CONF"] = configuration;
        _process = Process.Start(start)!;
    }

    /// <summary>Everything that ever stood on the screen.</summary>
    public string Screen => _screen.ToString();

    /// <summary>Waits until something appears after what was waited for before; what appeared.</summary>
    public async Task<string> Expect(string pattern)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(Patience);
        while (true)
        {
            var match = Regex.Match(Screen[_read..], pattern);
            if (match.Success)
            {
                _read += match.Index + match.Length;
                return match.Value;
            }

            var count = await _process.StandardOutput.ReadAsync(_piece, patience.Token);
            Assert.True(count > 0, $"The command ended before '{pattern}' appeared: {Screen}");
            _ = _screen.Append(_piece, 0, count);
        }
    }

    /// <summary>Types a line and Enter.</summary>
    public void Type(string line) => Send(line + "\r");

    /// <summary>Presses one key.</summary>
    public void Press(char key) => Send($"{key}");

    public async Task<int> ExitAsync()
    {
        _ = _screen.Append(await _process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken));
        await _process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return _process.ExitCode;
    }

    public void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill(entireProcessTree: true);
        _process.Dispose();
    }

    private void Send(string keys)
    {
        _process.StandardInput.Write(keys);
        _process.StandardInput.Flush();
    }
}
