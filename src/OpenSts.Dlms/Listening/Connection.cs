using OpenSts.Dlms.Server;

namespace OpenSts.Dlms.Listening;

/// <summary>One connection of a <see cref="EpollConnectionLoop"/>, whose thread alone touches it.</summary>
/// <param name="descriptor">The socket.</param>
/// <param name="session">The session.</param>
internal sealed class Connection(int descriptor, IServerSession session)
{
    /// <summary>The socket.</summary>
    public int Descriptor { get; } = descriptor;

    /// <summary>The session.</summary>
    public IServerSession Session { get; } = session;

    /// <summary>When octets last came or went, in milliseconds of <see cref="Environment.TickCount64"/>.</summary>
    public long LastMoved { get; set; }

    /// <summary>True while the session waits for its meter: nothing is read meanwhile.</summary>
    public bool IsWaiting { get; set; }

    /// <summary>What the peer has not taken yet; nothing is read until it has.</summary>
    public ReadOnlyMemory<byte> Unsent { get; set; }

    /// <summary>True where the connection ends once everything is sent.</summary>
    public bool EndsWhenSent { get; set; }
}
