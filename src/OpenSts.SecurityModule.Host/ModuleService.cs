using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenSts.Secrets;
using OpenSts.SecurityModule.Transport;
using OpenSts.Sts6;
using OpenSts.Sts6.Client;

namespace OpenSts.SecurityModule.Host;

/// <summary>Serves a module for as long as the host runs; at the end the requests that arrived are answered.</summary>
/// <param name="module">Answers; its owner disposes it after the host.</param>
/// <param name="settings">Where it listens.</param>
/// <param name="tls">For every address of TCP; null for none.</param>
/// <param name="started">Gets a line for each place where it listens, and one when it is ready.</param>
/// <param name="loggers">Makes the logs.</param>
public sealed class ModuleService(SoftwareSecurityModule module, ListenSettings settings, MutualTls? tls, Action<string> started, ILoggerFactory loggers) : IHostedService
{
    private static readonly TimeSpan DrainTimeout = TimeSpan.FromSeconds(10);
    private readonly ILogger _logger = loggers.CreateLogger<ModuleService>();
    private ModuleServer? _server;

    /// <summary>Opens every listener, or none where one cannot be opened.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var server = new ModuleServer(module, settings.Protocol, logger: loggers.CreateLogger<ModuleServer>());
        try
        {
            Listen(server);
        }
        catch
        {
            await server.DisposeAsync().ConfigureAwait(false);
            throw;
        }

        _server = server;
        if (!SecretMemory.TryLock())
            ServiceLog.MemoryNotLocked(_logger, SecretMemory.LockError ?? "the system does not say why");
        if (module.Settings.TestMode)
            ServiceLog.TestMode(_logger);
        started($"module {module.Settings.Identity.ModuleId}, registers {string.Join(' ', module.Registers)}; ready");
        ServiceLog.Ready(_logger, module.Settings.Identity.ModuleId, module.Registers.Count);
    }

    /// <summary>Takes no more requests, answers those that arrived, closes the connections.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (_server is null)
            return;
        ServiceLog.Stopping(_logger, _server.Connections);
        await _server.DrainAsync(DrainTimeout).ConfigureAwait(false);
        await _server.DisposeAsync().ConfigureAwait(false);
        ServiceLog.Stopped(_logger);
    }

    private void Listen(ModuleServer server)
    {
        foreach (var endpoint in settings.Tcp)
            started($"TCP frames on {endpoint.Address}:{server.ListenTcp(endpoint, SessionFraming.Wrapped, tls)}{(tls is null ? "" : " with TLS")}");
        foreach (var endpoint in settings.TcpLines)
            started($"lines over TCP on {endpoint.Address}:{server.ListenTcp(endpoint, SessionFraming.Lines, tls)}{(tls is null ? "" : " with TLS")}");
        foreach (var path in settings.Unix)
        {
            server.ListenUnix(path, settings.UnixUsers);
            started($"lines on {path}");
        }

        foreach (var device in settings.Serial)
        {
            server.OpenSerial(device);
            started($"serial line {device}");
        }
    }
}
