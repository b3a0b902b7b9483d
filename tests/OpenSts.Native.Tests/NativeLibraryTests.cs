using System.Diagnostics;

namespace OpenSts.Native.Tests;

/// <summary>Publishes the C library and uses it from Python, as a customer of it does. One publish for all tests.</summary>
public sealed class NativeLibraryTests : IClassFixture<NativeLibraryTests.PublishedLibrary>
{
    private readonly PublishedLibrary _library;

    public NativeLibraryTests(PublishedLibrary library) => _library = library;

    [Fact]
    public void PythonSample_PublishedLibrary_IssuesAndDecodesTheFirstToken()
    {
        var (status, output) = PublishedLibrary.Run("python3", TestFiles.Path("samples", "native", "opensts.py"), _library.File);
        Assert.Equal(0, status);
        Assert.StartsWith("70630503470028726114 ", output, StringComparison.Ordinal);
        Assert.Contains("\"amount\": \"0.1\"", output, StringComparison.Ordinal);
    }

    [Fact]
    public void PythonSample_PublishedVectors_AllPass()
    {
        var (status, output) = PublishedLibrary.Run("python3", TestFiles.Path("samples", "native", "opensts.py"), _library.File, TestFiles.Path("vectors"));
        Assert.True(status == 0, output);
        Assert.Contains(", 0 failed", output, StringComparison.Ordinal);
    }

    [Fact]
    public void Calls_WrongArguments_AnswerAStatusAndWriteNothing()
    {
        const string Script = """
            import ctypes, sys
            c = ctypes.CDLL(sys.argv[1])
            h, b = ctypes.c_int64(), ctypes.create_string_buffer(b"unchanged", 100)
            i64 = ctypes.c_int64
            print(c.opensts_vending_key_import(None, 8, ctypes.byref(h)), c.opensts_vending_key_import(b"1" * 8, 8, None),
                  c.opensts_vending_key_import(b"\xaa" * 8, 8, ctypes.byref(h)), c.opensts_vending_key_import(b"1" * 9, 9, ctypes.byref(h)),
                  c.opensts_key_release(i64(99)), h.value)
            assert c.opensts_decoder_key_import(bytes.fromhex("87f3ecbb2e46b48f"), 8, 2014, None, ctypes.byref(h)) == 0
            print(c.opensts_decode(h, None, b, 100), c.opensts_decode(h, b"12", b, 100), c.opensts_decode(h, b"70630503470028726115", b, 100),
                  c.opensts_decode(h, b"70630503470028726114", b, 5), c.opensts_decode(i64(0), b"70630503470028726114", b, 100),
                  c.opensts_issue(h, 0, 8, i64(1393678800), 5, b"1", b, 100), c.opensts_issue(h, 0, 0, i64(1393678800), 16, b"1", b, 100),
                  c.opensts_issue(h, 0, 0, i64(1393678800), 5, b"1,5", b, 100), c.opensts_issue(h, 0, 0, i64(0), 5, b"1", b, 100), b.value)
            print(c.opensts_key_release(h), c.opensts_key_release(h), c.opensts_decode(h, b"70630503470028726114", b, 100))
            """;
        var (status, output) = PublishedLibrary.Run("python3", "-c", Script, _library.File);
        Assert.True(status == 0, output);
        string[] expected = ["1 1 4 4 2 0", "1 1 10 3 2 11 1 1 1 b'unchanged'", "0 2 2"];
        Assert.Equal(expected, output.TrimEnd().Split('\n'));
    }

    /// <summary>The library, published once.</summary>
    public sealed class PublishedLibrary : IDisposable
    {
        private readonly string _folder = Directory.CreateTempSubdirectory("opensts-native-").FullName;

        public PublishedLibrary()
        {
            var (status, output) = Run(
                "dotnet", "publish", TestFiles.Path("src", "OpenSts.Native"), "-c", "Release", "-r",
                System.Runtime.InteropServices.RuntimeInformation.RuntimeIdentifier, "-o", _folder, "-v", "quiet");
            Assert.True(status == 0, output);
            File = Path.Combine(_folder, "libopensts.so");
        }

        public string File { get; }

        public static (int Status, string Output) Run(string program, params string[] arguments)
        {
            var start = new ProcessStartInfo(program) { RedirectStandardOutput = true, RedirectStandardError = true };
            foreach (var argument in arguments)
                start.ArgumentList.Add(argument);
            using var process = Process.Start(start)!;
            var error = process.StandardError.ReadToEndAsync();
            var output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return (process.ExitCode, output + error.Result);
        }

        public void Dispose() => Directory.Delete(_folder, recursive: true);
    }
}
