using System.Numerics;

namespace OpenSts.Meter.Carriers.LocalPort;

/// <summary>The control characters of the local port, and its check character.</summary>
/// <remarks>IEC 62055-52. Characters have seven bits; the eighth is even parity or nothing, see
/// <see cref="ParityHandling"/>.</remarks>
internal static class ControlCharacters
{
    public const byte Soh = 0x01;
    public const byte Stx = 0x02;
    public const byte Etx = 0x03;
    public const byte Ack = 0x06;
    public const byte Nak = 0x15;
    public const byte Cr = 0x0D;
    public const byte Lf = 0x0A;

    /// <summary>The longest message either side takes, control characters included.</summary>
    public const int LongestMessage = 256;

    /// <summary>BCC: the exclusive or of the characters after the first up to and including ETX.</summary>
    public static byte Check(ReadOnlySpan<byte> characters)
    {
        byte check = 0;
        foreach (var c in characters)
            check ^= c;
        return (byte)(check & 0x7F);
    }

    /// <summary>The character with even parity in its eighth bit.</summary>
    public static byte WithEvenParity(byte character) =>
        (byte)(character | ((BitOperations.PopCount(character) & 1) << 7));

    /// <summary>True when an octet has even parity.</summary>
    public static bool HasEvenParity(byte octet) => (BitOperations.PopCount(octet) & 1) == 0;
}

/// <summary>Where the parity bit is made.</summary>
public enum ParityHandling
{
    /// <summary>By the device (7E1), or nowhere (TCP): octets have seven bits.</summary>
    ByTheLine,

    /// <summary>The session does: the eighth bit of each octet is even parity. For lines of eight bits, such as
    /// pseudo-terminals.</summary>
    InTheEighthBit,
}
