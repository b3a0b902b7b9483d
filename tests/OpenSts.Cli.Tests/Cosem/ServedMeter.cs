using System.Diagnostics;
using System.Text.Json.Nodes;

namespace OpenSts.Cli.Tests.Cosem;

/// <summary>
/// <c>sts cosem serve</c> as a process on this machine, with the laboratory's keys where it is not told others.
/// </summary>
internal sealed class ServedMeter : IDisposable
{
    private readonly Process _process;

    public ServedMeter(params string[] args)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var arg in (string[])[Path.Combine(AppContext.BaseDirectory, "sts.dll"), "cosem", "serve", "--json",
            .. args.Contains("--encryption-key-file") ? (string[])[] : ["--laboratory"], .. args])
            start.ArgumentList.Add(arg);
        _process = Process.Start(start)!;
        Ports = [.. Enumerable.Range(0, args.Count(arg => arg is "--port" or "--hdlc-port" or "--device"))
            .Select(_ => Where())];
    }

    /// <summary>Where it listens, in the order of wrapper, HDLC, device; a port without its address.</summary>
    public IReadOnlyList<string> Ports { get; }

    /// <summary>Ends it as a power cut does.</summary>
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

    private string Where()
    {
        var line = _process.StandardOutput.ReadLine()
            ?? throw new InvalidOperationException(_process.StandardError.ReadToEnd());
        return JsonNode.Parse(line)!["at"]!.GetValue<string>().Split(':')[^1];
    }
}
