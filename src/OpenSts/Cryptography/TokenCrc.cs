namespace OpenSts.Cryptography;

/// <summary>The 16-bit check of a token.</summary>
/// <remarks>
/// IEC 62055-41, CRC and CRC_C: preset FFFFh, reflected polynomial A001h, over seven octets that hold the class and the
/// 48 data bits, and one more octet 01h for currency; the register's two octets are swapped.
/// </remarks>
internal static class TokenCrc
{
    private static readonly ushort[] Table = Octets();

    public static ushort Compute(int tokenClass, ulong data48) => Swapped(Over7(tokenClass, data48));

    public static ushort ComputeCurrency(int tokenClass, ulong data48)
    {
        var crc = Over7(tokenClass, data48);
        return Swapped((ushort)((crc >> 8) ^ Table[(crc ^ 1) & 255]));
    }

    private static ushort Over7(int tokenClass, ulong data48)
    {
        var octets = ((ulong)tokenClass << 48) | data48;
        var crc = 0xFFFF;
        for (var shift = 48; shift >= 0; shift -= 8)
            crc = (crc >> 8) ^ Table[(crc & 255) ^ (int)((octets >> shift) & 255)];
        return (ushort)crc;
    }

    private static ushort Swapped(ushort crc) => (ushort)((crc >> 8) | ((crc & 255) << 8));

    private static ushort[] Octets()
    {
        var table = new ushort[256];
        for (var i = 0; i < 256; i++)
        {
            var crc = i;
            for (var bit = 0; bit < 8; bit++)
                crc = (crc & 1) != 0 ? (crc >> 1) ^ 0xA001 : crc >> 1;
            table[i] = (ushort)crc;
        }

        return table;
    }
}
