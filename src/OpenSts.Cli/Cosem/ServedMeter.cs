using OpenSts.Cli.Terminal;
using OpenSts.Cosem.Meters;
using OpenSts.Cosem.Security;
using OpenSts.Cosem.Server;

namespace OpenSts.Cli.Cosem;

/// <summary>A meter with the keys of a command as a COSEM server; the keys are cleared at its end.</summary>
/// <remarks>Without a store for keys the server refuses new ones.</remarks>
internal sealed class ServedMeter : IDisposable
{
    private readonly CosemKeys _held;
    private readonly SecretKey _noMaster;

    /// <param name="meter">The meter.</param>
    /// <param name="held">Cleared with this, or at once where a key is missing.</param>
    /// <param name="counters">Where invocation counters are kept.</param>
    /// <param name="configure">What differs from the usual settings.</param>
    /// <exception cref="CliException">A key is missing.</exception>
    public ServedMeter(ICosemMeter meter, CosemKeys held, IInvocationCounterStore counters, Func<ServerSettings, ServerSettings>? configure = null)
    {
        if (held.Encryption is null)
        {
            held.Dispose();
            throw new CliException("--encryption-key-file and --authentication-key-file are missing, or --laboratory for the keys of the published examples");
        }

        _held = held;
        _noMaster = new SecretKey(new byte[held.Encryption.Length]);
        Keys = new ServerKeys(held.Master ?? _noMaster, held.Encryption, held.Authentication!, counters);
        var drn = meter.Nameplate.MeterPan.DecoderReferenceNumber;
        var settings = new ServerSettings
        {
            SystemTitle = SystemTitle.Create("OST", (ulong)drn.SerialNumber),
            LogicalDeviceName = $"OST{drn.Value:D13}",
            Suite = held.Suite,
            Clients = [ClientProfile.Public, ClientProfile.Management, .. held.Password is null ? (ClientProfile[])[] : [ClientProfile.Reader(2, held.Password)]],
        };
        Server = new CosemServer(meter, configure?.Invoke(settings) ?? settings, Keys);
    }

    public CosemServer Server { get; }

    public ServerKeys Keys { get; }

    public void Dispose()
    {
        _noMaster.Dispose();
        _held.Dispose();
    }
}
