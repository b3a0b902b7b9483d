using System.CommandLine;
using System.Net;
using OpenSts.Cli.Terminal;
using OpenSts.SecureStorage;
using OpenSts.SecurityModule.Host;
using OpenSts.SecurityModule.Transport;
using OpenSts.Sts6.Client;

namespace OpenSts.Cli.SecurityModule;

/// <summary>Where a module can be reached.</summary>
internal sealed class ListenOptions
{
    private readonly Option<string[]> _tcp = new("--tcp") { Description = "Address and port for TCP frames, such as 127.0.0.1:5100; several are possible", AllowMultipleArgumentsPerToken = true };
    private readonly Option<string[]> _tcpLines = new("--tcp-lines") { Description = "Address and port for bare lines over TCP", AllowMultipleArgumentsPerToken = true };
    private readonly Option<string[]> _unix = new("--unix") { Description = "Unix socket for bare lines; only this user may use it, and those of --unix-user", AllowMultipleArgumentsPerToken = true };
    private readonly Option<string[]> _unixUsers = new("--unix-user") { Description = "User, by name or number, who may use the Unix sockets beside the module's own user; several are possible", AllowMultipleArgumentsPerToken = true };
    private readonly Option<string[]> _serial = new("--serial") { Description = "Serial line or pseudo-terminal, bare lines, such as /dev/ttyUSB0 or with settings /dev/ttyUSB0:9600,8N1", AllowMultipleArgumentsPerToken = true };
    private readonly Option<bool> _sts05 = new("--sts05") { Description = "Speak the older protocol (ID, TC, TM, TK, TS) in place of STS6" };
    private readonly TlsOptions _tls = new();

    public void AddTo(Command command)
    {
        foreach (Option option in (Option[])[_tcp, _tcpLines, _unix, _unixUsers, _serial, _sts05])
            command.Options.Add(option);
        _tls.AddTo(command);
    }

    public MutualTls? ReadTls(ParseResult parsed) => _tls.Read(parsed);

    /// <summary>Refuses options that cannot be served before a vault is opened for them.</summary>
    public void Check(ParseResult parsed)
    {
        if (All(parsed).All(values => values.Length == 0))
            throw new CliException("nothing to listen on: give --tcp, --tcp-lines, --unix or --serial");
        foreach (var text in Values(parsed, _tcp).Concat(Values(parsed, _tcpLines)))
        {
            if (!IPAddress.IsLoopback(EndpointOf(text).Address) && !_tls.IsGiven(parsed))
                throw new CliException($"{text} is open to other machines: give --certificate, --certificate-key and --authority");
        }
    }

    /// <summary>Where the module shall listen.</summary>
    public ListenSettings Read(ParseResult parsed) => new()
    {
        Tcp = [.. Values(parsed, _tcp).Select(EndpointOf)],
        TcpLines = [.. Values(parsed, _tcpLines).Select(EndpointOf)],
        Unix = Values(parsed, _unix),
        UnixUsers = [.. Values(parsed, _unixUsers).Select(UserOf)],
        Serial = Values(parsed, _serial),
        Protocol = parsed.GetValue(_sts05) ? SessionProtocol.Sts05 : SessionProtocol.Sts6,
    };

    private static IPEndPoint EndpointOf(string text) => text.Contains(':', StringComparison.Ordinal) && IPEndPoint.TryParse(text, out var endpoint)
        ? endpoint
        : throw new CliException($"{text} is not an address and a port, such as 127.0.0.1:5100");

    private static uint UserOf(string text) => UnixUsers.TryFind(text, out var user) ? user : throw new CliException($"--unix-user: there is no user '{text}' on this machine");

    private IEnumerable<string[]> All(ParseResult parsed) => new[] { _tcp, _tcpLines, _unix, _serial }.Select(option => Values(parsed, option));

    private static string[] Values(ParseResult parsed, Option<string[]> option) => parsed.GetValue(option) ?? [];
}
