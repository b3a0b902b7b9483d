using System.Diagnostics;

namespace OpenSts.Testing;

/// <summary>The command <c>sts</c> as a process.</summary>
public static class Sts
{
    /// <summary>
    /// The command as built in the configuration of the tests; a test project that uses it references the project
    /// OpenSts.Cli.
    /// </summary>
    public static string Program { get; } = ProgramOf("OpenSts.Cli", "sts.dll");

    /// <summary>A program of this repository as built in the configuration of the tests.</summary>
    public static string ProgramOf(string project, string file) =>
        Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "..", "..", project,
            new DirectoryInfo(AppContext.BaseDirectory).Name, file));

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
        var start = new ProcessStartInfo("dotnet")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        start.ArgumentList.Add(Program);
        foreach (var arg in args)
            start.ArgumentList.Add(arg);
        if (SoftHsm.Configuration is { } configuration)
            start.Environment["SOFTHSM2_CONF"] = configuration;
        return Process.Start(start)!;
    }
}
