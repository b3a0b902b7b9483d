namespace OpenSts;

/// <summary>The range check of the random bits.</summary>
internal static class TokenRandom
{
    public static byte Checked(byte value)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(value, 15);
        return value;
    }
}
