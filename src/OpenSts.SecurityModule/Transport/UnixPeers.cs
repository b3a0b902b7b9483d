using System.Net.Sockets;
using System.Runtime.InteropServices;
using OpenSts.SecureStorage;

namespace OpenSts.SecurityModule.Transport;

/// <summary>The users who may use a Unix socket, as the system says who is at its other end.</summary>
/// <param name="users">Beside the module's own user.</param>
internal sealed class UnixPeers(IReadOnlyCollection<uint> users)
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    // Connecting to a socket needs the right to write it.
    private const UnixFileMode Everybody = OwnerOnly | UnixFileMode.GroupWrite | UnixFileMode.OtherWrite;
    private const int SocketLevel = 1, PeerCredentials = 17;

    /// <summary>The mode of the socket: open to others only where their identity is checked.</summary>
    public UnixFileMode SocketMode => users.Count == 0 || !OperatingSystem.IsLinux() ? OwnerOnly : Everybody;

    /// <summary>True for a permitted user.</summary>
    /// <param name="socket">Accepted.</param>
    /// <param name="user">Who it is; the greatest number where the system does not say.</param>
    public bool Permits(Socket socket, out uint user)
    {
        user = uint.MaxValue;
        // Elsewhere the mode of the socket alone decides.
        if (!OperatingSystem.IsLinux())
            return true;
        // struct ucred: process, user, group.
        Span<uint> credentials = stackalloc uint[3];
        var length = socket.GetRawSocketOption(SocketLevel, PeerCredentials, MemoryMarshal.AsBytes(credentials));
        if (length < 8)
            return false;
        user = credentials[1];
        return user == UnixUsers.Current || users.Contains(user);
    }
}
