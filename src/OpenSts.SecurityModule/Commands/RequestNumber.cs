namespace OpenSts.SecurityModule.Commands;

/// <summary>
/// Puts all that a request asks for into one number of 128 bits, so that two requests have the same only where they
/// ask the same.
/// </summary>
/// <remarks>
/// A token request takes 115 bits: meter 10^13 and 10^11, kind 4, register 1000, tariff 100, algorithm 2, carrier 9,
/// subclass 16, value 2^20, TID 2^24.
/// </remarks>
internal readonly struct RequestNumber
{
    private const ulong ElevenDigitForm = 600_727ul * 100_000_000_000, ThirteenDigitMeters = 10_000_000_000_000;

    private RequestNumber(UInt128 value) => Value = value;

    public UInt128 Value { get; }

    /// <summary>Begins with the meter and the kind: 0 credit, 1 management, 2 key change.</summary>
    public static RequestNumber Of(int kind, MeterPan pan)
    {
        // Without its check digit, and the two forms of a MeterPAN one behind the other.
        var meter = pan.Value / 10;
        meter = meter >= ElevenDigitForm ? meter - ElevenDigitForm + ThirteenDigitMeters : meter;
        return new RequestNumber((meter * 4) + (uint)kind);
    }

    /// <summary>Adds a number from 0 to one below the radix.</summary>
    public RequestNumber With(int number, int radix) => new((Value * (uint)radix) + (uint)number);
}
