using OpenSts.Vending.Customers;
using OpenSts.Vending.Meters;
using OpenSts.Vending.Money;
using OpenSts.Vending.Shifts;
using OpenSts.Vending.SupplyGroups;
using OpenSts.Vending.Tariffs;
using OpenSts.Vending.TokenIdentifiers;
using OpenSts.Vending.Vendors;
using OpenSts.Vending.Vends;

namespace OpenSts.Vending.Data.Vends;

/// <summary>What a batch of vends reads: rows are kept true in memory as vends of the batch are planned one after the
/// other.</summary>
internal sealed partial class VendRecords
{
    private readonly Dictionary<string, PaymentMeter> _meters = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Customer> _customers = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Vendor> _vendors = new(StringComparer.Ordinal);
    private readonly List<Outlet> _outlets = [];
    private readonly Dictionary<string, List<TariffVersion>> _tariffs = new(StringComparer.Ordinal);
    private readonly Dictionary<SupplyGroupCode, SupplyGroup> _groups = [];
    private readonly Dictionary<string, Shift> _shifts = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> _balances = new(StringComparer.Ordinal);
    private readonly Dictionary<string, MeterTotals> _totals = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Pan, int BaseDate), IdentifierMark> _marks = [];
    private readonly Dictionary<string, string> _openKeyChanges = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<EarlierReplacement>> _replacements = new(StringComparer.Ordinal);
    private readonly HashSet<string> _present = new(StringComparer.Ordinal);

    /// <summary>Ids that were seen before this batch.</summary>
    public HashSet<string> Seen { get; } = new(StringComparer.Ordinal);

    /// <summary>Vends of which replacements are asked for.</summary>
    public Dictionary<string, StoredVend> Originals { get; } = new(StringComparer.Ordinal);

    /// <summary>Open vends whose rows are held, with their stored state.</summary>
    public Dictionary<long, string> Open { get; } = [];

    /// <summary>The last receipt number of each outlet.</summary>
    public Dictionary<(string Vendor, string Outlet), long> ReceiptNumbers { get; } = [];

    /// <summary>The entries of vends that are refused, by vend.</summary>
    public Dictionary<string, List<(AccountCode Account, long Minor)>> Entries { get; } = new(StringComparer.Ordinal);

    /// <summary>The stored result of the vend that is changed, or null.</summary>
    public (string State, DateTimeOffset? ReleasedAt)? Result { get; private set; }

    /// <summary>Numbers for new vends, in order.</summary>
    public Queue<long> VendNumbers { get; } = [];

    /// <summary>Numbers for new journal entries, in order.</summary>
    public Queue<long> EntryNumbers { get; } = [];

    /// <summary>Identifiers up to this minute are given to no meter.</summary>
    public DateTimeOffset? BarredUntil { get; private set; }

    /// <summary>The latest heartbeat of any server, and up to which a person confirmed the clock.</summary>
    public (DateTimeOffset? Last, DateTimeOffset? Confirmed) Heartbeat { get; private set; }

    /// <summary>The stored meter of a number, or null.</summary>
    public PaymentMeter? Meter(string pan) => _meters.GetValueOrDefault(pan);

    /// <summary>What a meter bought.</summary>
    public MeterTotals Totals(string pan) => _totals.GetValueOrDefault(pan) ?? new MeterTotals();

    /// <summary>True where another session holds a row that a request needs.</summary>
    public bool IsHeldElsewhere(string? pan, string? vendor, string? shiftOperator) =>
        (pan is not null && (Held("meter", pan, _meters.ContainsKey(pan))
            || (_meters.GetValueOrDefault(pan)?.Customer is { } customer
                && HeldAccount(AccountCode.Arrears(customer)))))
        || (vendor is not null && HeldAccount(AccountCode.Wallet(vendor)))
        || (shiftOperator is not null && Held("shift", shiftOperator, _shifts.ContainsKey(shiftOperator)));

    /// <summary>True where another session holds an outlet's receipt number.</summary>
    public bool IsReceiptHeldElsewhere(string vendor, string outlet) =>
        Held("receipt", $"{vendor}/{outlet}", ReceiptNumbers.ContainsKey((vendor, outlet)));

    /// <summary>True where another session holds an open vend.</summary>
    public bool IsOpenHeldElsewhere(long number) => Held("open", number.ToString(), Open.ContainsKey(number));

    /// <summary>What one request is planned from.</summary>
    public VendSnapshot SnapshotOf(VendRequest request, string callerId)
    {
        var original = request is ReplacementRequest replacement ? Originals.GetValueOrDefault(replacement.Original)
            : null;
        var pan = (request.Meter ?? original?.Plan.Meter?.Pan)?.ToString();
        var meter = pan is null ? null : _meters.GetValueOrDefault(pan);
        var credit = request as CreditRequest;
        var customer = meter?.Customer is { } payer ? _customers.GetValueOrDefault(payer) : null;
        return new VendSnapshot
        {
            Meter = meter,
            Customer = customer,
            Vendor = credit is null ? null : _vendors.GetValueOrDefault(credit.Vendor),
            Outlet = credit is null ? null : _outlets.FirstOrDefault(outlet =>
                outlet.Vendor == credit.Vendor && (credit.Outlet is null || outlet.Id == credit.Outlet)),
            Tariff = meter is not null && _tariffs.TryGetValue(meter.Tariff, out var versions)
                ? new TariffHistory(versions) : null,
            SupplyGroups = _groups,
            Shift = _shifts.GetValueOrDefault(callerId),
            WalletMinor = credit is null ? 0
                : _balances.GetValueOrDefault(AccountCode.Wallet(credit.Vendor).ToString()),
            ArrearsMinor = customer is null ? 0
                : -_balances.GetValueOrDefault(AccountCode.Arrears(customer.Id).ToString()),
            Totals = pan is null ? new MeterTotals() : Totals(pan),
            Marks = pan is null ? [] : [.. _marks.Values.Where(mark => mark.Pan.ToString() == pan)],
            Original = original is null ? null : Of(original),
            PendingKeyChange = pan is null ? null : _openKeyChanges.GetValueOrDefault(pan),
        };
    }

    /// <summary>The vendor of a vend.</summary>
    public Vendor Vendor(string id) => _vendors[id];

    /// <summary>Makes a planned vend a part of what the next one is planned from.</summary>
    public void Add(StoredVend vend, JournalEntry? entry)
    {
        _ = Seen.Add(vend.Id);
        var plan = vend.Plan;
        var pan = plan.Meter?.Pan.ToString();
        if (pan is not null && plan.Totals is { } totals)
            _totals[pan] = totals;
        foreach (var mark in plan.Marks)
            _marks[(mark.Pan.ToString(), mark.BaseDate.Year)] = mark;
        foreach (var posting in entry?.Postings ?? [])
            Change(posting.Account, posting.Signed);
        if (pan is not null && plan.State == VendState.Pending
            && plan.Orders.Any(order => order.Purpose == TokenPurpose.KeyChange))
            _openKeyChanges[pan] = vend.Id;
        if (plan.Original is { } original)
            ReplacementsOf(original).Add(new EarlierReplacement(vend.Id, vend.State, plan.CreatedAt));
    }

    /// <summary>Changes a balance in memory.</summary>
    public void Change(AccountCode account, long minor) =>
        _balances[account.ToString()] = _balances.GetValueOrDefault(account.ToString()) + minor;

    /// <summary>Keeps changed totals of a meter.</summary>
    public void Keep(string pan, MeterTotals totals) => _totals[pan] = totals;

    private OriginalVend Of(StoredVend vend) => new(
        vend.Id, vend.Plan.Kind, vend.State, vend.Plan.Vendor, vend.Plan.Meter, vend.Plan.Orders,
            ReplacementsOf(vend.Id));

    private List<EarlierReplacement> ReplacementsOf(string original)
    {
        if (!_replacements.TryGetValue(original, out var list))
            _replacements[original] = list = [];
        return list;
    }

    private bool HeldAccount(AccountCode account) =>
        Held("account", account.ToString(), _balances.ContainsKey(account.ToString()));

    private bool Held(string kind, string key, bool locked) => !locked && _present.Contains($"{kind} {key}");
}
