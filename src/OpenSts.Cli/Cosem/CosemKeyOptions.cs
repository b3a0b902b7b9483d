using System.CommandLine;
using System.Security.Cryptography;
using OpenSts.Cli.SecurityModule;
using OpenSts.Cli.Terminal;
using OpenSts.Cosem.Security;
using OpenSts.SecurityModule.Vault;

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
            return new CosemKeys(SecuritySuite.Suite0, Key(LaboratoryEncryption), Key(LaboratoryAuthentication), Key(LaboratoryMaster), FromFile(parsed.GetValue(_password), 0));
        }

        var octets = ((SecuritySuite)suite).KeyOctets();
        if (parsed.GetValue(_encryption) is null != parsed.GetValue(_authentication) is null)
            throw new CliException("--encryption-key-file and --authentication-key-file belong together");
        return new CosemKeys(
            (SecuritySuite)suite,
            FromFile(parsed.GetValue(_encryption), octets),
            FromFile(parsed.GetValue(_authentication), octets),
            FromFile(parsed.GetValue(_master), octets),
            FromFile(parsed.GetValue(_password), 0));
    }

    private static SecretKey Key(string hex) => new(Convert.FromHexString(hex));

    // A width of 0 is a password: the characters as they are.
    private static SecretKey? FromFile(string? path, int octets)
    {
        if (path is null)
            return null;
        var text = Text(path);
        Span<byte> key = stackalloc byte[64];
        try
        {
            if (octets == 0)
            {
                if (text.Length is 0 or > 64 || !text.All(char.IsAscii))
                    throw new CliException($"{path} does not hold a password of 1 to 64 ASCII characters");
                return new SecretKey(key[..System.Text.Encoding.ASCII.GetBytes(text, key)]);
            }

            if (text.Length != octets * 2 || Convert.FromHexString(text, key, out _, out _) != System.Buffers.OperationStatus.Done)
                throw new CliException($"{path} does not hold a key of {octets * 2} hexadecimal digits");
            return new SecretKey(key[..octets]);
        }
        finally
        {
            Array.Clear(text);
            CryptographicOperations.ZeroMemory(key);
        }
    }

    private static char[] Text(string path)
    {
        try
        {
            return SecretText.ReadFile(path);
        }
        catch (VaultException error)
        {
            throw new CliException(error.Message);
        }
    }
}
