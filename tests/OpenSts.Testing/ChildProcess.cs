using System.Diagnostics;

namespace OpenSts.Testing;

/// <summary>Starts this program again as one of the processes that tests watch.</summary>
public static class ChildProcess
{
    public static Process Start(params string[] args)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        start.Environment["DOTNET_TieredPGO"] = "0";
        if (SoftHsm.Configuration is { } configuration)
            start.Environment["SOFTHSM2_CONF"] = configuration;
        start.ArgumentList.Add("process");
        foreach (var arg in args)
            start.ArgumentList.Add(arg);
        return Process.Start(start)!;
    }
}
