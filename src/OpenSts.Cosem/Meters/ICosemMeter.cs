using OpenSts.Metering;

namespace OpenSts.Cosem.Meters;

/// <summary>
/// All that the COSEM server needs of a meter: what it is, how it stands, and the few things that can be asked of it.
/// </summary>
/// <remarks>Called from several threads. The lock-out is the meter's own and the same for every way in.</remarks>
public interface ICosemMeter
{
    /// <summary>What the meter is by construction.</summary>
    MeterNameplate Nameplate { get; }

    /// <summary>Reads the meter: all values belong to one moment.</summary>
    /// <exception cref="IOException">The meter cannot be reached.</exception>
    ValueTask<MeterReading> ReadAsync(CancellationToken cancellation);

    /// <summary>Enters a token. What came of it is also in the readings after it.</summary>
    /// <param name="entry">The digits, or octets that are none: those are refused with FormatError and noted like any
    /// other.</param>
    /// <param name="cancellation">Ends the wait, not what the meter has begun.</param>
    ValueTask<TokenVerdict> EnterAsync(TokenEntry entry, CancellationToken cancellation);

    /// <summary>
    /// Opens or closes the load switch on the utility's behalf; false where the meter does not do it now.
    /// </summary>
    ValueTask<bool> SwitchAsync(bool connect, CancellationToken cancellation);

    /// <summary>Sets the clock; false where the meter refuses.</summary>
    ValueTask<bool> SetTimeAsync(DateTimeOffset time, CancellationToken cancellation);

    /// <summary>
    /// Sets the credit below which the meter warns, in the units of <see cref="MeterReading.Credit"/>; false where the
    /// meter refuses.
    /// </summary>
    ValueTask<bool> SetLowCreditThresholdAsync(long units, CancellationToken cancellation);
}

/// <summary>By which way a token came. The numbers are those of token_delivery_method.</summary>
/// <remarks>IEC 62056-6-2, Token gateway.</remarks>
public enum DeliveryMethod
{
    /// <summary>By a remote connection.</summary>
    Remote = 0,

    /// <summary>By a connection on the spot.</summary>
    Local = 1,

    /// <summary>By the keypad.</summary>
    Manual = 2,
}

/// <summary>A token on its way into the meter.</summary>
/// <param name="Digits">20 digits; null where what was received is no token.</param>
/// <param name="Received">The octets as they came.</param>
/// <param name="Method">By which way.</param>
public sealed record TokenEntry(string? Digits, byte[] Received, DeliveryMethod Method);

/// <summary>A meter's answer to a token.</summary>
/// <param name="Result">The answer.</param>
/// <param name="Token">What the token says; null where it could not be read.</param>
public readonly record struct TokenVerdict(TokenResult Result, Token? Token);

/// <summary>A token that was entered, by whatever way, and what came of it.</summary>
/// <param name="Time">When.</param>
/// <param name="Entry">What was entered.</param>
/// <param name="Verdict">What came of it.</param>
public sealed record EnteredToken(DateTimeOffset Time, TokenEntry Entry, TokenVerdict Verdict);
