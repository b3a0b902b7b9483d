using System.CommandLine;
using OpenSts.Cli.Terminal;
using OpenSts.Cosem.Hosting;

namespace OpenSts.Cli.Cosem;

/// <summary>
/// The options that name files with keys: each file is this user's alone and holds the key in hexadecimal digits.
/// </summary>
internal sealed class CosemKeyOptions
{
    private readonly Option<int> _suite =
        new("--suite") { Description = "Security suite, 0 to 2", DefaultValueFactory = _ => 0 };
    private readonly Option<string?> _encryption =
        new("--encryption-key-file") { Description = "File with the global encryption key in hex" };
    private readonly Option<string?> _authentication =
        new("--authentication-key-file") { Description = "File with the authentication key in hex" };
    private readonly Option<string?> _master =
        new("--master-key-file") { Description = "File with the master key in hex (server, and keys transfer)" };
    private readonly Option<string?> _password =
        new("--password-file") { Description = "File with the password of the reading client" };
    private readonly Option<string?> _secret =
        new("--secret-file") { Description = "File with what client and server have in common, for HLS mechanism 6" };
    private readonly Option<bool> _laboratory =
        new("--laboratory") { Description = "Use the keys of the published examples, which are no secret (suite 0)" };

    public void AddTo(Command command)
    {
        foreach (Option option in (Option[])[_suite, _encryption, _authentication, _master, _password, _secret,
            _laboratory])
            command.Options.Add(option);
    }

    /// <summary>The names of the files.</summary>
    public KeyNames Names(ParseResult parsed)
    {
        if (parsed.GetValue(_suite) is < 0 or > 2)
            throw new CliException("--suite: permitted are 0 to 2");
        if (parsed.GetValue(_laboratory) && parsed.GetValue(_suite) != 0)
            throw new CliException("--laboratory keys are of suite 0");
        if (parsed.GetValue(_encryption) is null != parsed.GetValue(_authentication) is null)
            throw new CliException("--encryption-key-file and --authentication-key-file belong together");
        return new KeyNames
        {
            Suite = parsed.GetValue(_suite),
            Laboratory = parsed.GetValue(_laboratory),
            EncryptionKeyFile = Full(_encryption),
            AuthenticationKeyFile = Full(_authentication),
            MasterKeyFile = Full(_master),
            PasswordFile = Full(_password),
            SecretFile = Full(_secret),
        };

        string? Full(Option<string?> option) => parsed.GetValue(option) is { } path ? Path.GetFullPath(path) : null;
    }

    /// <summary>The keys of the files.</summary>
    public CosemKeys Read(ParseResult parsed)
    {
        try
        {
            return Names(parsed).Read();
        }
        catch (HostException error)
        {
            throw new CliException(error.Message);
        }
    }
}
