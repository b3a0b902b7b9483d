using OpenSts.KeyLoading;
using OpenSts.SecureStorage;
using OpenSts.SecurityModule.Vault;
using OpenSts.Sts6;

namespace OpenSts.SecurityModule.Loading;

/// <summary>
/// Who a module is, its lasting private key, and the root it believes: one sealed record of its vault.
/// </summary>
public sealed class ModuleIdentity : IDisposable
{
    internal const int Record = 60_001;

    private ModuleIdentity(ModuleCertificate certificate, RootCertificate root, AgreementKey key) =>
        (Certificate, Root, Key) = (certificate, root, key);

    /// <summary>The certificate; not signed until the root's answer was taken.</summary>
    public ModuleCertificate Certificate { get; }

    /// <summary>The root whose certificates are believed.</summary>
    public RootCertificate Root { get; }

    internal AgreementKey Key { get; }

    /// <summary>Makes a module's lasting key and writes its identity into the vault.</summary>
    /// <param name="vault">Without an identity so far.</param>
    /// <param name="described">Everything but the key: what stands there as key is replaced by the new one.</param>
    /// <param name="root">Compared by people before: <see cref="RootCertificate.Fingerprint"/>.</param>
    /// <returns>The certificate to be signed.</returns>
    /// <exception cref="InvalidOperationException">The vault has an identity.</exception>
    public static ModuleCertificate Create(KeyVault vault, ModuleDescription described, RootCertificate root)
    {
        ArgumentNullException.ThrowIfNull(vault);
        ArgumentNullException.ThrowIfNull(described);
        ArgumentNullException.ThrowIfNull(root);
        if (vault.OpenOwn(Record) is { } present)
        {
            present.Secret.Dispose();
            throw new InvalidOperationException("The vault has an identity already; a module keeps its key for life.");
        }

        using var key = AgreementKey.Create();
        var certificate = described.Certificate(key.Public);
        if (!ModuleCertificate.TryParse(certificate.Line, out _, out var problem))
            throw new ArgumentException(problem, nameof(described));
        Write(vault, certificate, root, key,
            $"identity of module {certificate.ModuleId}, key {key.Public.Identifier}, root {root.Fingerprint}");
        return certificate;
    }

    /// <summary>Reads the identity; null where the vault has none. The caller disposes it.</summary>
    public static ModuleIdentity? Open(KeyVault vault)
    {
        ArgumentNullException.ThrowIfNull(vault);
        if (vault.OpenOwn(Record) is not { } record)
            return null;
        using var secret = record.Secret;
        var lines = record.Attributes.Split('\n');
        if (lines.Length != 2 || !ModuleCertificate.TryParse(lines[0], out var certificate, out _)
            || !RootCertificate.TryParse(lines[1], out var root, out _))
            throw new StorageException(StorageFault.Format, "The module's identity is of another edition.");
        return new ModuleIdentity(certificate, root, AgreementKey.Import(secret.Span));
    }

    /// <summary>
    /// Takes the signed certificate; false with a sentence where it is not this module's or not signed by its root.
    /// </summary>
    public static bool TryCertify(KeyVault vault, string line, out string problem)
    {
        ArgumentNullException.ThrowIfNull(vault);
        using var identity = Open(vault);
        if (identity is null)
        {
            problem = "the vault has no identity";
            return false;
        }

        if (!ModuleCertificate.TryParse(line, out var certificate, out problem))
            return false;
        if (certificate != identity.Certificate with
        {
            Signer = certificate.Signer,
            Signature = certificate.Signature,
            NotAfter = certificate.NotAfter,
        })
            problem =
                $"the certificate is not that of module {identity.Certificate.ModuleId} with key "
                    + $"{identity.Certificate.Key.Identifier}";
        else if (!certificate.IsSignedBy(identity.Root))
            problem = $"the certificate is not signed by root {identity.Root.Name}";
        if (problem.Length != 0)
            return false;
        Write(vault, certificate, identity.Root, identity.Key,
            $"certificate of module {certificate.ModuleId}, good until {ConcatLine.Time(certificate.NotAfter)}");
        return true;
    }

    /// <summary>Clears the private key.</summary>
    public void Dispose() => Key.Dispose();

    /// <summary>Says who it is.</summary>
    public override string ToString() => Certificate.Identification;

    private static void Write(KeyVault vault, ModuleCertificate certificate, RootCertificate root, AgreementKey key,
        string note)
    {
        using var scalar = key.LeaseScalar();
        using var change = VaultChange.Set(Record, certificate.Line + "\n" + root.Line, scalar.Span);
        vault.Commit([change], note);
    }
}
