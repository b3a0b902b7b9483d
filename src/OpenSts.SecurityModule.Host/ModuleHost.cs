using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;
using OpenSts.Sts6.Client;

namespace OpenSts.SecurityModule.Host;

/// <summary>Runs an opened module until the process is stopped: SIGTERM, SIGINT, or the service manager.</summary>
public static class ModuleHost
{
    /// <summary>Serves and returns when it was stopped and every request that had arrived is answered.</summary>
    /// <param name="module">Stays the caller's.</param>
    /// <param name="settings">Where it listens.</param>
    /// <param name="tls">For every address of TCP; null for none. Stays the caller's.</param>
    /// <param name="started">Gets a line for each place where it listens, and one when it is ready.</param>
    /// <param name="stop">Stops it too.</param>
    /// <exception cref="IOException">A listener cannot be opened.</exception>
    public static Task RunAsync(SoftwareSecurityModule module, ListenSettings settings, MutualTls? tls, Action<string> started, CancellationToken stop = default)
    {
        var builder = Microsoft.Extensions.Hosting.Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        _ = builder.Services.AddSystemd();
        LogToStandardError(builder);
        // What a person who starts it sees are the lines of `started`; beside them only what is wrong.
        _ = builder.Logging.SetMinimumLevel(LogLevel.Warning);
        _ = builder.Services.AddHostedService(services => new ModuleService(module, settings, tls, started, services.GetRequiredService<ILoggerFactory>()));
        return RunAsync(builder, stop);
    }

    /// <summary>One line a message, time in UTC, on standard error.</summary>
    internal static void LogToStandardError(HostApplicationBuilder builder)
    {
        _ = builder.Logging.AddSimpleConsole(console => (console.SingleLine, console.TimestampFormat, console.UseUtcTimestamp) = (true, "yyyy-MM-dd'T'HH:mm:ss'Z' ", true));
        // What stops a start is written by the program itself, as one line and without a stack.
        _ = builder.Logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.None);
        _ = builder.Services.Configure<ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
    }

    private static async Task RunAsync(HostApplicationBuilder builder, CancellationToken stop)
    {
        using var host = builder.Build();
        await host.RunAsync(stop).ConfigureAwait(false);
    }
}
