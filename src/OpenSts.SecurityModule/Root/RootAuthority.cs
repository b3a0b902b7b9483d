using OpenSts.KeyLoading;
using OpenSts.SecureStorage;
using OpenSts.SecurityModule.Vault;
using OpenSts.Sts6;

namespace OpenSts.SecurityModule.Root;

/// <summary>
/// The root: a signing key in a vault of its own that is opened for ceremonies only and never touches a network.
/// </summary>
/// <remarks>
/// It signs certificates of modules and of centres and nothing else. Every signature is in the vault's log.
/// </remarks>
public sealed class RootAuthority : IDisposable
{
    private const int Record = 60_002;
    private readonly KeyVault _vault;
    private readonly AgreementKey _key;
    private readonly TimeProvider _time;

    private RootAuthority(KeyVault vault, RootCertificate certificate, AgreementKey key, TimeProvider time) =>
        (_vault, Certificate, _key, _time) = (vault, certificate, key, time);

    /// <summary>The root's line, for every module and centre.</summary>
    public RootCertificate Certificate { get; }

    /// <summary>Makes a root in a new folder.</summary>
    /// <param name="folder">Where.</param>
    /// <param name="name">1 to 20 letters, digits and signs.</param>
    /// <param name="storageLock">Opens it from now on: custodians' shares.</param>
    /// <param name="time">The clock of the ceremony.</param>
    public static RootCertificate Create(string folder, string name, StorageLock storageLock, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(time);
        using var key = AgreementKey.Create();
        var certificate = RootCertificate.Create(name, key.Public, ModuleDescription.ToSeconds(time.GetUtcNow()));
        var options = new VaultOptions { Time = time };
        KeyVault.Create(folder, storageLock, options);
        using var vault = KeyVault.Open(folder, storageLock, options);
        using var scalar = key.LeaseScalar();
        using var change = VaultChange.Set(Record, certificate.Line, scalar.Span);
        vault.Commit([change], $"root {name} made, fingerprint {certificate.Fingerprint}");
        return certificate;
    }

    /// <summary>Opens a root.</summary>
    /// <exception cref="StorageException">The folder holds none, or what was given does not open it.</exception>
    public static RootAuthority Open(string folder, StorageLock storageLock, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(time);
        var vault = KeyVault.Open(folder, storageLock, new VaultOptions { Time = time });
        if (vault.OpenOwn(Record) is { } record)
        {
            using (record.Secret)
            {
                if (RootCertificate.TryParse(record.Attributes, out var certificate, out _))
                    return new RootAuthority(vault, certificate, AgreementKey.Import(record.Secret.Span), time);
            }
        }

        vault.Dispose();
        throw new StorageException(StorageFault.Missing, $"The vault in {folder} holds no root.");
    }

    /// <summary>Signs a module's certificate; what it says was compared with the module by people before.</summary>
    /// <remarks>The log's entry is durable before the signature is given out.</remarks>
    /// <param name="line">The SMPK line.</param>
    /// <param name="notAfter">The end of the certificate; null keeps what the module asks for.</param>
    public RootAnswer<ModuleCertificate> SignModule(string line, DateTimeOffset? notAfter = null)
    {
        if (!ModuleCertificate.TryParse(line, out var certificate, out var problem))
            return new RootAnswer<ModuleCertificate>(RootRefusal.Format, problem);
        certificate = certificate with
        {
            Signer = Certificate.Name,
            NotAfter = ModuleDescription.ToSeconds(notAfter ?? certificate.NotAfter),
        };
        if (certificate.NotAfter <= _time.GetUtcNow())
            return new RootAnswer<ModuleCertificate>(RootRefusal.Time,
                $"the certificate would end at {ConcatLine.Time(certificate.NotAfter)}, which has passed");
        certificate = certificate with { Signature = SigningKey.Sign(_key, certificate.Signed) };
        _vault.Commit([],
            $"signed module {certificate.ModuleId}, {certificate.Kind}, key {certificate.Key.Identifier}, until "
                + $"{ConcatLine.Time(certificate.NotAfter)}");
        return new RootAnswer<ModuleCertificate>(certificate);
    }

    /// <summary>Signs a centre's certificate.</summary>
    public RootAnswer<CentreCertificate> SignCentre(string line)
    {
        if (!CentreCertificate.TryParse(line, out var certificate, out var problem))
            return new RootAnswer<CentreCertificate>(RootRefusal.Format, problem);
        certificate = certificate with { Signer = Certificate.Name };
        certificate = certificate with { Signature = SigningKey.Sign(_key, certificate.Signed) };
        _vault.Commit([],
            $"signed key {certificate.Sequence} of centre {certificate.Kmcid}, {certificate.Key.Identifier}, from "
                + $"{ConcatLine.Time(certificate.Activation)} to {ConcatLine.Time(certificate.Expiry)}");
        return new RootAnswer<CentreCertificate>(certificate);
    }

    /// <summary>Puts new custodians in the place of the former ones; the vault's log says so.</summary>
    /// <param name="custodians">What the new shares open.</param>
    /// <param name="says">How many shares and the name of their set, for the log.</param>
    /// <remarks>The former shares still open an old copy of the folder.</remarks>
    public void ChangeCustodians(StorageLock custodians, string says)
    {
        ArgumentNullException.ThrowIfNull(custodians);
        if (custodians.Kind != StorageLockKind.Custodians)
            throw new ArgumentException("A root is opened by custodians.", nameof(custodians));
        _vault.Commit([], $"new custodians: {says}");
        _vault.ChangeLock(custodians);
    }

    /// <summary>Closes the vault and clears the key.</summary>
    public void Dispose()
    {
        _key.Dispose();
        _vault.Dispose();
    }

    /// <summary>Says which root it is.</summary>
    public override string ToString() => $"(root {Certificate.Name})";
}
