using System.CommandLine;
using OpenSts.Cli.Terminal;
using OpenSts.Sts6;
using OpenSts.Sts6.Client;

namespace OpenSts.Cli.SecurityModule;

/// <summary>The options that name a module to be asked.</summary>
internal sealed class ModuleAddress
{
    private readonly Option<string?> _tcp = new("--tcp") { Description = "Host and port for TCP frames, such as 127.0.0.1:5100" };
    private readonly Option<string?> _tcpLines = new("--tcp-lines") { Description = "Host and port for bare lines over TCP" };
    private readonly Option<string?> _unix = new("--unix") { Description = "Unix socket" };
    private readonly TlsOptions _tls = new();

    public void AddTo(Command command)
    {
        command.Options.Add(_tcp);
        command.Options.Add(_tcpLines);
        command.Options.Add(_unix);
        _tls.AddTo(command);
    }

    /// <summary>Connects; gives work the connection and closes it.</summary>
    public async Task<int> WithAsync(ParseResult parsed, Func<LineAsker, Task<int>> work)
    {
        using var tls = _tls.Read(parsed);
        var endpoint = (parsed.GetValue(_tcp), parsed.GetValue(_tcpLines), parsed.GetValue(_unix)) switch
        {
            ({ } tcp, null, null) => EndpointOf("--tcp", tcp, tls),
            (null, { } tcp, null) => EndpointOf("--tcp-lines", tcp, tls) with { Framing = SessionFraming.Lines },
            (null, null, { } path) => new ModuleEndpoint { Transport = ModuleTransport.Unix, Path = Path.GetFullPath(path) },
            _ => throw new CliException("name the module with one of --tcp, --tcp-lines and --unix"),
        };
        await using var asker = await LineAsker.ConnectAsync(endpoint);
        return await work(asker);
    }

    private static ModuleEndpoint EndpointOf(string option, string text, MutualTls? tls) =>
        ModuleEndpoint.TryParse(text, out var endpoint) && endpoint.Transport != ModuleTransport.Unix
            ? endpoint with { Transport = tls is null ? ModuleTransport.Tcp : ModuleTransport.Tls, Tls = tls }
            : throw new CliException($"{option}: '{text}' is not a host and a port, such as 127.0.0.1:5100");
}
