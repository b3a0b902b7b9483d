using OpenSts.Dlms.Wire;

namespace OpenSts.Dlms.Values;

/// <summary>Writes COSEM data: a tag and the content, lists with their count.</summary>
/// <remarks>IEC 62056-5-3 with the encoding of IEC 61334-6 (A-XDR).</remarks>
public static class CosemValueWriter
{
    /// <summary>Writes one value with its tag.</summary>
    public static void Value(this WireWriter writer, CosemValue value)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.U8((int)value.Type);
        switch (value.Type)
        {
            case CosemType.Array or CosemType.Structure:
                writer.Count(value.Elements.Length);
                foreach (var element in value.Elements)
                    writer.Value(element);
                break;
            case CosemType.OctetString or CosemType.VisibleString or CosemType.Utf8String:
                writer.Counted(value.Octets);
                break;
            case CosemType.BitString:
                writer.Count(value.BitCount);
                writer.Bytes(value.Octets);
                break;
            case CosemType.DateTime or CosemType.Date or CosemType.Time:
                writer.Bytes(value.Octets);
                break;
            default:
                Number(writer, value.Bits, value.Type.FixedWidth());
                break;
        }
    }

    private static void Number(WireWriter writer, long bits, int width)
    {
        for (var shift = 8 * (width - 1); shift >= 0; shift -= 8)
            writer.U8((int)((bits >> shift) & 0xFF));
    }
}
