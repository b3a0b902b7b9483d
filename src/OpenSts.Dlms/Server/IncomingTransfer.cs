using OpenSts.Dlms.Apdu;
using OpenSts.Dlms.Values;
using OpenSts.Dlms.Wire;

namespace OpenSts.Dlms.Server;

/// <summary>A request that comes in blocks.</summary>
/// <remarks>IEC 62056-5-3, block transfer with SET and ACTION.</remarks>
/// <param name="maximum">The most octets it may have.</param>
internal sealed class IncomingTransfer(int maximum)
{
    private WireWriter? _octets;

    /// <summary>The request that began it; null while there is no transfer.</summary>
    public ServiceRequest? First { get; private set; }

    /// <summary>The number of the last block that came.</summary>
    public uint Number { get; private set; }

    /// <summary>Forgets the transfer.</summary>
    public void End()
    {
        _octets = null;
        First = null;
    }

    /// <summary>Takes the first block; false where it is not the first, or too long.</summary>
    public bool TryBegin(ServiceRequest first, Block block)
    {
        End();
        if (block.Number != 1 || block.Octets.Length > maximum)
            return false;
        First = first;
        Number = 1;
        _octets = new WireWriter(block.Octets.Length);
        _octets.Bytes(block.Octets);
        return true;
    }

    /// <summary>
    /// Takes the next block; false, and the end of the transfer, where it is not the next, or too much.
    /// </summary>
    public bool TryContinue(Block block)
    {
        if (block.Number != Number + 1 || _octets!.Length + block.Octets.Length > maximum)
        {
            End();
            return false;
        }

        Number++;
        _octets.Bytes(block.Octets);
        return true;
    }

    /// <summary>Ends the transfer and reads what came; null where it is no value, or no list of values.</summary>
    public IReadOnlyList<CosemValue>? Take(bool isList)
    {
        var octets = _octets!.Written;
        End();
        if (isList)
            return RequestReader.TryReadValues(octets);
        return CosemValueReader.TryRead(octets, out var value) ? [value] : null;
    }
}
