using System.CommandLine;
using System.Security.Cryptography;
using OpenSts.Cli.Terminal;
using OpenSts.Sts6.Client;

namespace OpenSts.Cli.SecurityModule;

/// <summary>The three PEM files of TLS, on either side.</summary>
internal sealed class TlsOptions
{
    private readonly Option<string?> _certificate =
        new("--certificate") { Description = "Own certificate for TLS, PEM" };
    private readonly Option<string?> _key = new("--certificate-key") { Description = "Its key, PEM, mode 0600" };
    private readonly Option<string?> _authority =
        new("--authority") { Description = "Certificate of the authority that made both sides' certificates, PEM" };

    public void AddTo(Command command)
    {
        command.Options.Add(_certificate);
        command.Options.Add(_key);
        command.Options.Add(_authority);
    }

    public bool IsGiven(ParseResult parsed) => parsed.GetValue(_certificate) is not null;

    /// <summary>Null where none is given.</summary>
    public MutualTls? Read(ParseResult parsed)
    {
        if (!IsGiven(parsed))
            return null;
        try
        {
            return MutualTls.FromFiles(parsed.GetValue(_certificate)!,
                parsed.GetValue(_key) ?? throw new CliException("--certificate-key is missing"),
                parsed.GetValue(_authority) ?? throw new CliException("--authority is missing"));
        }
        catch (Exception error) when (error is CryptographicException or IOException or UnauthorizedAccessException)
        {
            throw new CliException($"the files for TLS cannot be read: {error.Message}");
        }
    }
}
