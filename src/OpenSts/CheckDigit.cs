namespace OpenSts;

/// <summary>The modulo-10 check digit of decoder reference numbers and MeterPANs.</summary>
/// <remarks>
/// IEC 62055-41, DRN check digit and PAN check digit: from the right, every second digit is doubled, digits are
/// summed.
/// </remarks>
public static class CheckDigit
{
    /// <summary>
    /// Computes the check digit, 0 to 9, of the lowest <paramref name="digits"/> decimal digits of
    /// <paramref name="payload"/>.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="digits"/> is not 1 to 18, or the payload has more
    /// digits.</exception>
    public static int Compute(ulong payload, int digits)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(digits, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(digits, 18);
        var sum = 0;
        for (var i = 0; i < digits; i++)
        {
            var digit = (int)(payload % 10);
            payload /= 10;
            // The digits of the doubled digit are summed: 2d or 2d - 9.
            sum += i % 2 == 1 ? digit : digit < 5 ? 2 * digit : (2 * digit) - 9;
        }

        ArgumentOutOfRangeException.ThrowIfNotEqual(payload, 0ul);
        return (10 - (sum % 10)) % 10;
    }
}
