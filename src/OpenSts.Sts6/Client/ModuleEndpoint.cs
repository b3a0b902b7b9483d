using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace OpenSts.Sts6.Client;

/// <summary>How a security module is reached.</summary>
public enum ModuleTransport
{
    /// <summary>Plain TCP: a module offers it on its own machine only.</summary>
    Tcp,

    /// <summary>TLS with a certificate on either side.</summary>
    Tls,

    /// <summary>A Unix socket on the same machine.</summary>
    Unix,
}

/// <summary>Where a security module listens and how long it is waited for.</summary>
public sealed record ModuleEndpoint
{
    private static readonly SearchValues<char> NotInHostNames = SearchValues.Create(" /?#@,");

    /// <summary>The forms of an address, for messages.</summary>
    public const string Form =
        "host:port or tcp://host:port for plain TCP, tls://host:port for TLS, unix:///path for a Unix socket";

    /// <summary>How it is reached.</summary>
    public ModuleTransport Transport { get; init; }

    /// <summary>Name or address of the machine; empty for a Unix socket.</summary>
    public string Host { get; init; } = "";

    /// <summary>1 to 65535; 0 for a Unix socket.</summary>
    public int Port { get; init; }

    /// <summary>The Unix socket; otherwise empty.</summary>
    public string Path { get; init; } = "";

    /// <summary>Certificate and authority for <see cref="ModuleTransport.Tls"/>; stays the caller's.</summary>
    public MutualTls? Tls { get; init; }

    /// <summary>The name that the module's certificate must have; null for <see cref="Host"/>.</summary>
    public string? CertificateName { get; init; }

    /// <summary>How lines are told apart; null for frames over TCP and TLS, and lines on a Unix socket.</summary>
    public SessionFraming? Framing { get; init; }

    /// <summary>Longest time for one answer. 5 seconds.</summary>
    public TimeSpan AnswerTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Longest time to connect, the TLS handshake included. 2 seconds.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How often a request is sent again: 2 or more, as the protocol's own rule says.</summary>
    public int Retries { get; init; } = 2;

    /// <summary>Connections kept at most; more requests wait. 8.</summary>
    public int Connections { get; init; } = 8;

    /// <summary>
    /// True where the six octets in front of an answer must be those of its request. False only for a module of
    /// another maker that does not send them back.
    /// </summary>
    public bool RequiresSameHead { get; init; } = true;

    /// <summary>The framing that is used.</summary>
    public SessionFraming UsedFraming =>
        Framing ?? (Transport == ModuleTransport.Unix ? SessionFraming.Lines : SessionFraming.Wrapped);

    /// <summary>
    /// Reads an address of one of the <see cref="Form"/>s. For TLS the caller adds <see cref="Tls"/>.
    /// </summary>
    public static bool TryParse([NotNullWhen(true)] string? text, [NotNullWhen(true)] out ModuleEndpoint? endpoint)
    {
        endpoint = null;
        if (string.IsNullOrWhiteSpace(text))
            return false;
        var mark = text.IndexOf("://", StringComparison.Ordinal);
        var (scheme, rest) = mark < 0 ? ("tcp", text) : (text[..mark], text[(mark + 3)..]);
        if (scheme == "unix")
        {
            if (!rest.StartsWith('/') || rest.Length < 2)
                return false;
            endpoint = new ModuleEndpoint { Transport = ModuleTransport.Unix, Path = rest };
            return true;
        }

        var colon = rest.LastIndexOf(':');
        if (scheme is not ("tcp" or "tls") || colon <= 0
            || !ushort.TryParse(rest.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port)
            || port == 0)
            return false;
        var host = rest[..colon];
        // Colons of an address of IPv6 stand in brackets.
        if (host.StartsWith('[') ? !host.EndsWith(']') : host.Contains(':', StringComparison.Ordinal))
            return false;
        host = host.Trim('[', ']');
        if (host.Length == 0 || host.AsSpan().ContainsAny(NotInHostNames))
            return false;
        endpoint = new ModuleEndpoint
        {
            Transport = scheme == "tls" ? ModuleTransport.Tls : ModuleTransport.Tcp,
            Host = host,
            Port = port,
        };
        return true;
    }

    /// <summary>The address as <see cref="TryParse"/> reads it.</summary>
    public override string ToString() => Transport switch
    {
        ModuleTransport.Unix => $"unix://{Path}",
        ModuleTransport.Tls => $"tls://{Authority}",
        _ => Authority,
    };

    private string Authority => string.Create(CultureInfo.InvariantCulture,
        $"{(Host.Contains(':', StringComparison.Ordinal) ? $"[{Host}]" : Host)}:{Port}");
}
