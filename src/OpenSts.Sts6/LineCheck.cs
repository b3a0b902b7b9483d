namespace OpenSts.Sts6;

/// <summary>
/// The check at the end of a line of STS6 and STS05: CRC-16/ARC, written as four hexadecimal capitals.
/// </summary>
/// <remarks>Reflected polynomial A001h, preset 0; the octets 123456789 give BB3D.</remarks>
public static class LineCheck
{
    /// <summary>Characters of a check.</summary>
    public const int Length = 4;
    private static readonly ushort[] Table = [.. Enumerable.Range(0, 256).Select(OfOctet)];

    /// <summary>The check of a line, as a number of 16 bits.</summary>
    public static ushort Compute(ReadOnlySpan<byte> line)
    {
        unchecked
        {
            var table = Table;
            var crc = 0u;
            foreach (var octet in line)
                crc = (crc >> 8) ^ table[(byte)(crc ^ octet)];
            return (ushort)crc;
        }
    }

    /// <summary>Writes the check of a line: four characters.</summary>
    public static void Write(ReadOnlySpan<byte> line, Span<byte> check)
    {
        uint crc = Compute(line);
        for (var i = 0; i < Length; i++)
            check[i] = "0123456789ABCDEF"u8[(int)((crc >> (12 - (4 * i))) & 15)];
    }

    /// <summary>True where four characters are the check of a line; small letters are not.</summary>
    public static bool IsOf(ReadOnlySpan<byte> line, ReadOnlySpan<byte> check)
    {
        Span<byte> wanted = stackalloc byte[Length];
        Write(line, wanted);
        return check.SequenceEqual(wanted);
    }

    private static ushort OfOctet(int octet)
    {
        for (var bit = 0; bit < 8; bit++)
            octet = (octet & 1) != 0 ? (octet >> 1) ^ 0xA001 : octet >> 1;
        return (ushort)octet;
    }
}
