namespace OpenSts.Metering;

/// <summary>Which tokens are refused while the lock-out runs.</summary>
/// <remarks>STS 202-4, 3.1 says any token; meters of some manufacturers still accept tests.</remarks>
public enum LockoutScope
{
    /// <summary>Every token: the letter of STS 202-4.</summary>
    AllTokens,

    /// <summary>Tokens of class 0, 2 and 3; tests and displays are still accepted.</summary>
    MeterSpecificOnly,
}

/// <summary>Which accepted tokens end the lock-out and set the count of wrong tokens to zero.</summary>
/// <remarks>
/// STS 202-4, 3.1 says "the acceptance of a valid token" without excepting class 1. Test tokens are public and never
/// used up, so with
/// <see cref="AllTokens"/> anybody can end the lock-out between guesses: the default excepts them. A reading, see
/// docs/standard/readings.md.
/// </remarks>
public enum LockoutReset
{
    /// <summary>Accepted tokens of class 0 and 2 and a completed key change.</summary>
    MeterSpecificOnly,

    /// <summary>Any accepted token, class 1 too: the letter of STS 202-4.</summary>
    AllTokens,
}
