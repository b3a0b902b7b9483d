using OpenSts.Dlms.Apdu;

namespace OpenSts.Dlms.Server;

/// <summary>An answer that goes out in blocks.</summary>
/// <remarks>IEC 62056-5-3, block transfer with GET and ACTION.</remarks>
internal sealed class OutgoingTransfer
{
    /// <summary>The least an answer may be limited to, in octets.</summary>
    public const int LeastRoom = Overhead + 1;

    // The head of a block with the longest form of its length.
    private const int Overhead = 14;
    private byte[]? _octets;
    private int _sent;
    private uint _number;
    private bool _isAction;

    /// <summary>True while a block of that service is still to be asked for.</summary>
    public bool IsWaiting(bool isAction) => _octets is not null && _isAction == isAction;

    /// <summary>True where the client acknowledges the block that was sent last.</summary>
    public bool IsNext(uint number) => number == _number;

    /// <summary>Forgets the transfer.</summary>
    public void End() => _octets = null;

    /// <summary>The first block of an answer.</summary>
    public ServiceResponse Begin(ReadOnlySpan<byte> octets, bool isAction, byte invoke, int room)
    {
        _octets = octets.ToArray();
        _isAction = isAction;
        _sent = 0;
        _number = 0;
        return Next(invoke, room);
    }

    /// <summary>The block after the one that was sent last.</summary>
    public ServiceResponse Next(byte invoke, int room)
    {
        var count = Math.Min(room - Overhead, _octets!.Length - _sent);
        var isLast = _sent + count == _octets.Length;
        var block = new Block(isLast, ++_number, _octets.AsSpan(_sent, count).ToArray());
        _sent += count;
        if (isLast)
            _octets = null;
        return _isAction ? new ActionBlockResponse(invoke, block)
            : new GetBlockResponse(invoke, block, DataAccessResult.Success);
    }
}
