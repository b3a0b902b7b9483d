namespace OpenSts.Metering;

/// <summary>A meter's result for a token. The numbers are those of the TokenStatus register.</summary>
/// <remarks>IEC 62055-52, TokenStatus; STS 202-4 for 17 and 18.</remarks>
public enum TokenResult
{
    /// <summary>Applied; also the result of the token that completes a key change set.</summary>
    Accept = 1,

    /// <summary>The first section of a key change has been entered.</summary>
    FirstKeyChangeToken = 2,

    /// <summary>The second section of a key change has been entered.</summary>
    SecondKeyChangeToken = 3,

    /// <summary>A register would overflow; nothing changed and the token may be entered later.</summary>
    OverflowError = 4,

    /// <summary>The key change would break the key type rules, or the carrier may not be used with a common
    /// key.</summary>
    KeyTypeError = 5,

    /// <summary>Not 20 digits below 2^66, or bits that must be zero are not.</summary>
    FormatError = 6,

    /// <summary>A value is outside its defined range.</summary>
    RangeError = 7,

    /// <summary>The meter does not have this function.</summary>
    FunctionError = 8,

    /// <summary>Older than every token identifier the meter stores.</summary>
    OldError = 9,

    /// <summary>Entered before.</summary>
    UsedError = 10,

    /// <summary>Made after the key had expired.</summary>
    KeyExpiredError = 11,

    /// <summary>Credit under a default key.</summary>
    DdtkError = 12,

    /// <summary>The CRC is wrong after decryption: another meter's token, another key, or mistyped digits.</summary>
    CrcError = 13,

    /// <summary>A test token for meters of another manufacturer.</summary>
    ManufacturerCodeError = 14,

    /// <summary>The lock-out runs: tokens are refused until its time has passed.</summary>
    Lockout = 15,

    /// <summary>The last token of a virtual carrier is still being processed.</summary>
    NotReady = 16,

    /// <summary>The third section of a key change has been entered.</summary>
    ThirdKeyChangeToken = 17,

    /// <summary>The fourth section of a key change has been entered.</summary>
    FourthKeyChangeToken = 18,
}

/// <summary>Names and groups of results.</summary>
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

    /// <summary>True where the token had its effect: accepted, or entered as a section of a key change set.</summary>
    public static bool IsTaken(this TokenResult result) => result is TokenResult.Accept
        or TokenResult.FirstKeyChangeToken or TokenResult.SecondKeyChangeToken or TokenResult
            .ThirdKeyChangeToken or TokenResult.FourthKeyChangeToken;

    /// <summary>True for an authentication failure, which the lock-out counts: wrong CRC or manufacturer
    /// code.</summary>
    // STS 202-4, 3.1: only an AuthenticationError affects the lock-out.
    public static bool IsAuthenticationError(this TokenResult result) =>
        result is TokenResult.CrcError or TokenResult.ManufacturerCodeError;
}
