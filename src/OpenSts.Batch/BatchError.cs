namespace OpenSts.Batch;

/// <summary>Why a request has no result: a code of the contract, and a sentence for a person.</summary>
/// <param name="Code">One of the constants of this type. The contract lists them: docs/reference/batch.md.</param>
/// <param name="Message">Names the field, what it holds and what it may hold. Key material is never part of
/// it.</param>
public sealed record BatchError(string Code, string Message)
{
    /// <summary>
    /// The line is not JSON, or a field is missing, unknown, given twice, or of the wrong type or length.
    /// </summary>
    public const string Format = "Format";

    /// <summary>A value is outside its range.</summary>
    public const string Range = "Range";

    /// <summary>The check digit of the MeterPAN or of the decoder reference number is wrong.</summary>
    public const string CheckDigit = "CheckDigit";

    /// <summary>The issuer identification number is neither 600727 nor 0000.</summary>
    public const string IssuerIdentificationNumber = "IssuerIdentificationNumber";

    /// <summary>The vending key is not as long as the derivation needs.</summary>
    public const string VendingKeyLength = "VendingKeyLength";

    /// <summary>An algorithm is unknown, withdrawn, or does not go with another.</summary>
    public const string Algorithm = "Algorithm";

    /// <summary>The base date is not 1993, 2014 or 2035.</summary>
    public const string BaseDate = "BaseDate";

    /// <summary>The key has expired at the time of the token.</summary>
    public const string KeyExpired = "KeyExpired";

    /// <summary>A key of this type may not follow the old one.</summary>
    public const string KeyTypeError = "KeyTypeError";

    /// <summary>A default key carries no credit.</summary>
    public const string DdtkError = "DdtkError";

    /// <summary>The check of the token does not hold under the key.</summary>
    public const string CrcError = "CrcError";

    /// <summary>The class and subclass are reserved, or belong to another operation.</summary>
    public const string FunctionError = "FunctionError";

    /// <summary>The security module refused the request, or could not be asked.</summary>
    public const string Module = "Module";

    /// <summary>A required field was not given.</summary>
    public static BatchError Missing(string field) => new(Format, $"{field} is missing");

    /// <summary>A field was given that has no meaning in this request.</summary>
    public static BatchError Unwanted(string field, string why) =>
        new(Format, $"{field} is not permitted here: {why}");

    /// <summary>A field holds something it may not hold: "meter.baseDate: 2013 is not 1993, 2014 or 2035".</summary>
    public static BatchError Value(string code, string field, string held, string expected) =>
        new(code, $"{field}: {held} is not {expected}");
}
