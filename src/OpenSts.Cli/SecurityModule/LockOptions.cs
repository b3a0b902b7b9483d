using System.CommandLine;
using OpenSts.Cli.Terminal;
using OpenSts.Pkcs11;
using OpenSts.SecureStorage;
using OpenSts.SecurityModule.Vault;

namespace OpenSts.Cli.SecurityModule;

/// <summary>The options that open a vault: a passphrase, a key file, custodians' shares or a token.</summary>
/// <remarks>No secret is taken from the command line itself, where every user of the machine could see it.</remarks>
internal sealed class LockOptions
{
    private readonly Option<bool> _passphrase = new("--passphrase") { Description = "Ask for the passphrase" };
    private readonly Option<string?> _passphraseFile =
        new("--passphrase-file") { Description = "File with the passphrase, mode 0600" };
    private readonly Option<string?> _keyFile = new("--key-file") { Description = "Key file, mode 0600" };
    private readonly Option<string[]> _shareFiles = new("--share-file")
    {
        Description = "File with one custodian's share; give as many as are needed",
        AllowMultipleArgumentsPerToken = true,
    };
    private readonly Option<string?> _library = new("--token-library") { Description = "PKCS#11 library of a token" };
    private readonly Option<string?> _token = new("--token") { Description = "Label of the token" };
    private readonly Option<string?> _pinFile =
        new("--pin-file") { Description = "File with the token's PIN, mode 0600" };
    private readonly Option<string> _tokenKey = new("--token-key")
    {
        Description = "Name of the storage key on the token",
        DefaultValueFactory = _ => "opensts-storage",
    };
    private readonly Option<string?> _witness =
        new("--witness")
        {
            Description = "Checkpoint file on another volume: an older copy of the vault or centre is refused",
        };

    public void AddTo(Command command)
    {
        foreach (Option option in (Option[])[_passphrase, _passphraseFile, _keyFile, _shareFiles, _library, _token,
            _pinFile, _tokenKey, _witness])
            command.Options.Add(option);
    }

    public VaultOptions Vault(ParseResult parsed) => new() { Witness = parsed.GetValue(_witness) };

    /// <summary>True where a token is named.</summary>
    public bool HasToken(ParseResult parsed) => parsed.GetValue(_library) is not null;

    public string? KeyFileOf(ParseResult parsed) => parsed.GetValue(_keyFile);

    /// <summary>Opens the named token.</summary>
    public Pkcs11Token OpenToken(ParseResult parsed)
    {
        var library = parsed.GetValue(_library) ?? throw new CliException("--token-library is missing");
        var label = parsed.GetValue(_token) ?? throw new CliException("--token is missing");
        var file = parsed.GetValue(_pinFile) ?? throw new CliException("--pin-file is missing");
        var pin = SecretText.ReadFile(file);
        try
        {
            return Pkcs11Token.Open(library, label, pin);
        }
        finally
        {
            Array.Clear(pin);
        }
    }

    /// <summary>The name of the storage key on the token.</summary>
    public string TokenKey(ParseResult parsed) => parsed.GetValue(_tokenKey)!;

    /// <summary>The lock that was given, or null; with it the token, where it is one.</summary>
    public (StorageLock? Lock, Pkcs11Token? Token) Read(ParseResult parsed)
    {
        if (HasToken(parsed))
        {
            var token = OpenToken(parsed);
            // A token may be named for its keys while something else opens the vault.
            return ReadWithoutToken(parsed) is { } other ? (other, token)
                : (token.StorageLock(TokenKey(parsed)), token);
        }

        return (ReadWithoutToken(parsed), null);
    }

    /// <summary>The lock that was given, and the token where one is named.</summary>
    /// <exception cref="CliException">Nothing was given.</exception>
    public (StorageLock Lock, Pkcs11Token? Token) ReadRequired(ParseResult parsed, string what)
    {
        var (storageLock, token) = Read(parsed);
        return (storageLock
            ?? throw new CliException(
            $"nothing opens {what}: give --share-file as often as shares are needed, --key-file, --passphrase or "
                + "--token-library"), token);
    }

    private StorageLock? ReadWithoutToken(ParseResult parsed)
    {
        if (parsed.GetValue(_keyFile) is { } keyFile)
            return StorageLock.FromKeyFile(keyFile);
        if (parsed.GetValue(_passphrase) || parsed.GetValue(_passphraseFile) is not null)
        {
            var passphrase = parsed.GetValue(_passphraseFile) is { } file ? SecretText.ReadFile(file)
                : SecretText.Ask("Passphrase: ");
            try
            {
                return StorageLock.FromPassphrase(passphrase);
            }
            finally
            {
                Array.Clear(passphrase);
            }
        }

        if (parsed.GetValue(_shareFiles) is not { Length: > 0 } files)
            return null;
        var shares = new List<CustodianShare>();
        try
        {
            foreach (var path in files)
            {
                var text = SecretText.ReadFile(path);
                var good = CustodianShare.TryParse(text, out var share, out var fault);
                Array.Clear(text);
                shares.Add(good ? share!
                    : throw new CliException(
                    $"{path} does not hold a share: "
                        + $"{(fault == ShareFault.Check ? "its check is wrong, a character was mistyped" : "it is not of the form sts-share-1:...")}"));
            }

            return StorageLock.FromShares(shares);
        }
        finally
        {
            shares.ForEach(share => share.Dispose());
        }
    }
}
