using System.Diagnostics;

namespace OpenSts.Testing;

/// <summary>
/// The programs in another language that our own answers are held against; they need Python and nothing else.
/// </summary>
public static class IndependentProgram
{
    /// <summary>
    /// Runs one of <c>tests/independent</c> from the repository's root; a machine without Python fails the test.
    /// </summary>
    public static (int Exit, string Output, string Error) Run(string program, params string[] arguments)
    {
        var root = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(root, "OpenSts.slnx")))
            root = Path.GetDirectoryName(root)
                ?? throw new InvalidOperationException("The tests do not run inside the repository.");
        var start = new ProcessStartInfo("python3")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = root,
        };
        foreach (var argument in (string[])["tests/independent/" + program, .. arguments])
            start.ArgumentList.Add(argument);
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output.Trim(), error.Result);
    }
}
