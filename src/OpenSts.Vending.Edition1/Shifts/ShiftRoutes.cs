using OpenSts.Vending.Access;
using OpenSts.Vending.Api;
using OpenSts.Vending.Operations;
using OpenSts.Vending.Storage;

namespace OpenSts.Vending.Shifts;

/// <summary>Shifts over the API.</summary>
internal sealed class ShiftRoutes(IStore store, VendingSettings settings, TimeProvider time)
{
    public IEnumerable<ApiRoute> Rows =>
    [
        ApiRoute.Of("GET", "/v1/shifts", Permission.ReportsRead, "Shifts, the newest first", List) with { Query = ApiRoute.Paging },
        ApiRoute.Of("POST", "/v1/shifts", Permission.ShiftsUse, "Open a shift with the money in the till", Open) with { Body = [FieldSpec.Money("float").Optional] },
        ApiRoute.Of("POST", "/v1/shifts/closing", Permission.ShiftsUse, "Close the caller's shift with the money counted", Close) with { Body = [FieldSpec.Money("counted")] },
    ];

    private sealed record View(string Id, string Operator, string? Vendor, DateTimeOffset Opened, string Float, DateTimeOffset? Closed, string? Counted, string? Sold, string? Difference);

    private View Show(Shift shift)
    {
        string? Money(long? minor) => minor is { } amount ? settings.Currency.Format(amount) : null;
        return new View(shift.Id, shift.Operator, shift.Vendor, shift.Opened, settings.Currency.Format(shift.Float), shift.Closed, Money(shift.Counted), Money(shift.Sold), Money(shift.Difference));
    }

    private ApiAnswer List(ApiCall call)
    {
        if (!call.TryLimit(out var limit, out var problem) || !call.TryCursor(out var cursor, out problem))
            return problem;
        return ApiCall.Page(store.Read(session => Shift.List(session, cursor.Length == 0 ? "~" : cursor, limit + 1)), limit, shift => shift.Id, Show);
    }

    private ApiAnswer Open(ApiCall call)
    {
        var amount = call.Body.DecimalOrNull("float") ?? 0;
        if (!settings.Currency.TryToMinor(amount, out var minor))
            return ApiCall.Invalid("float", call.Body.Text("float"), $"at most {settings.Currency.Decimals} decimals");
        return TryOpen(store, call.Caller, minor, time.GetUtcNow()).TryGet(out var shift, out var refusal)
            ? ApiAnswer.Created("/v1/shifts", Show(shift))
            : ApiAnswer.Problem(refusal);
    }

    private ApiAnswer Close(ApiCall call)
    {
        if (!settings.Currency.TryToMinor(call.Body.Decimal("counted"), out var minor))
            return ApiCall.Invalid("counted", call.Body.Text("counted"), $"at most {settings.Currency.Decimals} decimals");
        return store.Write(session => Shift.TryClose(session, call.Caller.Id, minor, time.GetUtcNow())).TryGet(out var shift, out var refusal)
            ? ApiAnswer.Ok(Show(shift))
            : ApiAnswer.Problem(refusal);
    }

    /// <summary>Opens a shift for a caller.</summary>
    public static Documents.Verdict<Shift> TryOpen(IStore store, Caller caller, long minor, DateTimeOffset at) => store.Write(session => Shift.TryOpen(session, new Shift
    {
        Id = Guid.CreateVersion7(at).ToString("N"),
        Operator = caller.Id,
        Vendor = caller.Vendor,
        Opened = at,
        Float = minor,
    }));
}
