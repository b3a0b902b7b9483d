using System.Net;
using Microsoft.Extensions.Options;
using OpenSts.SecureStorage;
using OpenSts.SerialPorts;

namespace OpenSts.SecurityModule.Host;

/// <summary>Names every fault of the options at once: the option, what it held, what it may hold.</summary>
public sealed class ModuleOptionsValidator : IValidateOptions<ModuleOptions>
{
    private const string LineDefaults = "9600,8N1";

    /// <summary>The names of all options.</summary>
    internal static IReadOnlyList<string> Names { get; } =
    [
        "vault", "keyFile", "passphraseFile", "tokenLibrary", "token", "pinFile", "tokenKey", "checkpoint", "tcp", "tcpLines", "unix", "unixUser", "serial",
        "certificate", "certificateKey", "authority", "tidWindow",
    ];

    /// <inheritdoc/>
    public ValidateOptionsResult Validate(string? name, ModuleOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var faults = new List<string>();
        if (options.Vault.Length == 0)
            faults.Add("vault: missing; it is the folder of the vault");
        else if (!Directory.Exists(options.Vault))
            faults.Add($"vault: '{options.Vault}' is not a folder");
        var locks = new[] { options.KeyFile, options.PassphraseFile, options.TokenLibrary }.Count(text => text.Length > 0);
        if (locks == 0)
            faults.Add("keyFile: missing; give keyFile, passphraseFile or tokenLibrary to open the vault");
        if (options.KeyFile.Length > 0 && options.PassphraseFile.Length > 0)
            faults.Add("passphraseFile: give keyFile or passphraseFile, not both");
        foreach (var (option, path) in new[] { ("keyFile", options.KeyFile), ("passphraseFile", options.PassphraseFile), ("pinFile", options.PinFile), ("tokenLibrary", options.TokenLibrary),
            ("certificate", options.Certificate), ("certificateKey", options.CertificateKey), ("authority", options.Authority) })
        {
            if (path.Length > 0 && !File.Exists(path))
                faults.Add($"{option}: there is no file '{path}'");
        }

        if (options.TokenLibrary.Length > 0 && (options.Token.Length == 0 || options.PinFile.Length == 0))
            faults.Add("token: tokenLibrary needs token and pinFile");
        var tls = new[] { options.Certificate, options.CertificateKey, options.Authority }.Count(text => text.Length > 0);
        if (tls is 1 or 2)
            faults.Add("certificate: give certificate, certificateKey and authority together");
        if (options.TidWindow is < 0 or > 36_500)
            faults.Add($"tidWindow: '{options.TidWindow}' is out of range; 0 to 36500 days");
        ValidateListeners(options, tls > 0, faults);
        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }

    /// <summary>The listeners of options that were checked.</summary>
    internal static ListenSettings Listeners(ModuleOptions options) => new()
    {
        Tcp = [.. Parts(options.Tcp).Select(IPEndPoint.Parse)],
        TcpLines = [.. Parts(options.TcpLines).Select(IPEndPoint.Parse)],
        Unix = Parts(options.Unix),
        UnixUsers = [.. Parts(options.UnixUser).Select(text => UnixUsers.TryFind(text, out var user) ? user : throw new InvalidOperationException($"There is no user {text}."))],
        Serial = [.. Parts(options.Serial).Select(text => text.Replace(';', ','))],
    };

    private static void ValidateListeners(ModuleOptions options, bool hasTls, List<string> faults)
    {
        if (Parts(options.Tcp).Length + Parts(options.TcpLines).Length + Parts(options.Unix).Length + Parts(options.Serial).Length == 0)
            faults.Add("tcp: nothing to listen on; give tcp, tcpLines, unix or serial");
        foreach (var (option, text) in Parts(options.Tcp).Select(text => ("tcp", text)).Concat(Parts(options.TcpLines).Select(text => ("tcpLines", text))))
        {
            if (!text.Contains(':', StringComparison.Ordinal) || !IPEndPoint.TryParse(text, out var endpoint))
                faults.Add($"{option}: '{text}' is not an address and a port, such as 127.0.0.1:5100");
            else if (!hasTls && !IPAddress.IsLoopback(endpoint.Address))
                faults.Add($"{option}: '{text}' is open to other machines; that needs certificate, certificateKey and authority");
        }

        foreach (var text in Parts(options.UnixUser).Where(text => !UnixUsers.TryFind(text, out _)))
            faults.Add($"unixUser: there is no user '{text}' on this machine");
        foreach (var text in Parts(options.Serial).Where(text => !SerialPortSettings.TryParse(text.Replace(';', ','), LineDefaults, out _)))
            faults.Add($"serial: '{text}' is not {SerialPortSettings.Form}");
    }

    private static string[] Parts(string text) => text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
