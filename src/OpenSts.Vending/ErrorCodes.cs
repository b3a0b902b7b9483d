using System.Collections.Frozen;

namespace OpenSts.Vending;

/// <summary>Every error of the API. Codes of the first edition keep their texts and their status.</summary>
public static class ErrorCodes
{
    private static readonly List<ErrorCode> Listed = [];

    // The request.
    public static readonly ErrorCode BodyUnreadable = Add("body-unreadable", 400);
    public static readonly ErrorCode FieldInvalid = Add("field-invalid", 400);
    public static readonly ErrorCode Unauthenticated = Add("unauthenticated", 401);
    public static readonly ErrorCode SignInRefused = Add("sign-in-refused", 401);
    public static readonly ErrorCode Forbidden = Add("forbidden", 403);
    public static readonly ErrorCode Csrf = Add("csrf", 403);
    public static readonly ErrorCode NotFound = Add("not-found", 404);
    public static readonly ErrorCode MethodNotAllowed = Add("method-not-allowed", 405);
    public static readonly ErrorCode VendExistsWithDifferentContent = Add("vend-exists-with-different-content", 409);
    public static readonly ErrorCode Exists = Add("exists", 409);
    public static readonly ErrorCode ReferenceUsed = Add("reference-used", 409);
    public static readonly ErrorCode VersionMismatch = Add("version-mismatch", 412);
    public static readonly ErrorCode VersionNeeded = Add("version-needed", 428);
    public static readonly ErrorCode BodyTooLarge = Add("body-too-large", 413);
    public static readonly ErrorCode IdempotencyKeyReused = Add("idempotency-key-reused", 422);
    public static readonly ErrorCode TooManyRequests = Add("too-many-requests", 429);

    // The meter and its key.
    public static readonly ErrorCode MeterUnknown = Add("meter-unknown", 422);
    public static readonly ErrorCode MeterBlocked = Add("meter-blocked", 422);
    public static readonly ErrorCode MeterReplaced = Add("meter-replaced", 422);
    public static readonly ErrorCode MeterHourlyLimit = Add("meter-hourly-limit", 429);
    public static readonly ErrorCode MeterBusy = Add("meter-busy", 503);
    public static readonly ErrorCode SupplyGroupUnknown = Add("supply-group-unknown", 422);
    public static readonly ErrorCode KeyUnknown = Add("key-unknown", 422);
    public static readonly ErrorCode KeyExpired = Add("key-expired", 422);
    public static readonly ErrorCode KeyChangeNeeded = Add("key-change-needed", 422);
    public static readonly ErrorCode KeyChangeNotPermitted = Add("key-change-not-permitted", 422);
    public static readonly ErrorCode KeyChangeNotConfirmed = Add("key-change-not-confirmed", 422);
    public static readonly ErrorCode KeyNotEditable = Add("key-not-editable", 422);
    public static readonly ErrorCode NoKeyChange = Add("no-key-change", 422);
    public static readonly ErrorCode BaseDateEnded = Add("base-date-ended", 422);

    // Money.
    public static readonly ErrorCode VendorUnknown = Add("vendor-unknown", 422);
    public static readonly ErrorCode OutletUnknown = Add("outlet-unknown", 422);
    public static readonly ErrorCode VendorCreditExhausted = Add("vendor-credit-exhausted", 422);
    public static readonly ErrorCode NoOpenShift = Add("no-open-shift", 422);
    public static readonly ErrorCode ShiftAlreadyOpen = Add("shift-already-open", 422);
    public static readonly ErrorCode TenderOutOfLimits = Add("tender-out-of-limits", 422);
    public static readonly ErrorCode TenderBuysNothing = Add("tender-buys-nothing", 422);
    public static readonly ErrorCode AmountOutOfRange = Add("amount-out-of-range", 422);
    public static readonly ErrorCode TariffUnknown = Add("tariff-unknown", 422);
    public static readonly ErrorCode PeriodClosed = Add("period-closed", 422);

    // Approval, replacement, reversal, receipts.
    public static readonly ErrorCode VendUnknown = Add("issue-unknown", 404);
    public static readonly ErrorCode OriginalUnknown = Add("original-unknown", 422);
    public static readonly ErrorCode ReplacementOpen = Add("replacement-open", 422);
    public static readonly ErrorCode ReplacementLimit = Add("replacement-limit", 422);
    public static readonly ErrorCode NotAwaitingApproval = Add("not-awaiting-approval", 422);
    public static readonly ErrorCode SecondPersonNeeded = Add("second-person-needed", 422);
    public static readonly ErrorCode NotReversible = Add("not-reversible", 422);
    public static readonly ErrorCode TokenReleased = Add("token-released", 422);
    public static readonly ErrorCode NotIssued = Add("not-issued", 422);

    // The module, the clock, the store.
    public static readonly ErrorCode ModuleRefused = Add("module-refused", 422, Effect.Decided);
    public static readonly ErrorCode LostInRestore = Add("lost-in-restore", 422, Effect.Decided);
    public static readonly ErrorCode OutcomeUnknown = Add("outcome-unknown", 504, Effect.Unknown);
    public static readonly ErrorCode ClockBehind = Add("clock-behind", 503);
    public static readonly ErrorCode ClockDiffers = Add("clock-differs", 503);
    public static readonly ErrorCode ClockJumped = Add("clock-jumped", 503);
    public static readonly ErrorCode Restored = Add("restored", 503);
    public static readonly ErrorCode StoreUnavailable = Add("store-unavailable", 503, Effect.Unknown);
    public static readonly ErrorCode CurrencyDiffers = Add("currency-differs", 503);
    public static readonly ErrorCode LedgerOutOfBalance = Add("ledger-out-of-balance", 500);
    public static readonly ErrorCode Internal = Add("internal", 500, Effect.Unknown);

    private static readonly FrozenDictionary<string, ErrorCode> ByText = Listed.ToFrozenDictionary(code => code.Text);

    /// <summary>All codes, in the order of this file.</summary>
    public static IReadOnlyList<ErrorCode> All => Listed;

    /// <summary>The code with this text, or null.</summary>
    public static ErrorCode? Find(string text) => ByText.GetValueOrDefault(text);

    private static ErrorCode Add(string text, int status, Effect effect = Effect.None)
    {
        var code = new ErrorCode(text, status, effect);
        Listed.Add(code);
        return code;
    }
}
