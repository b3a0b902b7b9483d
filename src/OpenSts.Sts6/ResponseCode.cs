namespace OpenSts.Sts6;

/// <summary>The two digits with which a security module answers; the names are the protocol's.</summary>
/// <remarks>STS 600-8-6 as far as public clients show it. Codes without a member are a maker's own.</remarks>
public enum ResponseCode
{
    Successful = 0,
    DeviceFailure = 1,
    FormatError = 2,
    TokenCrcError = 3,

    /// <summary>Credit under a default key, or under a common key for a meter without magnetic cards.</summary>
    KeyTypeError = 5,
    KeypadCancelled = 10,

    /// <summary>The check of the request's frame is wrong.</summary>
    ChecksumError = 20,
    InvalidRequestHeader = 21,

    /// <summary>The key management centre's key is not in the state the command needs.</summary>
    KmcKeyStateError = 26,
    KekSlotNotFound = 27,

    /// <summary>The register is empty.</summary>
    VkRegNotFound = 28,
    KeyChangeNotAllowed = 29,

    /// <summary>The register's limit of units or of currency is used up.</summary>
    InsufficientCreditBalance = 31,
    InvalidSecurityModuleId = 33,

    /// <summary>Algorithm, tariff index, key type, revision, class or subclass do not fit the register.</summary>
    KeyParamError = 40,

    /// <summary>The token's time lies beyond the key expiry number.</summary>
    KeyExpired = 41,
    KeyIssueExpired = 42,
    KeyNotYetActive = 43,
    TidOutOfWindow = 44,
    LogRangeError = 45,
    SubclassNotAllowed = 48,
    DfFormatError = 49,
    KeypadError = 52,
    KeypadAbsent = 53,
    TamperedState = 57,
    AppErrorState = 58,
    PtvdFieldCount = 60,
    PtvdFieldType = 61,
    PtvdEncoding = 62,
    PtvdRange = 63,
    InvalidPan = 76,
    AuthenticationError = 77,
    ComponentCheckError = 78,
    DdtkCreditError = 80,
    InvalidNumberOfTokens = 85,
    InvalidInstruction = 87,
    AttributeError = 94,

    /// <summary>Not permitted by the module's licence; a maker's own code that public clients read this way.</summary>
    NotLicensed = 98,

    /// <summary>EE on the wire: the answer holds a text.</summary>
    ExtendedError = 0xEE,
}
