namespace OpenSts.Vending.Api;

/// <summary>One kind of problem: its code is stable and is the end of its type URI, <c>/problems/{code}</c>.</summary>
/// <param name="Code">Machine readable.</param>
/// <param name="Status">The HTTP status.</param>
/// <param name="Title">One line.</param>
/// <param name="Meaning">What it means and what the caller does, for its documentation page.</param>
public sealed record ProblemKind(string Code, int Status, string Title, string Meaning);

/// <summary>Every problem the API answers with.</summary>
public static class ProblemCatalogue
{
    /// <summary>All kinds, in the order of their pages.</summary>
    public static IReadOnlyList<ProblemKind> All { get; } =
    [
        new("body-unreadable", 400, "The body is not JSON", "The body must be one JSON object of at most 64 kB, in UTF-8, at most 8 levels deep. Nothing was done."),
        new("field-invalid", 400, "A field is not permitted", "Each entry of errors names a field, what it held and what it may hold. Nothing was done; mend the fields and send again with the same id."),
        new("unauthenticated", 401, "Nobody is signed in", "Send an API key as 'Authorization: Bearer ...', or sign in at /sign-in. A key that was revoked is answered in the same way."),
        new("forbidden", 403, "Not permitted", "The caller is known but lacks the scope that the detail names."),
        new("csrf", 403, "The form is not from this session", "A request with a session cookie that changes something needs the header X-Csrf-Token or the form field _csrf."),
        new("not-found", 404, "There is no such resource", "The path or the identity is unknown. For a vend it is decisive: the id was never seen, and may be used."),
        new("method-not-allowed", 405, "The method is not offered here", "See /openapi.json for the methods of each path."),
        new("vend-exists-with-different-content", 409, "The id was used for another request", "An id belongs to one request for ever. Use a new id for a new request."),
        new("exists", 409, "It exists already", "The identity, account number or meter number is taken."),
        new("version-mismatch", 412, "The resource has changed", "The If-Match header names another version than the stored one. Read it again and repeat the change."),
        new("version-needed", 428, "The version is missing", "A change of an existing resource needs If-Match with the ETag of the version that was read."),
        new("body-too-large", 413, "The body is too large", "A body has at most 64 kB."),
        new("idempotency-key-reused", 422, "The idempotency key was used for another request", "A key belongs to one request. Use a new key."),
        new("meter-unknown", 422, "The meter is not registered", "The number is well formed, but no such meter is registered here."),
        new("meter-blocked", 422, "The meter is blocked", "Nothing is sold to it until it is unblocked; the detail has the reason."),
        new("meter-replaced", 422, "The meter was replaced", "Another meter stands in its place."),
        new("vendor-unknown", 422, "The vendor is not registered or not active", "Sales need an active vendor."),
        new("vendor-credit-exhausted", 422, "The vendor's wallet is empty", "The sale would take the wallet below its floor. Deposit first, then repeat with the same id."),
        new("no-open-shift", 422, "No shift is open", "An operator opens a shift before the first sale."),
        new("shift-already-open", 422, "A shift is open", "Close it first."),
        new("tender-out-of-limits", 422, "The tender is outside the tariff's limits", "The detail has the limits."),
        new("tender-buys-nothing", 422, "Nothing is left for units", "Charges, fees and arrears take the whole tender."),
        new("amount-out-of-range", 422, "The amount does not fit into a token", "A token holds 0.1 to 1820162.4 units."),
        new("tariff-unknown", 422, "The tariff is not active", "A second person must activate it."),
        new("supply-group-unknown", 422, "The supply group is not known", "It must be registered with its key registers."),
        new("key-unknown", 422, "The key is not known", "The supply group has no register for that revision and type."),
        new("key-expired", 422, "The key has expired", "It makes no more tokens for this time. Change the meter's key."),
        new("key-change-needed", 422, "The meter's key must be changed first", "Make a key change set, have it entered, confirm it."),
        new("key-change-not-permitted", 422, "That key may not follow", "The standard permits some sequences of key types only."),
        new("key-change-not-confirmed", 422, "A key change is on its way", "A set is never made anew with other content between entries. Print the stored one again, or confirm it."),
        new("no-key-change", 422, "No key change is on its way", "There is nothing to confirm."),
        new("base-date-ended", 422, "The base date has no identifier for this time", "Change the meter's key to one of a later base date."),
        new("clock-behind", 503, "The clock is behind", "The server's clock is behind what it has issued. Nothing was issued; the id may be used again."),
        new("clock-differs", 503, "The clocks differ", "Server and security module do not agree about the time. Nothing was issued; the id may be used again."),
        new("restored", 503, "The store is not complete", "The store was restored from a backup, and its journal does not have what is missing. Nothing is written until an operator has decided; whether an unknown id was sold is not known."),
        new("lost-in-restore", 422, "The issue was lost in a restore", "It was under way when the backup was made that the store was restored from. No token will be made for this id; whether one was before, the security module's log says."),
        new("module-refused", 422, "The security module refused", "The outcome is decisive: no token was made for this id and none will be."),
        new("outcome-unknown", 504, "The outcome is unknown", "The security module did not answer. Ask again with the same id, or read it: it becomes issued or refused, and never twice."),
        new("issue-unknown", 404, "There is no such issue", "The id was never seen."),
        new("original-unknown", 422, "There is no such sale to replace", "Only a sale with tokens can be replaced."),
        new("not-awaiting-approval", 422, "It does not wait for approval", "It was decided already."),
        new("second-person-needed", 422, "A second person is needed", "Who asked for it cannot approve it."),
        new("not-reversible", 422, "It cannot be taken back", "Only what is pending or not yet given out can be taken back."),
        new("token-released", 422, "A token has left the server", "It cannot be un-issued. Write a compensating entry instead."),
        new("not-issued", 422, "There is nothing to print", "A receipt exists once tokens are stored."),
        new("sign-in-refused", 401, "Sign-in refused", "Name or password is wrong, or the operator is locked for a while after several wrong passwords."),
        new("too-many-requests", 429, "Too many requests", "Wait for the seconds of Retry-After."),
        new("store-unavailable", 503, "The store cannot be used", "Whether the request was done is unknown. Ask again with the same id."),
        new("internal", 500, "The server failed", "This is a fault of the program. The log has an entry with the same trace id. Ask again with the same id."),
    ];

    /// <summary>The kind of a code; an unknown code is a fault of the program.</summary>
    public static ProblemKind Of(string code) => All.FirstOrDefault(kind => kind.Code == code) ?? All[^1];
}
