namespace OpenSts.Vending.Money;

/// <summary>What an account is in the books.</summary>
public enum AccountClass
{
    Asset,
    Liability,
    Income,
    Expense,
}

/// <summary>A line of the chart of accounts.</summary>
/// <param name="Prefix">The account's code; for an account of somebody the part before the colon and the owner's
/// id.</param>
/// <param name="Class">What it is in the books.</param>
/// <param name="HasOwner">True where every vendor, customer or shift has one of its own.</param>
/// <param name="Description">For an auditor.</param>
public sealed record ChartLine(string Prefix, AccountClass Class, bool HasOwner, string Description);

/// <summary>The account of a posting. Its text is stored and never renamed.</summary>
public readonly record struct AccountCode : IComparable<AccountCode>
{
    private readonly string? _text;

    private AccountCode(string text) => _text = text;

    public static readonly AccountCode Bank = new("bank");
    public static readonly AccountCode Energy = new("revenue:energy");
    public static readonly AccountCode FixedCharges = new("revenue:fixed-charges");
    public static readonly AccountCode Fees = new("revenue:fees");
    public static readonly AccountCode Tax = new("tax");
    public static readonly AccountCode Commission = new("expense:commission");
    public static readonly AccountCode Charges = new("receivables");
    public static readonly AccountCode Refunds = new("refunds");
    public static readonly AccountCode WriteOffs = new("write-offs");
    public static readonly AccountCode CashDifferences = new("cash-over-short");

    /// <summary>Every account, or kind of account, that a posting may name.</summary>
    public static IReadOnlyList<ChartLine> Chart { get; } =
    [
        new("bank", AccountClass.Asset, false, "Money that vendors deposited"),
        new("wallet", AccountClass.Liability, true,
            "What a vendor can still sell for; below zero where it sells on credit"),
        new("arrears", AccountClass.Asset, true, "What a customer owes"),
        new("till", AccountClass.Asset, true, "Money that is missing or too much in the till of an operator's shift"),
        new("revenue:energy", AccountClass.Income, false, "Energy, water, gas or time sold, without tax"),
        new("revenue:fixed-charges", AccountClass.Income, false, "Fixed charges collected, without tax"),
        new("revenue:fees", AccountClass.Income, false, "Channel fees collected, without tax"),
        new("tax", AccountClass.Liability, false, "Tax collected"),
        new("expense:commission", AccountClass.Expense, false, "Commission of vendors"),
        new("receivables", AccountClass.Income, false, "Charges booked to customers"),
        new("refunds", AccountClass.Expense, false, "Money given back to customers or vendors"),
        new("write-offs", AccountClass.Expense, false, "Arrears that will not be collected"),
        new("cash-over-short", AccountClass.Expense, false, "Differences found when shifts were closed"),
    ];

    public static AccountCode Wallet(string vendor) => Of("wallet", vendor);

    public static AccountCode Arrears(string customer) => Of("arrears", customer);

    public static AccountCode Till(string person) => Of("till", person);

    /// <summary>Reads a stored code; false where the chart has no such account.</summary>
    public static bool TryParse(string? text, out AccountCode code)
    {
        code = default;
        if (string.IsNullOrEmpty(text) || text.Length > 140 || LineOf(text) is null)
            return false;
        code = new AccountCode(text);
        return true;
    }

    /// <summary>The account's line in the chart.</summary>
    public ChartLine Line =>
        LineOf(ToString()) ?? throw new InvalidOperationException("The default account code is no account.");

    public int CompareTo(AccountCode other) => string.CompareOrdinal(_text, other._text);

    public static bool operator <(AccountCode left, AccountCode right) => left.CompareTo(right) < 0;

    public static bool operator >(AccountCode left, AccountCode right) => left.CompareTo(right) > 0;

    public static bool operator <=(AccountCode left, AccountCode right) => left.CompareTo(right) <= 0;

    public static bool operator >=(AccountCode left, AccountCode right) => left.CompareTo(right) >= 0;

    public override string ToString() => _text ?? "";

    private static AccountCode Of(string prefix, string owner)
    {
        ArgumentException.ThrowIfNullOrEmpty(owner);
        return new AccountCode($"{prefix}:{owner}");
    }

    private static ChartLine? LineOf(string text)
    {
        foreach (var line in Chart)
        {
            if (line.HasOwner
                ? text.Length > line.Prefix.Length + 1 && text.StartsWith(line.Prefix + ":", StringComparison.Ordinal)
                : text == line.Prefix)
            {
                return line;
            }
        }

        return null;
    }
}
