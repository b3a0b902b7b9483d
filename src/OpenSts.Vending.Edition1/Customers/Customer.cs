using OpenSts.Vending.Documents;
using OpenSts.Vending.Storage;

namespace OpenSts.Vending.Customers;

/// <summary>How what is owed is taken from a purchase.</summary>
public enum ArrearsRule
{
    /// <summary>A fixed amount of each purchase.</summary>
    Instalment,

    /// <summary>A share of each purchase.</summary>
    Share,

    /// <summary>Everything first.</summary>
    Priority,
}

/// <summary>How a customer pays off arrears.</summary>
public sealed record ArrearsPlan
{
    public required ArrearsRule Rule { get; init; }

    /// <summary>For an instalment the money; for a share 0 to 100 percent; otherwise 0.</summary>
    public decimal Value { get; init; }

    /// <summary>Units that a purchase must still buy; less is taken where it would not.</summary>
    public decimal KeepUnits { get; init; }
}

/// <summary>The right to a free basic allocation; registered by one person, approved by another.</summary>
public sealed record FreeAllocation
{
    /// <summary>Units for each local calendar month.</summary>
    public required decimal Units { get; init; }

    /// <summary>What proves it, such as the number of a decision.</summary>
    public required string Evidence { get; init; }

    /// <summary>The last day on which it may be given.</summary>
    public required DateOnly Expires { get; init; }

    public required string RegisteredBy { get; init; }

    /// <summary>Null until a second person approved it.</summary>
    public string? ApprovedBy { get; init; }

    /// <summary>Those that wait for a second person, by customer: so that nobody reads all customers to find them.</summary>
    public static DocumentTable<FreeAllocation> Waiting { get; } = new("free-allocation-waiting");
}

/// <summary>Who pays.</summary>
public sealed record Customer
{
    public required string Id { get; init; }

    public required string Name { get; init; }

    /// <summary>The utility's account number; unique.</summary>
    public required string Account { get; init; }

    public string Address { get; init; } = "";

    public string Phone { get; init; } = "";

    public ArrearsPlan? Arrears { get; init; }

    public FreeAllocation? FreeAllocation { get; init; }

    private static readonly RowShape New = RowShape.Insert("customers", "id TEXT, name TEXT, account TEXT, version INTEGER, body TEXT");

    /// <summary>The customer with this id, or null.</summary>
    public static Versioned<Customer>? Find(IStoreSession session, string id)
    {
        ArgumentNullException.ThrowIfNull(session);
        return session.First("SELECT id, version, body FROM customers WHERE id = $1", Read, id);
    }

    /// <summary>Customers behind an id, in order of ids.</summary>
    public static List<Versioned<Customer>> List(IStoreSession session, string after, int count)
    {
        ArgumentNullException.ThrowIfNull(session);
        return session.Query("SELECT id, version, body FROM customers WHERE id > $1 ORDER BY id LIMIT $2", Read, after, count);
    }

    /// <summary>Customers whose account or id is the text, or whose name has it, in order of names. It reads all names: for a person who looks for one.</summary>
    public static List<Versioned<Customer>> Search(IStoreSession session, string text, int count)
    {
        ArgumentNullException.ThrowIfNull(session);
        ArgumentNullException.ThrowIfNull(text);
        var part = text.ToLowerInvariant().Replace("\\", "\\\\", StringComparison.Ordinal).Replace("%", "\\%", StringComparison.Ordinal).Replace("_", "\\_", StringComparison.Ordinal);
        return session.Query("SELECT id, version, body FROM customers WHERE account = $1 OR id = $1 OR LOWER(name) LIKE $2 ESCAPE '\\' ORDER BY name LIMIT $3", Read, text, $"%{part}%", count);
    }

    /// <summary>Adds the customer; false where the id or the account number is taken.</summary>
    public bool TryAdd(IStoreSession session)
    {
        ArgumentNullException.ThrowIfNull(session);
        return session.Execute(New.ForOne + " ON CONFLICT DO NOTHING", Row()) == 1;
    }

    /// <summary>Adds customers whose ids and account numbers are not taken.</summary>
    /// <exception cref="StoreException">One is taken.</exception>
    public static void Add(IStoreSession session, IEnumerable<Customer> customers)
    {
        ArgumentNullException.ThrowIfNull(session);
        ArgumentNullException.ThrowIfNull(customers);
        var rows = new RowSet(New);
        foreach (var customer in customers)
            rows.Add(customer.Row());
        session.Write([rows]);
    }

    /// <summary>Replaces the customer; false where the version is not that one any more.</summary>
    public bool TryReplace(IStoreSession session, long version)
    {
        ArgumentNullException.ThrowIfNull(session);
        return session.Execute("UPDATE customers SET name = $3, version = version + 1, body = $4 WHERE id = $1 AND version = $2",
            Id, version, Name, StoredJson.Write(this)) == 1;
    }

    private SqlValue[] Row() => [Id, Name, Account, 1, StoredJson.Write(this)];

    private static Versioned<Customer> Read(ISqlRow row) => new(row.Text(0), row.Number(1), StoredJson.Read<Customer>(row.Text(2)));
}
