using System.CommandLine;
using OpenSts.Cli.Terminal;
using OpenSts.Cosem.Security;

namespace OpenSts.Cli.Cosem;

/// <summary>The keys of a command, cleared at its end. Null where none was given.</summary>
internal sealed record CosemKeys(SecuritySuite Suite, SecretKey? Encryption, SecretKey? Authentication, SecretKey? Master, SecretKey? Password) : IDisposable
{
    public void Dispose()
    {
        Encryption?.Dispose();
        Authentication?.Dispose();
        Master?.Dispose();
        Password?.Dispose();
    }
}

/// <summary>The options that name files with keys: each file is this user's alone and holds the key in hexadecimal digits.</summary>
internal sealed class CosemKeyOptions
{
    // The keys of the published examples: whoever listens has them.
    private const string LaboratoryEncryption = "000102030405060708090A0B0C0D0E0F";
    private const string LaboratoryAuthentication = "D0D1D2D3D4D5D6D7D8D9DADBDCDDDEDF";
    private const string LaboratoryMaster = "404142434445464748494A4B4C4D4E4F";

    private readonly Option<int> _suite = new("--suite") { Description = "Security suite, 0 to 2", DefaultValueFactory = _ => 0 };
    private readonly Option<string?> _encryption = new("--encryption-key-file") { Description = "File with the global encryption key in hex" };
    private readonly Option<string?> _authentication = new("--authentication-key-file") { Description = "File with the authentication key in hex" };
    private readonly Option<string?> _master = new("--master-key-file") { Description = "File with the master key in hex (server)" };
    private readonly Option<string?> _password = new("--password-file") { Description = "File with the password of the reading client" };
    private readonly Option<bool> _laboratory = new("--laboratory") { Description = "Use the keys of the published examples, which are no secret (suite 0)" };

    public void AddTo(Command command)
    {
        foreach (Option option in (Option[])[_suite, _encryption, _authentication, _master, _password, _laboratory])
            command.Options.Add(option);
    }

    public CosemKeys Read(ParseResult parsed)
    {
        if (parsed.GetValue(_suite) is not (>= 0 and <= 2 and var suite))
            throw new CliException("--suite: permitted are 0 to 2");
        if (parsed.GetValue(_laboratory))
        {
            if (suite != 0)
                throw new CliException("--laboratory keys are of suite 0");
            return new CosemKeys(SecuritySuite.Suite0, Laboratory(LaboratoryEncryption), Laboratory(LaboratoryAuthentication), Laboratory(LaboratoryMaster), FromFile(parsed.GetValue(_password), KeyFiles.ReadPassword));
        }

        if (parsed.GetValue(_encryption) is null != parsed.GetValue(_authentication) is null)
            throw new CliException("--encryption-key-file and --authentication-key-file belong together");
        return new CosemKeys(
            (SecuritySuite)suite,
            FromFile(parsed.GetValue(_encryption), Key),
            FromFile(parsed.GetValue(_authentication), Key),
            FromFile(parsed.GetValue(_master), Key),
            FromFile(parsed.GetValue(_password), KeyFiles.ReadPassword));

        SecretKey Key(string path) => KeyFiles.ReadKey(path, (SecuritySuite)suite);
    }

    private static SecretKey? FromFile(string? path, Func<string, SecretKey> read)
    {
        try
        {
            return path is null ? null : read(path);
        }
        catch (Exception error) when (error is IOException or FormatException)
        {
            throw new CliException(error.Message);
        }
    }

    private static SecretKey Laboratory(string hex) => new(Convert.FromHexString(hex));
}
