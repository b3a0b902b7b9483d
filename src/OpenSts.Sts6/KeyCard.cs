using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace OpenSts.Sts6;

/// <summary>What a vending key may be used for.</summary>
public enum KeyStatus
{
    /// <summary>Everything its type permits.</summary>
    Active,

    /// <summary>Not as the new key of a set.</summary>
    NotYetActive,

    /// <summary>
    /// No tokens at the present time; where only the expiry number has passed, still as the old key of a set.
    /// </summary>
    Expired,
}

/// <summary>
/// The attributes of a vending key, as they travel with it: items of a three-letter tag and a value, joined by
/// semicolons.
/// </summary>
/// <remarks>
/// Written in alphabetical order of tags, read in any order. Which tags have a public name and which are ours:
/// docs/standard/readings.md. Times are <c>CCYYMMDDThhmmssZ</c>. Two cards are equal where they are the same text.
/// </remarks>
public sealed record KeyCard
{
    /// <summary>The value of a limit that does not limit.</summary>
    public const uint NoLimit = uint.MaxValue;

    /// <summary>All class 0 subclasses, 0 to 7: bit n stands for subclass n.</summary>
    public const int AllSubclasses = 0xFF;
    private static readonly string[] Known =
        ["ACT", "BDT", "CLM", "CLU", "DKG", "IUT", "KCV", "KEN", "KRN", "KTY", "SCL", "SGC", "TST", "ULM"];
    private static readonly ImmutableSortedDictionary<string, string> Nothing =
        ImmutableSortedDictionary<string, string>.Empty.WithComparers(StringComparer.Ordinal);

    /// <summary>SGC.</summary>
    public required SupplyGroupCode SupplyGroupCode { get; init; }

    /// <summary>KRN.</summary>
    public required KeyRevisionNumber KeyRevisionNumber { get; init; }

    /// <summary>KTY: initialization only in a manufacturing module, and never in a key load file.</summary>
    public required KeyType KeyType { get; init; }

    /// <summary>KEN.</summary>
    public required KeyExpiryNumber KeyExpiryNumber { get; init; }

    /// <summary>BDT.</summary>
    public required BaseDate BaseDate { get; init; }

    /// <summary>DKG: DKGA02 for a key of 64 bits, DKGA04 for one of 160.</summary>
    public required DecoderKeyGenerationAlgorithm DecoderKeyGenerationAlgorithm { get; init; }

    /// <summary>
    /// ACT: before it the key may not be the new key of a set, by the module's clock. Left out on the card: the base
    /// date.
    /// </summary>
    public required DateTimeOffset ActiveFrom { get; init; }

    /// <summary>
    /// IUT: after it no token is made, by the module's clock. Left out on the card: the last minute of the base date.
    /// </summary>
    public required DateTimeOffset IssuedUntil { get; init; }

    /// <summary>
    /// ULM: total of class 0 subclasses 0 to 3 that may be sold, in base units (0.1 kWh); <see cref="NoLimit"/> for
    /// any.
    /// </summary>
    public uint UnitLimit { get; init; } = NoLimit;

    /// <summary>
    /// CLM: total of class 0 subclasses 4 to 7 that may be sold, in whole units of currency; <see cref="NoLimit"/> for
    /// any.
    /// </summary>
    public uint CurrencyLimit { get; init; } = NoLimit;

    /// <summary>
    /// SCL: bit n set where class 0 subclass n may be sold; none for a key that sells nothing. 0 to FFh.
    /// </summary>
    public int Subclasses { get; init; } = AllSubclasses;

    /// <summary>CLU, 0 to 255: no key change leads from one cluster to another; 0 is the only one in use.</summary>
    public int Cluster { get; init; }

    /// <summary>KCV: six hexadecimal capitals; empty where the card has none.</summary>
    public string CheckValue { get; init; } = "";

    /// <summary>TST: a key for laboratories: test mode takes no other.</summary>
    public bool IsTest { get; init; }

    /// <summary>
    /// Items without a meaning here, by tag. Between centres they carry what belongs to the group; a module keeps
    /// them.
    /// </summary>
    public ImmutableSortedDictionary<string, string> More { get; init; } = Nothing;

    /// <summary>Octets that the key has: 8 or 20.</summary>
    public int KeyLength => DecoderKeyGenerationAlgorithm == DecoderKeyGenerationAlgorithm.Dkga04 ? 20 : 8;

    /// <summary>Reads a card of a register, in which items may be left out that have a usual value.</summary>
    /// <param name="text">The card.</param>
    /// <param name="card">The attributes; null on failure.</param>
    /// <param name="problem">The first item that is missing, twice there or breaks its rule, what it held and what is
    /// permitted; empty on success.</param>
    public static bool TryParse(string? text, [NotNullWhen(true)] out KeyCard? card, out string problem) =>
        TryRead(text, CardForm.Register, out card, out problem);

    /// <summary>Reads a card of a key load file: every item is there, and the key is no initialization key.</summary>
    /// <param name="text">The card.</param>
    /// <param name="card">The attributes; null on failure.</param>
    /// <param name="problem">As for a register's card.</param>
    public static bool TryParseWhole(string? text, [NotNullWhen(true)] out KeyCard? card, out string problem) =>
        TryRead(text, CardForm.Whole, out card, out problem);

    /// <summary>
    /// Reads a card of a key load file for a manufacturing module, whose key may be an initialization key.
    /// </summary>
    /// <param name="text">The card.</param>
    /// <param name="card">The attributes; null on failure.</param>
    /// <param name="problem">As for a register's card.</param>
    public static bool TryParseProduction(string? text, [NotNullWhen(true)] out KeyCard? card, out string problem) =>
        TryRead(text, CardForm.Production, out card, out problem);

    /// <summary>Reads a card of a register or throws.</summary>
    /// <exception cref="FormatException">An item is missing, twice there or breaks its rule; the message names
    /// it.</exception>
    public static KeyCard Parse(string text) =>
        TryParse(text, out var card, out var problem) ? card : throw new FormatException(problem);

    /// <summary>The card: every item, in the order of their tags.</summary>
    // A client takes the second item as the base date: it stays second because every card begins with ACT.
    public override string ToString()
    {
        var items = new SortedDictionary<string, string>(More, StringComparer.Ordinal)
        {
            ["ACT"] = ConcatLine.Time(ActiveFrom),
            ["BDT"] = ConcatLine.Time(BaseDate.Start),
            ["CLM"] = CurrencyLimit.ToString("X8", CultureInfo.InvariantCulture),
            ["CLU"] = Cluster.ToString(CultureInfo.InvariantCulture),
            ["DKG"] = ((int)DecoderKeyGenerationAlgorithm).ToString("D2", CultureInfo.InvariantCulture),
            ["IUT"] = ConcatLine.Time(IssuedUntil),
            ["KEN"] = KeyExpiryNumber.ToString(),
            ["KRN"] = KeyRevisionNumber.ToString(),
            ["KTY"] = ((int)KeyType).ToString(CultureInfo.InvariantCulture),
            ["SCL"] = string.Join(',', Enumerable.Range(0, 8).Where(MaySell)),
            ["SGC"] = SupplyGroupCode.ToString(),
            ["ULM"] = UnitLimit.ToString("X8", CultureInfo.InvariantCulture),
        };
        if (CheckValue.Length > 0)
            items["KCV"] = CheckValue;
        if (IsTest)
            items["TST"] = "1";
        return string.Join(';', items.Select(item => item.Key + item.Value));
    }

    /// <inheritdoc/>
    public bool Equals(KeyCard? other) => other is not null && ToString() == other.ToString();

    /// <inheritdoc/>
    public override int GetHashCode() => ToString().GetHashCode(StringComparison.Ordinal);

    /// <summary>Whether class 0 tokens of a subclass may be sold.</summary>
    public bool MaySell(int subclass) => subclass is >= 0 and <= 7 && ((Subclasses >> subclass) & 1) != 0;

    /// <summary>What the key may be used for at a time; a revoked key is not there at all.</summary>
    public KeyStatus StatusAt(DateTimeOffset time) =>
        time > IssuedUntil || KeyExpiryNumber.HasExpired(BaseDate, time) ? KeyStatus.Expired
        : time < ActiveFrom ? KeyStatus.NotYetActive
        : KeyStatus.Active;

    private static bool TryRead(string? text, CardForm form, [NotNullWhen(true)] out KeyCard? card, out string problem)
    {
        var items = new CardItems(text, form);
        var baseDate = items.BaseDate("BDT");
        card = new KeyCard
        {
            SupplyGroupCode = items.Sgc("SGC"),
            KeyRevisionNumber = KeyRevisionNumber.FromNumber(items.Number("KRN", 1, 9)),
            KeyType = (KeyType)items.Number("KTY", form == CardForm.Whole ? 1 : 0, 3),
            KeyExpiryNumber = KeyExpiryNumber.FromNumber(items.Number("KEN", 0, 255)),
            BaseDate = baseDate,
            DecoderKeyGenerationAlgorithm = items.Number("DKG", 2, 4) is 4 ? DecoderKeyGenerationAlgorithm.Dkga04
                : items.Dkga02("DKG"),
            ActiveFrom = items.Time("ACT", baseDate.Start),
            IssuedUntil = items.Time("IUT", baseDate.LastMinute),
            UnitLimit = items.Limit("ULM"),
            CurrencyLimit = items.Limit("CLM"),
            Subclasses = items.Subclasses("SCL"),
            Cluster = items.Number("CLU", 0, 255, usual: 0),
            CheckValue = items.Check("KCV"),
            IsTest = items.Has("TST"),
            More = items.Others(Known),
        };
        problem = items.Problem;
        if (problem.Length > 0)
            card = null;
        return card is not null;
    }
}
