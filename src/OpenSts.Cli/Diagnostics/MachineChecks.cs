using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using OpenSts.Batch;
using OpenSts.Cli.Terminal;

namespace OpenSts.Cli.Diagnostics;

/// <summary>
/// Looks at this machine: what the products need and what the tests need. Nothing is changed and nothing is started
/// but programs asked for their version.
/// </summary>
internal static class MachineChecks
{
    private static readonly TimeSpan VersionTimeout = TimeSpan.FromSeconds(5);

    private static readonly (string Algorithm, string Key, string Block)[] KnownAnswers =
    [
        ("EA07", "87f3ecbb2e46b48f", "ff1fc0ebfdc52dd9"),
        ("EA11", "00112233445566778899aabbccddeeff", "8b1da5f56ab3d07c"),
    ];

    /// <summary>Every check, in the order of a report.</summary>
    public static IEnumerable<Check> Run()
    {
        yield return new Check("program", CheckState.Ok, Program(), "everything");
        yield return SelfTest();
        yield return MemoryLock();
        yield return Entropy();
        yield return Clock();
        yield return Library("SQLite", ["libsqlite3.so.0", "e_sqlite3", "sqlite3"],
            "'sts kmc' and a vending server with SQLite", "libsqlite3-0");
        yield return SoftHsm();
        yield return SerialPorts();
        yield return Executable("PostgreSQL client", ["psql"],
            "looking into a centre's or a vending server's PostgreSQL", "postgresql-client");
        yield return PostgreSqlServer();
        yield return Executable("openssl", ["openssl"], "making TLS certificates; the tests", "openssl", "version");
        yield return Executable("socat", ["socat"], "the tests of the serial lines", "socat", "-V");
        yield return Executable("python3", ["python3"], "the tests against an independent implementation", "python3");
        yield return Executable("chromium", ["chromium", "chromium-browser", "google-chrome"],
            "the tests of the vending server's pages", "chromium");
        yield return Executable("qpdf", ["qpdf"], "the tests of receipts", "qpdf");
        yield return Executable("pdftotext", ["pdftotext"], "the tests of receipts", "poppler-utils", "-v");
        yield return Executable("man", ["man"], "reading 'sts man'", "man-db");
        yield return Executable(".NET SDK", ["dotnet"], "building from the sources", "dotnet-sdk-10.0");
    }

    private static string Program()
    {
        var version = typeof(MachineChecks).Assembly.GetName().Version?.ToString(3);
        var form = RuntimeFeatureName();
        return $"sts {version}, {form}, {RuntimeInformation.FrameworkDescription}, "
            + $"{RuntimeInformation.RuntimeIdentifier}, {Environment.ProcessorCount} processor(s)";
    }

    private static string RuntimeFeatureName() =>
        System.Runtime.CompilerServices.RuntimeFeature.IsDynamicCodeSupported ? "managed" : "native";

    // Every cipher tests itself before its first use and throws where that fails; here the answers are also known from
    // publications.
    private static Check SelfTest()
    {
        const string NeededFor = "every token";
        const string Remedy =
            "the program or the processor is damaged: install it again, on another machine if it stays";
        try
        {
            var wrong = KnownAnswers.Where(known => Requests.Answer(Cipher(known.Algorithm, known.Key))[
                "block"]?.GetValue<string>() != known.Block).ToList();
            return wrong.Count == 0
                ? new Check("self tests", CheckState.Ok, "EA07 and EA11 give their known answers", NeededFor)
                : new Check("self tests", CheckState.Failed, string.Join(", ", wrong.Select(known => known.Algorithm)),
                    NeededFor, Remedy);
        }
        catch (Exception error) when (error is InvalidOperationException or CryptographicException)
        {
            return new Check("self tests", CheckState.Failed, error.Message, NeededFor, Remedy);
        }
    }

    private static JsonObject Cipher(string algorithm, string key) => new()
    {
        ["op"] = "encrypt",
        ["encryptionAlgorithm"] = algorithm,
        ["key"] = key,
        ["block"] = "0123456789abcdef",
    };

    private static Check MemoryLock()
    {
        const string NeededFor = "keeping keys out of the swap file";
        if (!OperatingSystem.IsLinux())
            return new Check("memory lock limit", CheckState.Ok, "looked at on Linux only", NeededFor);
        var line = File.ReadLines("/proc/self/limits")
            .FirstOrDefault(text => text.StartsWith("Max locked memory", StringComparison.Ordinal));
        var soft = line?["Max locked memory".Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .FirstOrDefault() ?? "unknown";
        var isEnough = soft == "unlimited" || (
            long.TryParse(soft, NumberStyles.None, CultureInfo.InvariantCulture, out var octets) && octets >= 1 << 20);
        return isEnough
            ? new Check("memory lock limit", CheckState.Ok, soft == "unlimited" ? soft : $"{soft} octets", NeededFor)
            : new Check("memory lock limit", CheckState.Warning, $"{soft} octets", NeededFor,
                "raise it: 'ulimit -l unlimited', or LimitMEMLOCK=infinity in the unit");
    }

    private static Check Entropy() => new("random numbers", CheckState.Ok,
        $"the operating system's ({RuntimeInformation.OSDescription})", "keys and the random bits of tokens");

    private static Check Clock()
    {
        var now = DateTimeOffset.UtcNow;
        var isSane = now.Year is >= 2024 and < 2045;
        return new Check(
            "clock", isSane ? CheckState.Ok : CheckState.Failed, Rfc3339.Format(now),
                "token identifiers: a wrong clock makes tokens that meters refuse", isSane ? null : "set the clock");
    }

    private static Check Library(string name, string[] candidates, string neededFor, string package)
    {
        foreach (var candidate in candidates)
        {
            if (NativeLibrary.TryLoad(candidate, typeof(MachineChecks).Assembly, null, out var handle))
            {
                NativeLibrary.Free(handle);
                return new Check(name, CheckState.Ok, candidate, neededFor);
            }
        }

        return new Check(name, CheckState.Missing, "not found", neededFor, $"install {package}");
    }

    private static Check SoftHsm()
    {
        const string NeededFor = "trying '--pkcs11' without hardware; the tests";
        var found = new[]
        {
            "/usr/lib/softhsm/libsofthsm2.so",
            $"/usr/lib/{Triplet()}/softhsm/libsofthsm2.so",
            "/usr/lib64/softhsm/libsofthsm2.so",
            "/usr/local/lib/softhsm/libsofthsm2.so",
        }
            .FirstOrDefault(File.Exists);
        return found is null
            ? new Check("PKCS#11: SoftHSM", CheckState.Missing, "not found", NeededFor,
                "install softhsm2; a hardware token brings a library of its own")
            : new Check("PKCS#11: SoftHSM", CheckState.Ok, found, NeededFor);
    }

    private static string Triplet() =>
        RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? "aarch64-linux-gnu" : "x86_64-linux-gnu";

    private static Check SerialPorts()
    {
        const string NeededFor = "a meter's local port, HDLC and the old serial protocol";
        var ports = System.IO.Ports.SerialPort.GetPortNames();
        return ports.Length == 0
            ? new Check("serial ports", CheckState.Missing, "none", NeededFor,
                "connect one, or use TCP or a pseudo-terminal")
            : new Check("serial ports", CheckState.Ok, string.Join(", ", ports), NeededFor);
    }

    private static Check PostgreSqlServer()
    {
        const string NeededFor = "a centre or vending server with PostgreSQL on this machine; the tests";
        var found = Directory.Exists("/usr/lib/postgresql")
            ? Directory.GetDirectories("/usr/lib/postgresql")
                .Where(folder => File.Exists(Path.Combine(folder, "bin", "initdb"))).Order(StringComparer.Ordinal)
                .LastOrDefault()
            : null;
        return found is null
            ? new Check("PostgreSQL server", CheckState.Missing, "not found", NeededFor,
                "install postgresql, or use one of another machine")
            : new Check("PostgreSQL server", CheckState.Ok, found, NeededFor);
    }

    private static Check Executable(string name, string[] candidates, string neededFor, string package,
        string versionArgument = "--version")
    {
        var found = candidates.Select(FindOnPath).FirstOrDefault(path => path is not null);
        return found is null
            ? new Check(name, CheckState.Missing, "not found", neededFor, $"install {package}")
            : new Check(name, CheckState.Ok, Version(found, versionArgument) is { Length: > 0 } version
                ? $"{version} ({found})" : found, neededFor);
    }

    private static string? FindOnPath(string program) => (Environment.GetEnvironmentVariable("PATH") ?? "")
        .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
        .Select(folder => Path.Combine(folder, OperatingSystem.IsWindows() ? program + ".exe" : program))
        .FirstOrDefault(File.Exists);

    // The first line with a digit in it; nothing where the program does not answer in time.
    private static string? Version(string program, string argument)
    {
        var start =
            new ProcessStartInfo(program, argument) { RedirectStandardOutput = true, RedirectStandardError = true };
        try
        {
            using var process = Process.Start(start)!;
            var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
            if (!process.WaitForExit(VersionTimeout))
            {
                process.Kill();
                return null;
            }

            var line = $"{output.Result}\n{error.Result}".Split('\n')
                .FirstOrDefault(text => text.Any(char.IsAsciiDigit))?.Trim();
            return line is { Length: > 60 } ? line[..60] : line;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }
}
