using OpenSts.Vending.Data.Stores;
using OpenSts.Vending.Meters;
using OpenSts.Vending.Money;
using OpenSts.Vending.Vends;

namespace OpenSts.Vending.Data.Vends;

internal sealed record NumberedEntry(long Number, JournalEntry Entry);

internal sealed record NumberedPosting(long Entry, int Line, Posting Posting);

internal sealed record AccountChange(AccountCode Account, string Currency, long Minor);

internal sealed record PanTotals(string Pan, MeterTotals Totals);

internal sealed record GivenIdentifier(string Pan, int BaseDate, int Identifier, long VendNumber);

internal sealed record SealedToken(StoredVend Vend, VendToken Token, byte[] Sealed, byte[] Hash);

internal sealed record ReceiptCount(string Vendor, string Outlet, long Last);

internal sealed record AuditEntry(
    string Kind, DateTimeOffset At, string Actor, string? SecondActor, string Subject, string Details, byte[] Salt);

internal sealed record OutboxMessage(string Topic, string Subject, string Payload, DateTimeOffset At);

/// <summary>The columns that vends are written to.</summary>
internal static class VendRows
{
    public static readonly RowTable<StoredVend> VendIds = new("vend", "vend_ids", "",
        new("id", ColumnType.Text, vend => vend.Id),
        new("number", ColumnType.Number, vend => vend.Number),
        new("month", ColumnType.Day, vend => vend.Month),
        new("request_digest", ColumnType.Octets, vend => vend.Digest.ToArray()));

    public static readonly RowTable<StoredVend> Vends = new("vend", "vends", "",
        new("month", ColumnType.Day, vend => vend.Month),
        new("number", ColumnType.Number, vend => vend.Number),
        new("id", ColumnType.Text, vend => vend.Id),
        new("kind", ColumnType.Text, vend => vend.Plan.Kind.Text()),
        new("meter_pan", ColumnType.Text, vend => vend.Plan.Meter?.Pan.ToString()),
        new("vendor_id", ColumnType.Text, vend => vend.Plan.Vendor),
        new("outlet_id", ColumnType.Text, vend => vend.Plan.Outlet),
        new("terminal", ColumnType.Text, vend => vend.Plan.Terminal),
        new("shift_id", ColumnType.Text, vend => vend.Plan.Shift),
        new("payment_method", ColumnType.Text,
            vend => vend.Plan.Payment is { } payment ? StoredTexts.PaymentMethod.Of(payment) : null),
        new("requested_by", ColumnType.Text, vend => vend.Plan.RequestedBy.CallerId),
        new("requested_person", ColumnType.Text, vend => vend.Plan.RequestedBy.Person),
        new("approved_by", ColumnType.Text, vend => vend.Plan.ApprovedBy),
        new("reason", ColumnType.Text, vend => vend.Plan.Reason),
        new("work_order", ColumnType.Text, vend => vend.Plan.WorkOrder),
        new("original_id", ColumnType.Text, vend => vend.Plan.Original),
        new("customer_id", ColumnType.Text, vend => vend.Plan.Parties.CustomerId),
        new("tariff_id", ColumnType.Text, vend => vend.Plan.Quote is null ? null : vend.Plan.Meter?.Tariff),
        new("tariff_version", ColumnType.Number, vend => vend.Plan.Parties.TariffVersion),
        new("currency", ColumnType.Text, vend => vend.Plan.Currency),
        new("tender_minor", ColumnType.Number, vend => vend.Plan.Quote?.Tender ?? 0),
        new("change_minor", ColumnType.Number, vend => vend.Plan.ChangeMinor),
        new("milli_units", ColumnType.Number, vend => vend.Plan.MilliUnits),
        new("free_milli_units", ColumnType.Number, vend => vend.Plan.FreeMilliUnits),
        new("booked_on", ColumnType.Day, vend => vend.Plan.BookedOn),
        new("sandbox", ColumnType.Flag, vend => vend.Plan.IsSandbox),
        new("created_at", ColumnType.Time, vend => vend.Plan.CreatedAt),
        new("picture_version", ColumnType.Number, _ => VendPlanJson.Version),
        new("picture", ColumnType.Json, vend => VendPlanJson.Write(vend.Plan)));

    public static readonly RowTable<StoredVend> OpenVends = new("vend", "open_vends", "",
        new("number", ColumnType.Number, vend => vend.Number),
        new("month", ColumnType.Day, vend => vend.Month),
        new("id", ColumnType.Text, vend => vend.Id),
        new("state", ColumnType.Text, vend => vend.State.Text()),
        new("meter_pan", ColumnType.Text, vend => vend.Plan.Meter?.Pan.ToString()),
        new("shift_id", ColumnType.Text, vend => vend.Plan.Shift),
        new("kind", ColumnType.Text, vend => vend.Plan.Kind.Text()),
        new("version", ColumnType.Number, vend => vend.Version),
        new("key_change", ColumnType.Flag, vend =>
            vend.Plan.Orders.Any(order => order.Purpose == TokenPurpose.KeyChange)),
        new("attempts", ColumnType.Number, _ => 0),
        new("created_at", ColumnType.Time, vend => vend.Plan.CreatedAt));

    public static readonly RowTable<StoredVend> Results = new("vend", "vend_results", "",
        new("month", ColumnType.Day, vend => vend.Month),
        new("number", ColumnType.Number, vend => vend.Number),
        new("state", ColumnType.Text, vend => vend.State.Text()),
        new("completed_at", ColumnType.Time, vend => vend.CompletedAt),
        new("receipt_number", ColumnType.Number, vend => vend.ReceiptNumber),
        new("refusal_code", ColumnType.Text, vend => vend.Refusal?.Code.Text),
        new("refusal_arguments", ColumnType.Json, vend =>
            vend.Refusal is null ? null : VendPlanJson.WriteArguments(vend.Refusal)),
        new("decided_by", ColumnType.Text, vend => vend.DecidedBy),
        new("released_at", ColumnType.Time, vend => vend.ReleasedAt),
        new("copies", ColumnType.Number, _ => 0));

    public static readonly RowTable<SealedToken> Tokens = new("vend", "vend_tokens", "",
        new("month", ColumnType.Day, token => token.Vend.Month),
        new("number", ColumnType.Number, token => token.Vend.Number),
        new("order_position", ColumnType.Number, token => token.Token.Order),
        new("part", ColumnType.Number, token => token.Token.Part),
        new("purpose", ColumnType.Text, token => token.Vend.Plan.Orders[token.Token.Order].Purpose.Text()),
        new("value", ColumnType.Decimal, token => token.Vend.Plan.Orders[token.Token.Order].Value),
        new("sealed_token", ColumnType.Octets, token => token.Sealed),
        new("token_hash", ColumnType.Octets, token => token.Hash));

    public static readonly RowTable<GivenIdentifier> Identifiers = new("vend", "token_identifiers", "",
        new("meter_pan", ColumnType.Text, given => given.Pan),
        new("base_date", ColumnType.Number, given => given.BaseDate),
        new("identifier", ColumnType.Number, given => given.Identifier),
        new("vend_number", ColumnType.Number, given => given.VendNumber));

    public static readonly RowTable<PanTotals> Totals = new("vend", "meter_totals",
        "(meter_pan) DO UPDATE SET last_vend_at = excluded.last_vend_at, charged_through = excluded.charged_through, "
        + "fixed_charges_left_minor = excluded.fixed_charges_left_minor, month = excluded.month, "
        + "month_milli_units = excluded.month_milli_units, had_free_units = excluded.had_free_units, "
            + "day = excluded.day, "
        + "tendered_today_minor = excluded.tendered_today_minor, hour_started_at = excluded.hour_started_at, "
        + "tokens_in_hour = excluded.tokens_in_hour",
        new("meter_pan", ColumnType.Text, row => row.Pan),
        new("last_vend_at", ColumnType.Time, row => row.Totals.LastVendAt),
        new("charged_through", ColumnType.Day, row => row.Totals.ChargedThrough),
        new("fixed_charges_left_minor", ColumnType.Number, row => row.Totals.FixedChargesLeft),
        new("month", ColumnType.Day, row => row.Totals.Month),
        new("month_milli_units", ColumnType.Number, row => row.Totals.MonthMilliUnits),
        new("had_free_units", ColumnType.Flag, row => row.Totals.HadFreeUnits),
        new("day", ColumnType.Day, row => row.Totals.Day),
        new("tendered_today_minor", ColumnType.Number, row => row.Totals.TenderedToday),
        new("hour_started_at", ColumnType.Time, row => row.Totals.Hour),
        new("tokens_in_hour", ColumnType.Number, row => row.Totals.TokensInHour));

    public static readonly RowTable<ReceiptCount> ReceiptNumbers = new("vend", "receipt_numbers",
        "(vendor_id, outlet_id) DO UPDATE SET last_number = excluded.last_number",
        new("vendor_id", ColumnType.Text, row => row.Vendor),
        new("outlet_id", ColumnType.Text, row => row.Outlet),
        new("last_number", ColumnType.Number, row => row.Last));

    public static readonly RowTable<AccountChange> Accounts = new("ledger", "accounts",
        "(code) DO UPDATE SET balance_minor = accounts.balance_minor + excluded.balance_minor",
        new("code", ColumnType.Text, row => row.Account.ToString()),
        new("class", ColumnType.Text, row => ClassText(row.Account.Line.Class)),
        new("currency", ColumnType.Text, row => row.Currency),
        new("balance_minor", ColumnType.Number, row => row.Minor));

    public static readonly RowTable<NumberedEntry> Entries = new("ledger", "journal_entries", "",
        new("number", ColumnType.Number, row => row.Number),
        new("kind", ColumnType.Text, row => row.Entry.Kind.Text()),
        new("reference", ColumnType.Text, row => row.Entry.Reference),
        new("actor", ColumnType.Text, row => row.Entry.Actor),
        new("second_actor", ColumnType.Text, row => row.Entry.SecondActor),
        new("reason", ColumnType.Text, row => row.Entry.Reason),
        new("source", ColumnType.Text, row => row.Entry.Source),
        new("currency", ColumnType.Text, row => row.Entry.Currency.Code),
        new("recorded_at", ColumnType.Time, row => row.Entry.RecordedAt),
        new("booked_on", ColumnType.Day, row => row.Entry.BookedOn));

    public static readonly RowTable<NumberedPosting> Postings = new("ledger", "postings", "",
        new("entry", ColumnType.Number, row => row.Entry),
        new("line", ColumnType.Number, row => row.Line),
        new("account", ColumnType.Text, row => row.Posting.Account.ToString()),
        new("debit_minor", ColumnType.Number, row => row.Posting.Side == PostingSide.Debit ? row.Posting.Minor : 0),
        new("credit_minor", ColumnType.Number, row => row.Posting.Side == PostingSide.Credit ? row.Posting.Minor : 0));

    public static readonly RowTable<AuditEntry> Audit = new("audit", "audit_queue", "",
        new("kind", ColumnType.Text, row => row.Kind),
        new("occurred_at", ColumnType.Time, row => row.At),
        new("actor", ColumnType.Text, row => row.Actor),
        new("second_actor", ColumnType.Text, row => row.SecondActor),
        new("subject", ColumnType.Text, row => row.Subject),
        new("details", ColumnType.Json, row => row.Details),
        new("salt", ColumnType.Octets, row => row.Salt));

    public static readonly RowTable<OutboxMessage> Outbox = new("ops", "outbox", "",
        new("topic", ColumnType.Text, row => row.Topic),
        new("subject", ColumnType.Text, row => row.Subject),
        new("payload", ColumnType.Json, row => row.Payload),
        new("created_at", ColumnType.Time, row => row.At));

    private static string ClassText(AccountClass value) => value switch
    {
        AccountClass.Asset => "asset",
        AccountClass.Liability => "liability",
        AccountClass.Income => "income",
        _ => "expense",
    };
}
