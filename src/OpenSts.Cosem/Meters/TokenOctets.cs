namespace OpenSts.Cosem.Meters;

/// <summary>
/// The forms in which clients send a token: 20 ASCII digits, 20 octets of value 0 to 9, 10 octets of BCD, 9 octets of
/// a number.
/// </summary>
/// <remarks>
/// STS 101-2, which settles the form, is not public and clients differ. The lengths and value ranges never clash, so
/// each form is taken: a reading, see docs/standard/readings.md.
/// </remarks>
public static class TokenOctets
{
    /// <summary>The token as 20 digits; false for octets of no form, and for a number above 2^66 - 1.</summary>
    public static bool TryRead(ReadOnlySpan<byte> octets, out string digits)
    {
        digits = "";
        UInt128 value = 0;
        switch (octets.Length)
        {
            case Token66.Digits:
                // Raw digits are 0 to 9, ASCII digits 48 to 57; one of each is neither.
                var zero = octets[0] >= '0' ? (byte)'0' : (byte)0;
                foreach (var octet in octets)
                {
                    if (octet < zero || octet > zero + 9)
                        return false;
                    value = (value * 10) + (uint)(octet - zero);
                }

                break;
            case Token66.Digits / 2:
                foreach (var octet in octets)
                {
                    if (octet >> 4 > 9 || (octet & 15) > 9)
                        return false;
                    value = (value * 100) + (uint)(((octet >> 4) * 10) + (octet & 15));
                }

                break;
            case 9:
                foreach (var octet in octets)
                    value = (value << 8) | octet;
                break;
            default:
                return false;
        }

        if (!Token66.TryFromValue(value, out var token))
            return false;
        digits = token.ToString();
        return true;
    }

    /// <summary>A token in one of the forms.</summary>
    public static byte[] Write(Token66 token, TokenForm form)
    {
        var digits = token.ToString();
        switch (form)
        {
            case TokenForm.Ascii:
                return System.Text.Encoding.ASCII.GetBytes(digits);
            case TokenForm.Digits:
                return [.. digits.Select(digit => (byte)(digit - '0'))];
            case TokenForm.Bcd:
                return Convert.FromHexString(digits);
            default:
                var octets = new byte[16];
                System.Buffers.Binary.BinaryPrimitives.WriteUInt128BigEndian(octets, token.Value);
                return octets[7..];
        }
    }
}

/// <summary>A form in which a token is sent.</summary>
public enum TokenForm
{
    /// <summary>20 ASCII digits; the usual one here.</summary>
    Ascii,

    /// <summary>20 octets of value 0 to 9.</summary>
    Digits,

    /// <summary>10 octets of two decimal digits each.</summary>
    Bcd,

    /// <summary>9 octets of one number, the most significant first.</summary>
    Binary,
}
