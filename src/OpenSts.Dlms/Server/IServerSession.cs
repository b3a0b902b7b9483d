using OpenSts.Dlms.Wire;

namespace OpenSts.Dlms.Server;

/// <summary>The server's end of one connection: octets in, octets out. It does no I/O.</summary>
public interface IServerSession : IDisposable
{
    /// <summary>Takes octets as they came, whole frames or not, and writes what is to be sent.</summary>
    /// <returns>False where the connection has to be ended: what came is no frame of this kind.</returns>
    ValueTask<bool> ReceiveAsync(ReadOnlyMemory<byte> octets, WireWriter answer, CancellationToken cancellation);
}
