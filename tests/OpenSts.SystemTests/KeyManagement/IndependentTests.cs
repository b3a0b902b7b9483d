using System.Diagnostics;

namespace OpenSts.SystemTests.KeyManagement;

/// <summary>The known answers of key management, reproduced by a program in another language that shares no line with this one.</summary>
public sealed class IndependentTests
{
    [Fact]
    public void KnownAnswers_InPython_AreTheSame()
    {
        var root = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(root, "OpenSts.slnx")))
            root = Path.GetDirectoryName(root) ?? throw new InvalidOperationException("The tests do not run inside the repository.");
        var start = new ProcessStartInfo("python3") { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = root };
        start.ArgumentList.Add("tests/independent/key_management.py");
        start.ArgumentList.Add("vectors/keyManagement.jsonl");
        Process process;
        try
        {
            process = Process.Start(start)!;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            Assert.Skip("There is no python3.");
            return;
        }

        using (process)
        {
            var output = process.StandardOutput.ReadToEnd();
            var error = process.StandardError.ReadToEnd();
            process.WaitForExit();
            Assert.Equal((0, "15 passed, 0 failed"), (process.ExitCode, output.Trim()));
            Assert.Equal("", error);
        }
    }
}
