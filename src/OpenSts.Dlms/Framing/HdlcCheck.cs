namespace OpenSts.Dlms.Framing;

/// <summary>
/// The check of a frame: 16 bits, polynomial 1021h, least significant bit first, all ones before and after.
/// </summary>
/// <remarks>ISO/IEC 13239, 16-bit FCS.</remarks>
public static class HdlcCheck
{
    private static readonly ushort[] Table = Build();

    /// <summary>The check of the octets; sent low octet first.</summary>
    public static int Compute(ReadOnlySpan<byte> octets)
    {
        var check = 0xFFFF;
        foreach (var octet in octets)
            check = (check >> 8) ^ Table[(check ^ octet) & 0xFF];
        return check ^ 0xFFFF;
    }

    private static ushort[] Build()
    {
        var table = new ushort[256];
        for (var i = 0; i < table.Length; i++)
        {
            var value = i;
            for (var bit = 0; bit < 8; bit++)
                value = (value & 1) != 0 ? (value >> 1) ^ 0x8408 : value >> 1;
            table[i] = (ushort)value;
        }

        return table;
    }
}
