using System.CommandLine;
using OpenSts.Batch;
using OpenSts.Cli.SecurityModule;
using OpenSts.Cli.Terminal;
using OpenSts.Sts6;
using OpenSts.Sts6.Client;

namespace OpenSts.Cli.Batch;

/// <summary>The option <c>--module</c>: the security module that holds the keys of requests with a register.</summary>
internal sealed class ModuleOption
{
    private readonly Option<string[]> _modules = new("--module")
    {
        Description =
            "Host and port of a security module, such as 127.0.0.1:5100 or tls://module.example:5101; given again: "
                + "the next one asked when it fails",
    };

    private readonly TlsOptions _tls = new();

    public void AddTo(Command command)
    {
        command.Options.Add(_modules);
        _tls.AddTo(command);
    }

    /// <summary>The module; it connects when it is first asked.</summary>
    public ModuleConnection Open(ParseResult parsed)
    {
        var addresses = parsed.GetValue(_modules) ?? [];
        var tls = _tls.Read(parsed);
        ISecurityModule[] modules = [.. addresses.Select(address => new SecurityModuleClient(Endpoint(address, tls)))];
        return new ModuleConnection(
            modules.Length switch { 0 => null, 1 => modules[0], _ => new FailoverSecurityModule(modules) }, tls);
    }

    private static ModuleEndpoint Endpoint(string text, MutualTls? tls)
    {
        if (!ModuleEndpoint.TryParse(text, out var endpoint))
            throw new CliException($"--module: '{Excerpt.Of(text)}' is not {ModuleEndpoint.Form}");
        if (endpoint.Transport == ModuleTransport.Tls != (tls is not null))
            throw new CliException(tls is null
                ? $"--module: '{Excerpt.Of(text)}' needs --certificate, --certificate-key and --authority"
                : $"--module: '{Excerpt.Of(text)}' does not use the certificates given; write tls://{endpoint}");
        return endpoint with { Tls = tls };
    }
}

/// <summary>A module, or none, and what it needs.</summary>
internal sealed class ModuleConnection(ISecurityModule? module, MutualTls? tls) : IAsyncDisposable
{
    public ISecurityModule? Module => module;

    public async ValueTask DisposeAsync()
    {
        if (module is not null)
            await module.DisposeAsync();
        tls?.Dispose();
    }
}
