namespace OpenSts.Batch;

/// <summary>Why a request got no result: a code of the contract and a sentence that names the field, what it held and what it may hold.</summary>
/// <remarks>The codes are listed in docs/reference/batch.md. Key material never gets into the sentence.</remarks>
public sealed record BatchError(string Code, string Message)
{
    public const string Format = "Format";
    public const string Range = "Range";
    public const string CheckDigit = "CheckDigit";
    public const string IssuerIdentificationNumber = "IssuerIdentificationNumber";
    public const string VendingKeyLength = "VendingKeyLength";
    public const string Algorithm = "Algorithm";
    public const string BaseDate = "BaseDate";
    public const string KeyExpired = "KeyExpired";
    public const string KeyTypeError = "KeyTypeError";
    public const string DdtkError = "DdtkError";
    public const string CrcError = "CrcError";
    public const string FunctionError = "FunctionError";

    public static BatchError Missing(string field) => new(Format, $"{field} is missing");

    public static BatchError Unwanted(string field, string why) => new(Format, $"{field} is not permitted here: {why}");

    public static BatchError Value(string code, string field, string held, string permitted) =>
        new(code, $"{field} held {held}; permitted is {permitted}");
}
