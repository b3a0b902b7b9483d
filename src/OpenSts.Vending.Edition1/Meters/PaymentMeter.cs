using OpenSts.Vending.Documents;
using OpenSts.Vending.Storage;

namespace OpenSts.Vending.Meters;

/// <summary>Whether a meter can be sold to.</summary>
public enum MeterState
{
    Active,

    /// <summary>Not until somebody unblocks it; there is a reason.</summary>
    Blocked,

    /// <summary>Another meter stands in its place; never again.</summary>
    Replaced,
}

/// <summary>What a credit token of a meter counts.</summary>
public enum TokenForm
{
    /// <summary>kWh, m3 or minutes.</summary>
    Units,

    /// <summary>Money; the meter has the tariff.</summary>
    Currency,
}

/// <summary>What a sandbox meter answers; it never reaches the security module or the books.</summary>
public enum SandboxOutcome
{
    Ok,
    Blocked,
    Unknown,
    CheckDigitWrong,
    NeedsKeyChange,
    VendorCreditExhausted,
    TimesOutButIssued,
    TimesOutAndNotIssued,
}

/// <summary>Which key a meter holds: everything about it but the key.</summary>
public sealed record MeterKey
{
    public required SupplyGroupCode SupplyGroup { get; init; }

    /// <summary>1 to 9.</summary>
    public required int KeyRevisionNumber { get; init; }

    public required KeyType KeyType { get; init; }

    public required TariffIndex TariffIndex { get; init; }
}

/// <summary>A payment meter.</summary>
public sealed record PaymentMeter
{
    public required MeterPan Pan { get; init; }

    /// <summary>The key it holds as far as anybody knows.</summary>
    public required MeterKey Key { get; init; }

    /// <summary>The key that an issued key change set moves it to; null when there is none or it was confirmed.</summary>
    public MeterKey? NextKey { get; init; }

    /// <summary>The issue that holds that set.</summary>
    public string? KeyChangeIssue { get; init; }

    public required EncryptionAlgorithm EncryptionAlgorithm { get; init; }

    public required TokenCarrierType TokenCarrierType { get; init; }

    public required CreditService Service { get; init; }

    public required TokenForm Form { get; init; }

    /// <summary>The tariff by which it is sold to.</summary>
    public required string Tariff { get; init; }

    public string? Customer { get; init; }

    public required MeterState State { get; init; }

    /// <summary>Why it is blocked, or which meter replaced it.</summary>
    public string StateReason { get; init; } = "";

    /// <summary>The first day of fixed charges.</summary>
    public required DateOnly ChargesFrom { get; init; }

    /// <summary>3 where the meter takes three key change tokens; 0 for the usual number.</summary>
    public int KeyChangeTokens { get; init; }

    /// <summary>Null for a real meter.</summary>
    public SandboxOutcome? Sandbox { get; init; }

    private static readonly RowShape New = RowShape.Insert("meters", "pan TEXT, drn TEXT, customer TEXT, supply_group TEXT, tariff TEXT, state TEXT, version INTEGER, body TEXT");

    /// <summary>The meter with this identity, or null.</summary>
    public static Versioned<PaymentMeter>? Find(IStoreSession session, MeterPan pan)
    {
        ArgumentNullException.ThrowIfNull(session);
        return session.First("SELECT pan, version, body FROM meters WHERE pan = $1", Read, pan.ToString());
    }

    /// <summary>Meters behind an identity, in order; of one customer where it is given.</summary>
    public static List<Versioned<PaymentMeter>> List(IStoreSession session, string after, int count, string? customer = null)
    {
        ArgumentNullException.ThrowIfNull(session);
        return customer is null
            ? session.Query("SELECT pan, version, body FROM meters WHERE pan > $1 ORDER BY pan LIMIT $2", Read, after, count)
            : session.Query("SELECT pan, version, body FROM meters WHERE pan > $1 AND customer = $3 ORDER BY pan LIMIT $2", Read, after, count, customer);
    }

    /// <summary>Adds the meter; false where its number is taken.</summary>
    public bool TryAdd(IStoreSession session)
    {
        ArgumentNullException.ThrowIfNull(session);
        return session.Execute(New.ForOne + " ON CONFLICT DO NOTHING", Row()) == 1;
    }

    /// <summary>Adds meters whose numbers are not taken.</summary>
    /// <exception cref="StoreException">A number is taken.</exception>
    public static void Add(IStoreSession session, IEnumerable<PaymentMeter> meters)
    {
        ArgumentNullException.ThrowIfNull(session);
        ArgumentNullException.ThrowIfNull(meters);
        var rows = new RowSet(New);
        foreach (var meter in meters)
            rows.Add(meter.Row());
        session.Write([rows]);
    }

    /// <summary>Replaces the meter; false where the version is not that one any more.</summary>
    public bool TryReplace(IStoreSession session, long version)
    {
        ArgumentNullException.ThrowIfNull(session);
        return session.Execute("UPDATE meters SET customer = $3, supply_group = $4, tariff = $5, state = $6, version = version + 1, body = $7 WHERE pan = $1 AND version = $2",
            Pan.ToString(), version, Customer, Key.SupplyGroup.ToString(), Tariff, State.ToString(), StoredJson.Write(this)) == 1;
    }

    private SqlValue[] Row() => [Pan.ToString(), Pan.DecoderReferenceNumber.ToString(), Customer, Key.SupplyGroup.ToString(), Tariff, State.ToString(), 1, StoredJson.Write(this)];

    private static Versioned<PaymentMeter> Read(ISqlRow row) => new(row.Text(0), row.Number(1), StoredJson.Read<PaymentMeter>(row.Text(2)));
}
