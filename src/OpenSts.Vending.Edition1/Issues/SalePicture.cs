using OpenSts.Vending.Access;
using OpenSts.Vending.Customers;
using OpenSts.Vending.Documents;
using OpenSts.Vending.Meters;
using OpenSts.Vending.Money;
using OpenSts.Vending.Operations;
using OpenSts.Vending.Shifts;
using OpenSts.Vending.Storage;
using OpenSts.Vending.SupplyGroups;
using OpenSts.Vending.Tariffs;
using OpenSts.Vending.Vendors;

namespace OpenSts.Vending.Issues;

/// <summary>Everything that sales are planned from, for many at once: read in one message, and kept true as sales are added to it.</summary>
/// <remarks>Belongs to one transaction: what it says is what the store would say, had each sale before been written.</remarks>
internal sealed class SalePicture
{
    private readonly IStoreSession _session;
    private readonly Dictionary<string, PaymentMeter> _meters = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Customer> _customers = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Vendor> _vendors = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Tariff> _tariffs = new(StringComparer.Ordinal);
    private readonly Dictionary<string, SupplyGroup?> _groups = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Shift> _shifts = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> _balances = new(StringComparer.Ordinal);
    private long _lastEntry;
    private long _lastIssue;
    private long _latest;

    private SalePicture(IStoreSession session, MeterSales sales) => (_session, Sales) = (session, sales);

    /// <summary>What the sales of the meters come to.</summary>
    public MeterSales Sales { get; }

    /// <summary>The marks of the meters' identifiers.</summary>
    public IdentifierMarks Marks { get; } = new();

    /// <summary>The entries of the sales that were added.</summary>
    public LedgerEntries Ledger { get; private set; } = new(0);

    /// <summary>When the last issue of the store was made; 1970 for none.</summary>
    public DateTimeOffset Latest => DateTimeOffset.FromUnixTimeMilliseconds(_latest);

    /// <summary>Reads everything that sales need.</summary>
    /// <param name="session">The transaction.</param>
    /// <param name="settings">Of the utility.</param>
    /// <param name="now">The time of the sales.</param>
    /// <param name="sales">The requests, each with who asks.</param>
    /// <param name="others">What else is to be asked in the same message.</param>
    public static SalePicture Read(IStoreSession session, VendingSettings settings, DateTimeOffset now, IReadOnlyCollection<(SaleRequest Request, Caller Caller)> sales, params IReadOnlyList<Question> others)
    {
        var pans = sales.Select(sale => sale.Request.Pan.ToString()).Distinct().ToList();
        var picture = new SalePicture(session, new MeterSales(settings, now, pans));
        session.Ask(sales.Count == 0 ? others : [.. others, .. picture.Questions(pans, sales)]);
        if (picture.Sales.Rest is { Count: > 0 } rest)
            session.Ask(rest);
        picture.Ledger = new LedgerEntries(picture._lastEntry);
        return picture;
    }

    public PaymentMeter? Meter(MeterPan pan) => _meters.GetValueOrDefault(pan.ToString());

    public Customer? Customer(string id) => _customers.GetValueOrDefault(id);

    public Vendor? Vendor(string id) => _vendors.GetValueOrDefault(id);

    public Tariff? Tariff(string id) => _tariffs.GetValueOrDefault(id);

    /// <summary>A supply group; one that no meter of the sales is in is read now, as a key change to another group needs it.</summary>
    public SupplyGroup? Group(SupplyGroupCode code)
    {
        var id = code.ToString();
        if (!_groups.TryGetValue(id, out var group))
            _groups[id] = group = SupplyGroup.Table.Find(_session, id)?.Value;
        return group;
    }

    /// <summary>The operator's open shift, or null.</summary>
    public Shift? Shift(string @operator) => _shifts.GetValueOrDefault(@operator);

    /// <summary>The issue that holds a meter's key change set: few sales need one.</summary>
    public Issue? Issue(string id) => IssueTable.Find(_session, id);

    /// <summary>What an account holds, in minor units.</summary>
    public long Balance(string account) => _balances.GetValueOrDefault(account) + Ledger.Change(account);

    /// <summary>Numbers a sale and makes it a part of the picture.</summary>
    public Issue Add(Issue sale)
    {
        var numbered = sale with { Number = ++_lastIssue };
        _latest = Math.Max(_latest, sale.Created.ToUnixTimeMilliseconds());
        if (!sale.Sandbox)
            Sales.Add(numbered);
        return numbered;
    }

    /// <summary>What is to be written beside the issues themselves.</summary>
    public IReadOnlyList<RowSet> Rows() => [.. Ledger.Rows((IssueTable.Counter, _lastIssue)), Marks.Rows(), Sales.Rows()];

    // Each statement costs the database and the server more than the few rows it finds: what can be asked in one is.
    private List<Question> Questions(List<string> pans, IReadOnlyCollection<(SaleRequest Request, Caller Caller)> sales)
    {
        var meters = SqlValue.Of(pans);
        var vendors = sales.Select(sale => sale.Request.Vendor).Distinct().ToList();
        var operators = sales.Where(sale => sale.Caller.IsOperator).Select(sale => sale.Caller.Id).Distinct().ToList();
        // What a meter names is found by the meter, in the same message.
        const string ofMeters = "FROM meters WHERE pan = ANY($1)";
        var questions = new List<Question>
        {
            new("SELECT m.body, c.body FROM meters m LEFT JOIN customers c ON c.id = m.customer WHERE m.pan = ANY($1)", KeepMeter, meters),
            new("SELECT kind, body FROM documents WHERE kind = 'vendor' AND id = ANY($2) "
                + $"UNION ALL SELECT kind, body FROM documents WHERE kind = 'tariff' AND id IN (SELECT tariff {ofMeters}) "
                + $"UNION ALL SELECT kind, body FROM documents WHERE kind = 'supply-group' AND id IN (SELECT supply_group {ofMeters})", KeepDocument, meters, SqlValue.Of(vendors)),
            new($"SELECT account, minor FROM balances WHERE account = ANY($2) UNION ALL SELECT account, minor FROM balances WHERE account IN (SELECT '{Accounts.Arrears("")}' || customer {ofMeters})",
                row => _balances[row.Text(0)] = row.Number(1), meters, SqlValue.Of([.. vendors.Select(Accounts.Wallet)])),
            new($"SELECT name, value FROM counters WHERE name IN ('{LedgerEntries.Counter}', '{IssueTable.Counter}')", KeepCounter),
            new(IssueTable.LatestQuery, row => _latest = row.Number(0)),
            Marks.Question(pans),
            Sales.Question,
        };
        if (operators.Count > 0)
            questions.Add(new("SELECT body FROM shifts WHERE operator = ANY($1) AND closed IS NULL", row => Keep(_shifts, StoredJson.Read<Shift>(row.Text(0)), shift => shift.Operator), SqlValue.Of(operators)));
        return questions;
    }

    private void KeepMeter(ISqlRow row)
    {
        Keep(_meters, StoredJson.Read<PaymentMeter>(row.Text(0)), meter => meter.Pan.ToString());
        if (!row.IsNull(1))
            Keep(_customers, StoredJson.Read<Customer>(row.Text(1)), customer => customer.Id);
    }

    private void KeepDocument(ISqlRow row)
    {
        var (kind, body) = (row.Text(0), row.Text(1));
        if (kind == "vendor")
            Keep(_vendors, StoredJson.Read<Vendor>(body), vendor => vendor.Id);
        else if (kind == "tariff")
            Keep(_tariffs, StoredJson.Read<Tariff>(body), tariff => tariff.Id);
        else
            Keep(_groups, StoredJson.Read<SupplyGroup>(body), group => group!.Code.ToString());
    }

    private void KeepCounter(ISqlRow row)
    {
        if (row.Text(0) == IssueTable.Counter)
            _lastIssue = row.Number(1);
        else
            _lastEntry = row.Number(1);
    }

    private static void Keep<T>(Dictionary<string, T> kept, T value, Func<T, string> id) => kept[id(value)] = value;
}
