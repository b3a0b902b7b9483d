using System.Diagnostics;
using System.Text;
using OpenSts.Cli.Terminal;
using OpenSts.Cosem.Hosting;
using OpenSts.Cosem.Link;
using OpenSts.Cosem.Meters;
using OpenSts.Dlms.Security;

namespace OpenSts.Cli.Cosem;

/// <summary>
/// A meter served by DLMS/COSEM from a process of its own, which has a link of lines to the meter and nothing else of
/// it.
/// </summary>
internal sealed class CosemServing : IAsyncDisposable
{
    private const string Serving = "serving ";
    private const string Program = "OpenSts.Cosem.Host";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private readonly Process _process;
    private readonly CancellationTokenSource _ending = new();
    private readonly Task _link;
    private Task _saying = Task.CompletedTask;

    private CosemServing(Process process, ICosemMeter meter)
    {
        _process = process;
        Ended = process.WaitForExitAsync();
        _link = MeterLink.ServeAsync(meter, process.StandardOutput, process.StandardInput, _ending.Token);
    }

    /// <summary>Ends when the process does, by itself or by a fault.</summary>
    public Task Ended { get; }

    /// <summary>Starts the process and waits until it listens.</summary>
    /// <param name="meter">The meter.</param>
    /// <param name="settings">Where it listens and where its files are.</param>
    /// <exception cref="CliException">It could not begin.</exception>
    public static async Task<CosemServing> StartAsync(ICosemMeter meter, CosemHostOptions settings)
    {
        var (program, arguments) = Command(AppContext.BaseDirectory);
        var start = new ProcessStartInfo(program, [.. arguments, "-"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardInputEncoding = new UTF8Encoding(false),
            StandardOutputEncoding = new UTF8Encoding(false),
        };
        var process = Process.Start(start) ?? throw new CliException($"{Program} cannot be started");
        await process.StandardInput.WriteLineAsync(settings.Write());
        await process.StandardInput.FlushAsync();
        var serving = new CosemServing(process, meter);
        for (var ports = (settings.Wrapper is null ? 0 : 1) + (settings.Hdlc is null ? 0 : 1); ports > 0; ports--)
        {
            var line = await process.StandardError.ReadLineAsync();
            if (line is null || !line.StartsWith(Serving, StringComparison.Ordinal))
            {
                await serving.DisposeAsync();
                throw new CliException(line?.Replace(Program + ": ", "", StringComparison.Ordinal)
                    ?? $"{Program} ended before it served");
            }

            Console.Out.WriteLine(line);
        }

        serving._saying = serving.SayAsync();
        return serving;
    }

    /// <summary>The counters of a file; in memory where none is named.</summary>
    /// <param name="option">The option that names the file, for the message.</param>
    /// <param name="path">The file; null for none.</param>
    /// <param name="createNew">True to create it where it does not exist.</param>
    /// <param name="createOption">The option that asks for that, for the message.</param>
    /// <exception cref="CliException">The file is lost, damaged or cannot be read.</exception>
    public static IInvocationCounterStore OpenCounters(string option, string? path, bool createNew,
        string createOption)
    {
        try
        {
            return path is null ? new MemoryCounterStore() : new FileCounterStore(path, createNew);
        }
        catch (CounterFileException error)
        {
            throw new CliException(
                $"{option}: {error.Message}; for keys that were never used before, {createOption} creates it");
        }
    }

    public async ValueTask DisposeAsync()
    {
        // It notices that nobody is there, keeps its counters and ends.
        _process.StandardInput.Close();
        using var limit = new CancellationTokenSource(Patience);
        try
        {
            await _process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            _process.Kill();
        }

        await _ending.CancelAsync();
        try
        {
            await Task.WhenAll(_link, _saying);
        }
        catch (Exception error) when (error is IOException or OperationCanceledException or ObjectDisposedException)
        {
            // The other end is gone, as it should be.
        }

        _process.Dispose();
        _ending.Dispose();
    }

    private async Task SayAsync()
    {
        while (await _process.StandardError.ReadLineAsync() is { } line)
            Console.Error.WriteLine(line);
    }

    /// <summary>
    /// The program as it was published into the folder 'cosem' beside this command; else the one that was built with
    /// it.
    /// </summary>
    internal static (string Program, string[] Arguments) Command(string folder)
    {
        var published = Path.Combine(folder, "cosem", OperatingSystem.IsWindows() ? Program + ".exe" : Program);
        return File.Exists(published) ? (published, []) : (Muxer(), [Path.Combine(folder, Program + ".dll")]);
    }

    // Started by the same runtime as this command.
    private static string Muxer() =>
        Environment.ProcessPath is { } path && Path.GetFileNameWithoutExtension(path) == "dotnet" ? path
        : Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";
}
