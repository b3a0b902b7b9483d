namespace OpenSts.Vending.Contracts.Problems;

/// <summary>The codes of problems. Each is stable for ever and has a page at the server,
/// <c>/problems/{code}</c>.</summary>
public static class ProblemCodes
{
    /// <summary>HTTP status 400.</summary>
    public const string BodyUnreadable = "body-unreadable";

    /// <summary>HTTP status 400.</summary>
    public const string FieldInvalid = "field-invalid";

    /// <summary>HTTP status 401.</summary>
    public const string Unauthenticated = "unauthenticated";

    /// <summary>HTTP status 401.</summary>
    public const string SignInRefused = "sign-in-refused";

    /// <summary>HTTP status 403.</summary>
    public const string Forbidden = "forbidden";

    /// <summary>HTTP status 403.</summary>
    public const string Csrf = "csrf";

    /// <summary>HTTP status 404.</summary>
    public const string NotFound = "not-found";

    /// <summary>HTTP status 405.</summary>
    public const string MethodNotAllowed = "method-not-allowed";

    /// <summary>HTTP status 409.</summary>
    public const string VendExistsWithDifferentContent = "vend-exists-with-different-content";

    /// <summary>HTTP status 409.</summary>
    public const string Exists = "exists";

    /// <summary>HTTP status 409.</summary>
    public const string ReferenceUsed = "reference-used";

    /// <summary>HTTP status 412.</summary>
    public const string VersionMismatch = "version-mismatch";

    /// <summary>HTTP status 428.</summary>
    public const string VersionNeeded = "version-needed";

    /// <summary>HTTP status 413.</summary>
    public const string BodyTooLarge = "body-too-large";

    /// <summary>HTTP status 422.</summary>
    public const string IdempotencyKeyReused = "idempotency-key-reused";

    /// <summary>HTTP status 429.</summary>
    public const string TooManyRequests = "too-many-requests";

    /// <summary>HTTP status 422.</summary>
    public const string MeterUnknown = "meter-unknown";

    /// <summary>HTTP status 422.</summary>
    public const string MeterBlocked = "meter-blocked";

    /// <summary>HTTP status 422.</summary>
    public const string MeterReplaced = "meter-replaced";

    /// <summary>HTTP status 429.</summary>
    public const string MeterHourlyLimit = "meter-hourly-limit";

    /// <summary>HTTP status 503.</summary>
    public const string MeterBusy = "meter-busy";

    /// <summary>HTTP status 422.</summary>
    public const string SupplyGroupUnknown = "supply-group-unknown";

    /// <summary>HTTP status 422.</summary>
    public const string KeyUnknown = "key-unknown";

    /// <summary>HTTP status 422.</summary>
    public const string KeyExpired = "key-expired";

    /// <summary>HTTP status 422.</summary>
    public const string KeyChangeNeeded = "key-change-needed";

    /// <summary>HTTP status 422.</summary>
    public const string KeyChangeNotPermitted = "key-change-not-permitted";

    /// <summary>HTTP status 422.</summary>
    public const string KeyChangeNotConfirmed = "key-change-not-confirmed";

    /// <summary>HTTP status 422.</summary>
    public const string KeyNotEditable = "key-not-editable";

    /// <summary>HTTP status 422.</summary>
    public const string NoKeyChange = "no-key-change";

    /// <summary>HTTP status 422.</summary>
    public const string BaseDateEnded = "base-date-ended";

    /// <summary>HTTP status 422.</summary>
    public const string VendorUnknown = "vendor-unknown";

    /// <summary>HTTP status 422.</summary>
    public const string OutletUnknown = "outlet-unknown";

    /// <summary>HTTP status 422.</summary>
    public const string VendorCreditExhausted = "vendor-credit-exhausted";

    /// <summary>HTTP status 422.</summary>
    public const string NoOpenShift = "no-open-shift";

    /// <summary>HTTP status 422.</summary>
    public const string ShiftAlreadyOpen = "shift-already-open";

    /// <summary>HTTP status 422.</summary>
    public const string TenderOutOfLimits = "tender-out-of-limits";

    /// <summary>HTTP status 422.</summary>
    public const string TenderBuysNothing = "tender-buys-nothing";

    /// <summary>HTTP status 422.</summary>
    public const string AmountOutOfRange = "amount-out-of-range";

    /// <summary>HTTP status 422.</summary>
    public const string TariffUnknown = "tariff-unknown";

    /// <summary>HTTP status 422.</summary>
    public const string PeriodClosed = "period-closed";

    /// <summary>HTTP status 404.</summary>
    public const string VendUnknown = "issue-unknown";

    /// <summary>HTTP status 422.</summary>
    public const string OriginalUnknown = "original-unknown";

    /// <summary>HTTP status 422.</summary>
    public const string ReplacementOpen = "replacement-open";

    /// <summary>HTTP status 422.</summary>
    public const string ReplacementLimit = "replacement-limit";

    /// <summary>HTTP status 422.</summary>
    public const string NotAwaitingApproval = "not-awaiting-approval";

    /// <summary>HTTP status 422.</summary>
    public const string SecondPersonNeeded = "second-person-needed";

    /// <summary>HTTP status 422.</summary>
    public const string NotReversible = "not-reversible";

    /// <summary>HTTP status 422.</summary>
    public const string TokenReleased = "token-released";

    /// <summary>HTTP status 422.</summary>
    public const string NotIssued = "not-issued";

    /// <summary>HTTP status 422.</summary>
    public const string ModuleRefused = "module-refused";

    /// <summary>HTTP status 422.</summary>
    public const string LostInRestore = "lost-in-restore";

    /// <summary>HTTP status 504.</summary>
    public const string OutcomeUnknown = "outcome-unknown";

    /// <summary>HTTP status 503.</summary>
    public const string ClockBehind = "clock-behind";

    /// <summary>HTTP status 503.</summary>
    public const string ClockDiffers = "clock-differs";

    /// <summary>HTTP status 503.</summary>
    public const string ClockJumped = "clock-jumped";

    /// <summary>HTTP status 503.</summary>
    public const string Restored = "restored";

    /// <summary>HTTP status 503.</summary>
    public const string StoreUnavailable = "store-unavailable";

    /// <summary>HTTP status 503.</summary>
    public const string CurrencyDiffers = "currency-differs";

    /// <summary>HTTP status 500.</summary>
    public const string LedgerOutOfBalance = "ledger-out-of-balance";

    /// <summary>HTTP status 500.</summary>
    public const string Internal = "internal";
}
