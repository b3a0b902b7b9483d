using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using OpenSts.Cosem.Meters;
using OpenSts.Cosem.Objects;
using OpenSts.Dlms.Security;
using OpenSts.Dlms.Server;
using OpenSts.Secrets;

namespace OpenSts.Cosem.Hosting;

/// <summary>A meter with keys as a COSEM server; the keys are cleared at its end.</summary>
public sealed class MeterServer : IDisposable
{
    private readonly CosemKeys _held;
    private readonly KeySet? _kept;
    private readonly SecretBytes _noMaster;
    private readonly CertificateFolder? _certificates;

    /// <param name="meter">The meter.</param>
    /// <param name="held">Cleared with this, or at once where a key is missing.</param>
    /// <param name="counters">Where invocation counters are kept.</param>
    /// <param name="keyStore">The file for new keys; null to refuse them.</param>
    /// <param name="certificates">The folder of the signature key and the certificates; null for none.</param>
    /// <param name="configure">What differs from the usual settings.</param>
    /// <param name="logger">Takes the events of associations; none where null.</param>
    /// <exception cref="HostException">A key is missing, or a file cannot be used.</exception>
    public MeterServer(
        ICosemMeter meter, CosemKeys held, IInvocationCounterStore counters, string? keyStore = null,
            string? certificates = null, Func<ServerOptions, ServerOptions>? configure = null,
        ILogger? logger = null)
    {
        if (held.Encryption is null)
        {
            held.Dispose();
            throw new HostException(
                "the encryption key and the authentication key are missing; name their files, or take the "
                    + "laboratory's, the keys of the published examples");
        }

        _held = held;
        _noMaster = new SecretBytes(new byte[held.Encryption.Length]);
        // Nobody can wrap a key for a server without a master key: it has no store either, and so refuses new keys.
        var store = keyStore is null || held.Master is null ? null : new FileKeyStore(keyStore, held.Suite);
        try
        {
            _kept = store?.Read();
        }
        catch (Exception error) when (error is IOException or FormatException)
        {
            Dispose();
            throw new HostException(error.Message);
        }

        Keys = new ServerKeys(_kept?.Master ?? held.Master ?? _noMaster, _kept?.Encryption
            ?? held.Encryption, _kept?.Authentication ?? held.Authentication!, counters, store);
        var drn = meter.Nameplate.MeterPan.DecoderReferenceNumber;
        var usual = new ServerOptions
        {
            SystemTitle = SystemTitle.Create("OST", (ulong)drn.SerialNumber),
            LogicalDeviceName = $"OST{drn.Value:D13}",
            Suite = held.Suite,
            Clients = [ClientProfile.Public, ClientProfile.Management with { Secret = held.Secret }, .. held.Password
                is null ? (ClientProfile[])[] : [ClientProfile.Reader(2, held.Password)]],
        };
        var settings = configure?.Invoke(usual) ?? usual;
        settings = settings with
        {
            Certificates = _certificates = certificates is null ? null : OpenCertificates(certificates, settings)
        };
        Server = new DlmsServer(MeterObjects.Create(meter, settings), settings, Keys, logger: logger);
    }

    public DlmsServer Server { get; }

    public ServerKeys Keys { get; }

    public void Dispose()
    {
        _certificates?.Dispose();
        _noMaster.Dispose();
        _kept?.Encryption?.Dispose();
        _kept?.Authentication?.Dispose();
        _kept?.Master?.Dispose();
        _held.Dispose();
    }

    private CertificateFolder OpenCertificates(string path, ServerOptions settings)
    {
        try
        {
            return new CertificateFolder(path, settings.Suite, settings.SystemTitle, TimeProvider.System);
        }
        catch (Exception error) when (error is IOException or CryptographicException or FormatException
            or ArgumentException)
        {
            Dispose();
            throw new HostException($"{path} is no folder of certificates: {error.Message}");
        }
    }
}
