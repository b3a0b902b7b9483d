using OpenSts.Vending.Access;
using OpenSts.Vending.Api;
using OpenSts.Vending.Money;
using OpenSts.Vending.Operations;
using OpenSts.Vending.Storage;

namespace OpenSts.Vending.Vendors;

/// <summary>Vendors and their wallets over the API.</summary>
internal sealed class VendorRoutes(IStore store, VendingSettings settings, TimeProvider time)
{
    public IEnumerable<ApiRoute> Rows =>
    [
        ApiRoute.Of("GET", "/v1/vendors", Permission.VendorsRead, "Vendors in order of their ids", List) with { Query = ApiRoute.Paging },
        ApiRoute.Of("GET", "/v1/vendors/{id}", Permission.VendorsRead, "One vendor with what its wallet holds", Get),
        ApiRoute.Of("PUT", "/v1/vendors/{id}", Permission.VendorsWrite, "Add a vendor, or change it by If-Match", Put) with
        {
            Body =
            [
                FieldSpec.Text("name", 100),
                FieldSpec.Text("outlet", 100).Optional,
                FieldSpec.Decimal("floor", -100_000_000, 100_000_000).Optional,
                FieldSpec.Decimal("commissionPercent", 0, 100).Optional,
                FieldSpec.Flag("active").Optional,
            ],
        },
        ApiRoute.Of("POST", "/v1/vendors/{id}/deposits", Permission.VendorsWrite, "Put money into a wallet; the reference is used once", Deposit) with
        {
            Body = [FieldSpec.Money("amount", 0.0001m), FieldSpec.Text("reference", 64)],
        },
        ApiRoute.Of("GET", "/v1/vendors/{id}/entries", Permission.VendorsRead, "What moved the wallet, the newest first", Entries) with { Query = ApiRoute.Paging },
    ];

    private sealed record View(string Id, string Name, string Outlet, decimal Floor, decimal CommissionPercent, bool Active, string Wallet, string Currency);

    private sealed record EntryView(long Number, DateTimeOffset At, string Kind, string Reference, string Amount);

    private View Show(IStoreSession session, Vendor vendor) => new(vendor.Id, vendor.Name, vendor.Outlet, vendor.Floor, vendor.CommissionPercent, vendor.Active,
        settings.Currency.Format(Ledger.Balance(session, Accounts.Wallet(vendor.Id))), settings.Currency.Code);

    private ApiAnswer List(ApiCall call)
    {
        if (!call.TryLimit(out var limit, out var problem) || !call.TryCursor(out var after, out problem))
            return problem;
        return store.Read(session =>
        {
            var rows = call.Caller.Vendor is { } own
                ? [.. Vendor.Table.List(session, after, int.MaxValue).Where(row => row.Id == own)]
                : Vendor.Table.List(session, after, limit + 1);
            return ApiCall.Page(rows, limit, row => row.Id, row => Show(session, row.Value));
        });
    }

    // A vendor's caller knows of no other vendor.
    private static bool Sees(ApiCall call, string vendor) => call.Caller.Vendor is null || call.Caller.Vendor == vendor;

    private ApiAnswer Get(ApiCall call) => store.Read(session =>
        Sees(call, call.Path("id")) && Vendor.Table.Find(session, call.Path("id")) is { } found ? ApiAnswer.Ok(Show(session, found.Value), found.Version) : Unknown(call));

    private ApiAnswer Put(ApiCall call)
    {
        if (call.ResourceId(out var problem) is not { } id)
            return problem;
        var vendor = new Vendor
        {
            Id = id,
            Name = call.Body.Text("name"),
            Outlet = call.Body.Text("outlet", ""),
            Floor = call.Body.DecimalOrNull("floor") ?? 0,
            CommissionPercent = call.Body.DecimalOrNull("commissionPercent") ?? 0,
            Active = call.Body.Flag("active", true),
        };
        return store.Write(session => call.Put(Vendor.Table.Find(session, id), () => Vendor.Table.TryAdd(session, id, vendor),
            version => Vendor.Table.TryReplace(session, id, version, vendor), vendor, value => Show(session, value)));
    }

    private ApiAnswer Deposit(ApiCall call)
    {
        if (!settings.Currency.TryToMinor(call.Body.Decimal("amount"), out var minor))
            return ApiCall.Invalid("amount", call.Body.Text("amount"), $"at most {settings.Currency.Decimals} decimals");
        return store.Write(session =>
        {
            if (Vendor.Table.Find(session, call.Path("id")) is not { } found)
                return Unknown(call);
            var reference = $"{found.Id}/{call.Body.Text("reference")}";
            var booked = session.Query("SELECT p.minor FROM entries e JOIN postings p ON p.entry = e.number WHERE e.kind = 'deposit' AND e.reference = $1 AND p.account = $2",
                row => row.Number(0), reference, Accounts.Wallet(found.Id));
            if (booked.Count > 0 && booked[0] != minor)
                return ApiAnswer.Problem("exists", $"The reference was used for a deposit of {settings.Currency.Format(booked[0])}.", "reference");
            if (booked.Count == 0)
                Ledger.Post(session, time.GetUtcNow(), "deposit", reference, new Posting(Accounts.Wallet(found.Id), minor), new Posting(Accounts.Bank, -minor));
            return ApiAnswer.Ok(Show(session, found.Value), found.Version);
        });
    }

    private ApiAnswer Entries(ApiCall call)
    {
        if (!call.TryLimit(out var limit, out var problem) || !call.TryCursor(out var cursor, out problem))
            return problem;
        if (!Sees(call, call.Path("id")))
            return Unknown(call);
        var before = long.TryParse(cursor, out var number) ? number : long.MaxValue;
        var rows = store.Read(session => Ledger.Statement(session, Accounts.Wallet(call.Path("id")), before, limit + 1));
        return ApiCall.Page(rows, limit, row => row.Number.ToString(System.Globalization.CultureInfo.InvariantCulture),
            row => new EntryView(row.Number, row.At, row.Kind, row.Reference, settings.Currency.Format(row.Minor)));
    }

    private static ApiAnswer Unknown(ApiCall call) => ApiAnswer.Problem("not-found", $"The vendor {call.Path("id")} is not registered.");
}
