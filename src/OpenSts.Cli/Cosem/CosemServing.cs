using System.CommandLine;
using System.Net;
using OpenSts.Cli.Terminal;
using OpenSts.Cosem.Framing;
using OpenSts.Cosem.Meters;
using OpenSts.Cosem.Security;
using OpenSts.Cosem.Server;

namespace OpenSts.Cli.Cosem;

/// <summary>A meter served by DLMS/COSEM beside whatever else it does.</summary>
internal sealed class CosemServing : IAsyncDisposable
{
    private readonly ServedMeter _served;
    private readonly List<CosemListener> _listeners = [];

    private CosemServing(ServedMeter served) => _served = served;

    /// <summary>Starts listening.</summary>
    /// <param name="meter">The meter.</param>
    /// <param name="parsed">Where the keys are named.</param>
    /// <param name="options">The options that name them.</param>
    /// <param name="wrapper">Where the wrapper listens; null for nowhere.</param>
    /// <param name="hdlc">Where HDLC listens; null for nowhere.</param>
    /// <param name="counterFile">Where invocation counters are kept.</param>
    /// <exception cref="CliException">A key is missing.</exception>
    public static CosemServing Start(ICosemMeter meter, ParseResult parsed, CosemKeyOptions options, IPEndPoint? wrapper, IPEndPoint? hdlc, string counterFile)
    {
        var serving = new CosemServing(new ServedMeter(meter, options.Read(parsed), new FileCounterStore(counterFile)));
        var server = serving._served.Server;
        if (wrapper is not null)
            serving.Listen("COSEM", wrapper, () => new WrapperServerSession(server));
        if (hdlc is not null)
            serving.Listen("COSEM over HDLC", hdlc, () => new HdlcServerSession(server));
        return serving;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var listener in _listeners)
            await listener.DisposeAsync();
        _served.Keys.Current.Counters.Settle();
        _served.Dispose();
    }

    private void Listen(string kind, IPEndPoint at, Func<IServerSession> open)
    {
        var listener = new CosemListener(at, open);
        _listeners.Add(listener);
        Console.Out.WriteLine($"serving {kind} {listener.Endpoint}");
    }
}
