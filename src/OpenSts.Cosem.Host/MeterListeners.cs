using Microsoft.Extensions.Logging;
using OpenSts.Cosem.Hosting;
using OpenSts.Cosem.Meters;
using OpenSts.Dlms.Listening;
using OpenSts.Dlms.Security;
using OpenSts.Dlms.Server;

namespace OpenSts.Cosem.Host;

/// <summary>The server of one meter and the ports it listens on.</summary>
internal sealed class MeterListeners : IAsyncDisposable
{
    private readonly MeterServer _served;
    private readonly List<DlmsListener> _listeners = [];
    private readonly List<string> _addresses = [];
    private bool _isDisposed;

    /// <summary>Reads keys and counters and listens.</summary>
    /// <exception cref="HostException">A file cannot be used.</exception>
    /// <exception cref="System.Net.Sockets.SocketException">An address is not available.</exception>
    public MeterListeners(ICosemMeter meter, CosemHostOptions options, ILogger logger)
    {
        _served = new MeterServer(
            meter,
            options.Keys!.Read(),
            OpenCounters(options),
            options.KeyStore,
            options.Certificates,
            usual => usual with
            {
                MaximumPdu = (ushort)(options.MaximumPdu ?? usual.MaximumPdu),
                HdlcInactivityTimeout = options.HdlcInactivitySeconds is { } seconds ? TimeSpan.FromSeconds(seconds)
                    : usual.HdlcInactivityTimeout,
                DateTimesAreOctetStrings = options.OctetStringTimes,
            },
            logger);
        try
        {
            if (CosemHostOptions.EndPoint("wrapper", options.Wrapper) is { } wrapper)
            {
                _listeners.Add(
                    new DlmsListener(wrapper, () => new WrapperServerSession(_served.Server), logger: logger));
                _addresses.Add($"serving COSEM {_listeners[^1].Endpoint}");
            }

            if (CosemHostOptions.EndPoint("hdlc", options.Hdlc) is { } hdlc)
            {
                _listeners.Add(new DlmsListener(hdlc, () => new HdlcServerSession(_served.Server), logger: logger));
                _addresses.Add($"serving COSEM over HDLC {_listeners[^1].Endpoint}");
            }
        }
        catch
        {
            foreach (var listener in _listeners)
                listener.Dispose();
            _served.Dispose();
            throw;
        }
    }

    /// <summary>Where it listens, one line for each port.</summary>
    public IReadOnlyList<string> Addresses => _addresses;

    /// <summary>Ends every connection, then stores the counters as they are.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_isDisposed)
            return;
        _isDisposed = true;
        foreach (var listener in _listeners)
            await listener.DisposeAsync();
        _served.Keys.Current.Counters.Settle();
        _served.Dispose();
    }

    private static FileCounterStore OpenCounters(CosemHostOptions options)
    {
        try
        {
            return new FileCounterStore(options.CounterFile!, options.NewCounterFile);
        }
        catch (CounterFileException error)
        {
            throw new HostException(
                $"counterFile: {error.Message}; for keys that were never used before, newCounterFile creates it");
        }
    }
}
