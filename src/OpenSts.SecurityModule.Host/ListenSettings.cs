using System.Net;
using OpenSts.SecurityModule.Transport;

namespace OpenSts.SecurityModule.Host;

/// <summary>Where a module listens, as read from options that were checked.</summary>
public sealed record ListenSettings
{
    /// <summary>Addresses for frames over TCP.</summary>
    public IReadOnlyList<IPEndPoint> Tcp { get; init; } = [];

    /// <summary>Addresses for bare lines over TCP.</summary>
    public IReadOnlyList<IPEndPoint> TcpLines { get; init; } = [];

    /// <summary>Unix sockets for bare lines.</summary>
    public IReadOnlyList<string> Unix { get; init; } = [];

    /// <summary>Users by number who may use the Unix sockets beside the module's own user.</summary>
    public IReadOnlyList<uint> UnixUsers { get; init; } = [];

    /// <summary>Serial lines, such as <c>/dev/ttyUSB0:9600,8N1</c>.</summary>
    public IReadOnlyList<string> Serial { get; init; } = [];

    /// <summary>What hosts speak.</summary>
    public SessionProtocol Protocol { get; init; }
}
