using System.Diagnostics;
using OpenSts.SystemTests.SecurityModule;

namespace OpenSts.SystemTests;

/// <summary>The command <c>sts</c> as a process.</summary>
internal static class Sts
{
    public static (int Exit, string Output, string Error) Run(params string[] args) => RunWithInput("", args);

    /// <summary>Runs it with a text on standard input.</summary>
    public static (int Exit, string Output, string Error) RunWithInput(string input, params string[] args)
    {
        using var process = Start(args);
        var error = process.StandardError.ReadToEndAsync();
        process.StandardInput.Write(input);
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output, error.Result);
    }

    /// <summary>Starts it and goes on: for what serves until it is stopped.</summary>
    public static Process Start(params string[] args)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "sts.dll"));
        foreach (var arg in args)
            start.ArgumentList.Add(arg);
        if (SoftHsm.Configuration is { } configuration)
            start.Environment["SOFTHSM2_CONF"] = configuration;
        return Process.Start(start)!;
    }
}
