using OpenSts.Dlms.Values;
using OpenSts.Dlms.Wire;

namespace OpenSts.Dlms.Apdu;

/// <summary>What a server says without being asked.</summary>
/// <remarks>IEC 62056-5-3, DataNotification.</remarks>
/// <param name="LongInvoke">Identifier in the lower 24 bits, flags above.</param>
/// <param name="Time">When; every part open where the server does not say.</param>
/// <param name="Body">What it says.</param>
public sealed record DataNotification(uint LongInvoke, CosemDateTime Time, CosemValue Body)
{
    /// <summary>The first octet.</summary>
    public const byte Tag = 0x0F;

    /// <summary>Reads one that fills the octets.</summary>
    public static DataNotification? TryRead(ReadOnlySpan<byte> octets)
    {
        var reader = new WireReader(octets);
        if (reader.U8() != Tag)
            return null;
        var invoke = reader.U32();
        var when = reader.Counted();
        var time = CosemDateTime.Open;
        if (!when.IsEmpty && !CosemDateTime.TryRead(when, out time))
            return null;
        var body = reader.Value();
        return reader.IsAtEnd ? new DataNotification(invoke, time, body) : null;
    }

    /// <summary>Writes it.</summary>
    public void Write(WireWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.U8(Tag);
        writer.U32(LongInvoke);
        writer.Counted(Time.ToArray());
        writer.Value(Body);
    }
}
