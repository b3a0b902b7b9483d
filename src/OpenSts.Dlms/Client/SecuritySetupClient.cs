using OpenSts.Dlms.Apdu;
using OpenSts.Dlms.Security;
using OpenSts.Dlms.Values;
using OpenSts.Secrets;

namespace OpenSts.Dlms.Client;

/// <summary>A certificate as a server lists it.</summary>
/// <param name="Entity">Whom it is of.</param>
/// <param name="Type">What it is for: 0 digital signature, 1 key agreement, 2 TLS, 3 other.</param>
/// <param name="SerialNumber">Its serial number, big-endian.</param>
/// <param name="Issuer">Who vouches for it, a distinguished name in DER.</param>
/// <param name="Subject">Whom it names, a distinguished name in DER.</param>
public sealed record ListedCertificate(CertificateEntity Entity, int Type, byte[] SerialNumber, byte[] Issuer,
    byte[] Subject);

/// <summary>
/// What a management client does with the keys and certificates of a server, over its Security setup.
/// </summary>
/// <remarks>IEC 62056-6-2, Security setup version 1.</remarks>
public static class SecuritySetupClient
{
    private const int DigitalSignature = 0;

    /// <summary>
    /// Transfers new keys under the master key. The server uses them from its answer on: the association is over, the
    /// next one begins under them.
    /// </summary>
    /// <param name="client">An open association of the management client.</param>
    /// <param name="master">The master key both have.</param>
    /// <param name="keys">The new keys; all are taken, or none.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <exception cref="DlmsException">The server refused, or could not be asked.</exception>
    public static async ValueTask TransferAsync(this DlmsClient client, SecretBytes master,
        IReadOnlyDictionary<GlobalKeyId, SecretBytes> keys, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(keys);
        var wrapped = keys.Select(key =>
            CosemValue.Structure(CosemValue.Enum((byte)key.Key), CosemValue.OctetString(Wrap(master, key.Value))));
        _ = await CallAsync(client, 2, "the key transfer", CosemValue.Array([.. wrapped]), cancellation)
            .ConfigureAwait(false);
    }

    /// <summary>The certificates of the server, its trust anchor first.</summary>
    /// <exception cref="DlmsException">The server refused, or could not be asked.</exception>
    public static async ValueTask<IReadOnlyList<ListedCertificate>> ListCertificatesAsync(this DlmsClient client,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(client);
        var result = await client.GetAsync(Member(6), null, cancellation).ConfigureAwait(false);
        if (result.Error != DataAccessResult.Success)
            throw new DlmsException(DlmsFault.Refused, $"the server refused the list of certificates: {result.Error}");
        var listed = new List<ListedCertificate>();
        foreach (var each in result.Value.Elements)
        {
            if (each.Elements
                is not [{ Type: CosemType.Enum } entity, { Type: CosemType.Enum } type,
                { Type: CosemType.OctetString } serial, { Type: CosemType.OctetString } issuer,
                { Type: CosemType.OctetString } subject, ..]
                || !entity.TryGetInteger(out var whose) || !type.TryGetInteger(out var use))
                throw new DlmsException(DlmsFault.Malformed, "the list of certificates is malformed");
            listed.Add(new ListedCertificate((CertificateEntity)whose, (int)use, serial.Octets.ToArray(),
                issuer.Octets.ToArray(), subject.Octets.ToArray()));
        }

        return listed;
    }

    /// <summary>
    /// Makes the server make a new key pair for signatures; the certificate of the one before is forgotten.
    /// </summary>
    /// <exception cref="DlmsException">The server refused, or could not be asked.</exception>
    public static async ValueTask GenerateKeyPairAsync(this DlmsClient client,
        CancellationToken cancellation = default) =>
        _ = await CallAsync(client, 4, "a new key pair", CosemValue.Enum(DigitalSignature), cancellation)
            .ConfigureAwait(false);

    /// <summary>What an authority makes the server's certificate from: PKCS#10 in DER.</summary>
    /// <exception cref="DlmsException">The server refused, or could not be asked.</exception>
    public static async ValueTask<byte[]> RequestCertificateAsync(this DlmsClient client,
        CancellationToken cancellation = default) =>
        Octets(await CallAsync(client, 5, "the certificate request", CosemValue.Enum(DigitalSignature), cancellation)
            .ConfigureAwait(false));

    /// <summary>Gives the server a certificate, in DER: its own, or a client's.</summary>
    /// <exception cref="DlmsException">The server refused, as it does what its trust anchor does not vouch for, or
    /// could not be asked.</exception>
    public static async ValueTask ImportCertificateAsync(this DlmsClient client, byte[] certificate,
        CancellationToken cancellation = default) =>
        _ = await CallAsync(client, 6, "the certificate", CosemValue.OctetString(certificate), cancellation)
            .ConfigureAwait(false);

    /// <summary>A certificate of the server, in DER.</summary>
    /// <param name="client">An open association of the management client.</param>
    /// <param name="entity">Whom it is of.</param>
    /// <param name="owner">The owner's system title; of no account for the authority.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <exception cref="DlmsException">There is none, or the server could not be asked.</exception>
    public static async ValueTask<byte[]> ExportCertificateAsync(this DlmsClient client, CertificateEntity entity,
        SystemTitle owner, CancellationToken cancellation = default) =>
        Octets(await CallAsync(client, 7, "to export the certificate", Of(entity, owner), cancellation)
            .ConfigureAwait(false));

    /// <summary>Makes the server forget a certificate.</summary>
    /// <param name="client">An open association of the management client.</param>
    /// <param name="entity">Whom it is of.</param>
    /// <param name="owner">The owner's system title.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <exception cref="DlmsException">There is none, or the server could not be asked.</exception>
    public static async ValueTask RemoveCertificateAsync(this DlmsClient client, CertificateEntity entity,
        SystemTitle owner, CancellationToken cancellation = default) =>
        _ = await CallAsync(client, 8, "to remove the certificate", Of(entity, owner), cancellation)
            .ConfigureAwait(false);

    private static byte[] Wrap(SecretBytes master, SecretBytes key)
    {
        using var lease = key.Lease();
        return KeyWrap.Wrap(master, lease.Span);
    }

    private static MemberReference Member(sbyte index) => new(64, Obis.SecuritySetup, index);

    private static CosemValue Of(CertificateEntity entity, SystemTitle owner) => CosemValue.Structure(
        CosemValue.Enum(0), CosemValue.Structure(CosemValue.Enum((byte)entity), CosemValue.Enum(DigitalSignature),
            CosemValue.OctetString(owner.ToArray())));

    private static byte[] Octets(CallResult result) =>
        result.Returned is { Type: CosemType.OctetString } octets ? octets.Octets.ToArray()
            : throw new DlmsException(DlmsFault.Malformed, "the server's answer holds no octets");

    private static async ValueTask<CallResult> CallAsync(DlmsClient client, sbyte method, string what,
        CosemValue parameter, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(client);
        var result = await client.CallAsync(new MethodCall(Member(method), parameter), cancellation)
            .ConfigureAwait(false);
        return result.Result == ActionResult.Success ? result
            : throw new DlmsException(DlmsFault.Refused, $"the server refused {what}: {result.Result}");
    }
}
