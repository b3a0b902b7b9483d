using System.Text;
using Microsoft.Extensions.Logging;
using OpenSts.Pkcs11;
using OpenSts.SecureStorage;
using OpenSts.SecurityModule.Vault;

namespace OpenSts.SecurityModule.Host;

/// <summary>A module with the vault and the token it works on, opened as options say.</summary>
internal sealed class OpenedModule : IDisposable
{
    private readonly KeyVault _vault;
    private readonly Pkcs11Token? _token;

    private OpenedModule(SoftwareSecurityModule module, KeyVault vault, Pkcs11Token? token) => (Module, _vault, _token) = (module, vault, token);

    public SoftwareSecurityModule Module { get; }

    /// <exception cref="StorageException">The vault cannot be opened.</exception>
    /// <exception cref="TokenException">The token cannot be opened.</exception>
    /// <exception cref="InvalidOperationException">A register cannot be used.</exception>
    public static OpenedModule Open(ModuleOptions options, ILogger logger)
    {
        _ = ProcessMemory.ForbidDumps();
        Pkcs11Token? token = null;
        KeyVault? vault = null;
        try
        {
            token = options.TokenLibrary.Length == 0 ? null : WithSecret(options.PinFile, pin => Pkcs11Token.Open(options.TokenLibrary, options.Token, pin));
            using (var storageLock = OpenLock(options, token))
            {
                vault = KeyVault.Open(options.Vault, storageLock, new VaultOptions
                {
                    Witness = options.Checkpoint.Length == 0 ? null : options.Checkpoint,
                    OnProblem = error => ServiceLog.VaultProblem(logger, error.Message, error),
                });
            }

            var module = SoftwareSecurityModule.Open(vault, token, new ModuleSettings { TidWindow = options.TidWindow, Identity = PublicIdentification.Of(vault) });
            _ = vault.Note($"serving {(module.Role == ModuleRole.Vending ? "Vending" : "Manufacturing")}");
            return new OpenedModule(module, vault, token);
        }
        catch
        {
            vault?.Dispose();
            token?.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        Module.Dispose();
        _vault.Dispose();
        _token?.Dispose();
    }

    private static StorageLock OpenLock(ModuleOptions options, Pkcs11Token? token)
    {
        if (options.KeyFile.Length > 0)
            return StorageLock.FromKeyFile(options.KeyFile);
        if (options.PassphraseFile.Length > 0)
            return WithSecret(options.PassphraseFile, passphrase => StorageLock.FromPassphrase(passphrase));
        return token!.StorageLock(options.TokenKey);
    }

    // The text of a private file, cleared afterwards.
    private static T WithSecret<T>(string path, Func<char[], T> use)
    {
        PrivateFile.Require(path);
        var octets = File.ReadAllBytes(path);
        var text = Encoding.UTF8.GetChars(octets);
        var secret = text[..text.AsSpan().TrimEnd("\r\n").Length];
        try
        {
            return use(secret);
        }
        finally
        {
            Array.Clear(octets);
            Array.Clear(text);
            Array.Clear(secret);
        }
    }
}
