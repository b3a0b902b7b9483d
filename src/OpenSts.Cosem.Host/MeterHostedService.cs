using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenSts.Cosem.Hosting;
using OpenSts.Cosem.Link;

namespace OpenSts.Cosem.Host;

/// <summary>Serves until the process is stopped, or the meter's process has ended.</summary>
internal sealed partial class MeterHostedService(MeterListeners listeners, LinkedMeter? link,
    IHostApplicationLifetime lifetime, ILogger<MeterHostedService> logger)
    : BackgroundService
{
    private static readonly TimeSpan LinkInterval = TimeSpan.FromMilliseconds(250);

    /// <inheritdoc/>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await listeners.DisposeAsync();
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var compactor = new IdleMemoryCompactor(TimeProvider.System);
        using var timer = new PeriodicTimer(link is null ? Timeout.InfiniteTimeSpan : LinkInterval);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            if (link is null || await link.IsConnectedAsync(stoppingToken))
                continue;
            MeterProcessEnded(logger);
            lifetime.StopApplication();
            return;
        }
    }

    [LoggerMessage(60, LogLevel.Information, "The meter's process has ended; the server stops.")]
    private static partial void MeterProcessEnded(ILogger logger);
}
