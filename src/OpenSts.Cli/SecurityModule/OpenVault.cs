using System.CommandLine;
using OpenSts.Cli.Terminal;
using OpenSts.Pkcs11;
using OpenSts.SecureStorage;
using OpenSts.SecurityModule.Vault;

namespace OpenSts.Cli.SecurityModule;

/// <summary>A vault opened as the options say, and the token that came with it.</summary>
internal sealed class OpenVault : IDisposable
{
    private OpenVault(KeyVault vault, Pkcs11Token? token) => (Vault, Token) = (vault, token);

    public KeyVault Vault { get; }

    public Pkcs11Token? Token { get; }

    public static OpenVault From(ParseResult parsed, Argument<string> folder, LockOptions locks) =>
        From(parsed, parsed.GetValue(folder)!, locks);

    public static OpenVault From(ParseResult parsed, string folder, LockOptions locks)
    {
        _ = ProcessMemory.ForbidDumps();
        var (storageLock, token) = locks.Read(parsed);
        try
        {
            using (storageLock ?? throw new CliException(
                "nothing opens the vault: give --passphrase, --key-file, --share-file or --token-library"))
                return new OpenVault(KeyVault.Open(folder, storageLock, locks.Vault(parsed)), token);
        }
        catch
        {
            token?.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        Vault.Dispose();
        Token?.Dispose();
    }
}
