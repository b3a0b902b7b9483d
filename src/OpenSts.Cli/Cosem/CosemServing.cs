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
    private readonly ServerKeys _keys;
    private readonly CosemKeys _held;
    private readonly SecretKey _noMaster;
    private readonly List<CosemListener> _listeners = [];

    private CosemServing(ServerKeys keys, CosemKeys held, SecretKey noMaster)
    {
        _keys = keys;
        _held = held;
        _noMaster = noMaster;
    }

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
        var held = options.Read(parsed);
        if (held.Encryption is null)
        {
            held.Dispose();
            throw new CliException("--encryption-key-file and --authentication-key-file are missing, or --laboratory for the keys of the published examples");
        }

        var noMaster = new SecretKey(new byte[held.Encryption.Length]);
        var keys = new ServerKeys(held.Master ?? noMaster, held.Encryption, held.Authentication!, new FileCounterStore(counterFile));
        var drn = meter.Nameplate.MeterPan.DecoderReferenceNumber;
        var server = new CosemServer(meter, new ServerSettings
        {
            SystemTitle = SystemTitle.Create("OST", (ulong)drn.SerialNumber),
            LogicalDeviceName = $"OST{drn.Value:D13}",
            Suite = held.Suite,
            Clients = [ClientProfile.Public, ClientProfile.Management, .. held.Password is null ? (ClientProfile[])[] : [ClientProfile.Reader(2, held.Password)]],
        }, keys);
        var serving = new CosemServing(keys, held, noMaster);
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
        _keys.Current.Counters.Settle();
        _noMaster.Dispose();
        _held.Dispose();
    }

    private void Listen(string kind, IPEndPoint at, Func<IServerSession> open)
    {
        var listener = new CosemListener(at, open);
        _listeners.Add(listener);
        Console.Out.WriteLine($"serving {kind} {listener.Endpoint}");
    }
}
