using System.Diagnostics;
using System.Runtime.InteropServices;

namespace OpenSts.Testing;

/// <summary>A SoftHSM of Debian (package softhsm2) with tokens in a folder of its own.</summary>
public static partial class SoftHsm
{
    public const string Pin = "493817";
    private static readonly string[] Libraries = ["/usr/lib/softhsm/libsofthsm2.so",
        "/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so", "/usr/lib/aarch64-linux-gnu/softhsm/libsofthsm2.so"];
    private static readonly Lazy<string> Configured = new(Configure);

    /// <summary>Its library; fails, and does not skip, where the package is missing.</summary>
    public static string Library => Libraries.FirstOrDefault(File.Exists)
        ?? throw new InvalidOperationException(
            "SoftHSM is missing: install the Debian package softhsm2 (apt-get install softhsm2).");

    /// <summary>Its configuration file, once a token was made.</summary>
    public static string? Configuration => Configured.IsValueCreated ? Configured.Value : null;

    /// <summary>Makes a fresh token.</summary>
    public static string NewToken()
    {
        var label = $"osts-{Guid.NewGuid():N}"[..16];
        Run("--init-token", "--free", "--label", label, "--pin", Pin, "--so-pin", "82746153");
        return label;
    }

    /// <summary>Adds a token that another SoftHSM made: the folder of its tokens, and the label.</summary>
    public static string AddToken(string folder, string label)
    {
        var tokens = Path.Combine(Path.GetDirectoryName(Configured.Value)!, "tokens");
        foreach (var token in Directory.EnumerateDirectories(folder))
        {
            var copy = Directory.CreateDirectory(Path.Combine(tokens, Path.GetFileName(token))).FullName;
            foreach (var file in Directory.EnumerateFiles(token))
                File.Copy(file, Path.Combine(copy, Path.GetFileName(file)), overwrite: true);
        }

        return label;
    }

    public static string Run(params string[] args)
    {
        _ = Library;
        var start =
            new ProcessStartInfo("softhsm2-util") { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["SOFTHSM2_CONF"] = Configured.Value;
        foreach (var arg in args)
            start.ArgumentList.Add(arg);
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEnd() + process.StandardError.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? output : throw new InvalidOperationException($"softhsm2-util: {output}");
    }

    // The library reads the C environment, which the runtime's own setter does not touch.
    private static string Configure()
    {
        var root = Directory.CreateTempSubdirectory("ostshsm").FullName;
        var tokens = Directory.CreateDirectory(Path.Combine(root, "tokens")).FullName;
        var file = Path.Combine(root, "softhsm2.conf");
        File.WriteAllText(file, $"directories.tokendir = {tokens}\nobjectstore.backend = file\nlog.level = ERROR\n");
        _ = setenv("SOFTHSM2_CONF", file, 1);
        return file;
    }

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int setenv(string name, string value, int overwrite);
}
