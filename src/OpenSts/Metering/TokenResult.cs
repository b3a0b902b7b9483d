namespace OpenSts.Metering;

/// <summary>A meter's answer to a token. The numbers are those of the TokenStatus register.</summary>
/// <remarks>IEC 62055-52, TokenStatus; STS 202-4 for 17 and 18.</remarks>
public enum TokenResult
{
    /// <summary>Applied; also answered by the token that completes a key change set.</summary>
    Accept = 1,

    /// <summary>The first section of a key change has been entered.</summary>
    FirstKeyChangeToken = 2,

    /// <summary>The second section of a key change has been entered.</summary>
    SecondKeyChangeToken = 3,

    /// <summary>A register would overflow; nothing changed and the token may be entered later.</summary>
    OverflowError = 4,

    /// <summary>The key change would break the rules of key types.</summary>
    KeyTypeError = 5,

    /// <summary>Not 20 digits below 2^66, or bits that must be zero are not.</summary>
    FormatError = 6,

    /// <summary>A value is outside its defined range.</summary>
    RangeError = 7,

    /// <summary>The meter does not have this function.</summary>
    FunctionError = 8,

    /// <summary>Older than every token the meter remembers.</summary>
    OldError = 9,

    /// <summary>Entered before.</summary>
    UsedError = 10,

    /// <summary>Made after the key had expired.</summary>
    KeyExpiredError = 11,

    /// <summary>Credit under a default key.</summary>
    DdtkError = 12,

    /// <summary>The check does not hold: another meter's token, another key, or wrong digits.</summary>
    CrcError = 13,

    /// <summary>A test token for another maker's meters.</summary>
    ManufacturerCodeError = 14,

    /// <summary>Too many wrong tokens: nothing is looked at until the time has run out.</summary>
    Lockout = 15,

    /// <summary>The last token of a virtual carrier is still being worked on.</summary>
    NotReady = 16,

    /// <summary>The third section of a key change has been entered.</summary>
    ThirdKeyChangeToken = 17,

    /// <summary>The fourth section of a key change has been entered.</summary>
    FourthKeyChangeToken = 18,
}

/// <summary>The standard's own spelling of results.</summary>
public static class TokenResults
{
    /// <summary>The name as the standard writes it, such as <c>1stKCT</c> or <c>DDTKError</c>.</summary>
    public static string StandardName(this TokenResult result) => result switch
    {
        TokenResult.FirstKeyChangeToken => "1stKCT",
        TokenResult.SecondKeyChangeToken => "2ndKCT",
        TokenResult.ThirdKeyChangeToken => "3rdKCT",
        TokenResult.FourthKeyChangeToken => "4thKCT",
        TokenResult.DdtkError => "DDTKError",
        TokenResult.CrcError => "CRCError",
        TokenResult.ManufacturerCodeError => "MfrCodeError",
        _ => result.ToString(),
    };

    /// <summary>True for a token that did its part: accepted, or taken as a section of a key change set.</summary>
    public static bool IsTaken(this TokenResult result) => result is TokenResult.Accept
        or TokenResult.FirstKeyChangeToken or TokenResult.SecondKeyChangeToken or TokenResult.ThirdKeyChangeToken or TokenResult.FourthKeyChangeToken;

    /// <summary>True for a wrong token in the sense of the lock-out: the check or the maker's code did not hold.</summary>
    // STS 202-4, 3.1: only an AuthenticationError affects the lock-out.
    public static bool IsAuthenticationError(this TokenResult result) => result is TokenResult.CrcError or TokenResult.ManufacturerCodeError;
}
