using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace OpenSts.SecurityModule.Server;

/// <summary>What a vending key may be used for.</summary>
public enum KeyStatus
{
    /// <summary>Everything its type permits.</summary>
    Active,

    /// <summary>Not as the new key of a set.</summary>
    NotYetActive,

    /// <summary>No tokens at the present time; where only the expiry number has passed, still as the old key of a set.</summary>
    Expired,
}

/// <summary>The attributes of a vending key, as they travel with it: items of a three-letter tag and a value, joined by semicolons.</summary>
/// <remarks>Which tags have a public name and which are ours: docs/standard/readings.md. Times are <c>CCYYMMDDThhmmssZ</c>.</remarks>
public sealed record KeyCard
{
    /// <summary>The value of a limit that does not limit.</summary>
    public const uint NoLimit = uint.MaxValue;

    public required SupplyGroupCode SupplyGroupCode { get; init; }

    public required KeyRevisionNumber KeyRevisionNumber { get; init; }

    /// <summary>Initialization only in a manufacturing module.</summary>
    public required KeyType KeyType { get; init; }

    public required KeyExpiryNumber KeyExpiryNumber { get; init; }

    public required BaseDate BaseDate { get; init; }

    /// <summary>DKGA02 or DKGA04.</summary>
    public required DecoderKeyGenerationAlgorithm DecoderKeyGenerationAlgorithm { get; init; }

    /// <summary>Before it the key may not be the new key of a set. Left out on the card: the base date.</summary>
    public required DateTimeOffset ActiveFrom { get; init; }

    /// <summary>After it no token is made. Left out on the card: the last minute of the base date.</summary>
    public required DateTimeOffset IssuedUntil { get; init; }

    /// <summary>Total of class 0 subclasses 0 to 3 that may be sold, in base units (0.1 kWh); <see cref="NoLimit"/> for any.</summary>
    public uint UnitLimit { get; init; } = NoLimit;

    /// <summary>Total of class 0 subclasses 4 to 7 that may be sold, in whole units of currency; <see cref="NoLimit"/> for any.</summary>
    public uint CurrencyLimit { get; init; } = NoLimit;

    /// <summary>Bit n set: class 0 subclass n may be sold. 0 to FFh.</summary>
    public int Subclasses { get; init; } = 0xFF;

    /// <summary>Meters are not moved from one cluster to another; 0 is the only one in use.</summary>
    public int Cluster { get; init; }

    /// <summary>Six hexadecimal digits; empty where the card has none.</summary>
    public string CheckValue { get; init; } = "";

    /// <summary>A key for laboratories: test mode takes no other.</summary>
    public bool IsTest { get; init; }

    /// <summary>Reads a card; items may stand in any order, tags we do not know are left alone.</summary>
    /// <param name="text">The card.</param>
    /// <param name="card">The attributes; null on failure.</param>
    /// <param name="tag">The first tag that is missing, twice there or out of range; empty on success.</param>
    public static bool TryParse(string text, [NotNullWhen(true)] out KeyCard? card, out string tag)
    {
        ArgumentNullException.ThrowIfNull(text);
        card = null;
        var items = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var item in text.Split(';', StringSplitOptions.RemoveEmptyEntries))
        {
            tag = item.Length < 3 ? item : item[..3];
            if (item.Length < 3 || !items.TryAdd(tag, item[3..]))
                return false;
        }

        var reader = new CardItems(items.ToFrozenDictionary(StringComparer.Ordinal));
        var baseDate = BaseDate.TryFromYear(reader.Time("BDT", default).Year, out var known) ? known : reader.Wrong<BaseDate>("BDT");
        var dkga = (DecoderKeyGenerationAlgorithm)reader.Number("DKG", 2, 4, null);
        card = new KeyCard
        {
            SupplyGroupCode = SupplyGroupCode.FromNumber(reader.Number("SGC", 0, 999_999, null)),
            KeyRevisionNumber = KeyRevisionNumber.FromNumber(reader.Number("KRN", 1, 9, null)),
            KeyType = (KeyType)reader.Number("KTY", 0, 3, null),
            KeyExpiryNumber = KeyExpiryNumber.FromNumber(reader.Number("KEN", 0, 255, null)),
            BaseDate = baseDate,
            DecoderKeyGenerationAlgorithm = dkga.Refusal() is null ? dkga : reader.Wrong<DecoderKeyGenerationAlgorithm>("DKG"),
            ActiveFrom = reader.Time("ACT", baseDate.Start),
            IssuedUntil = reader.Time("IUT", baseDate.LastMinute),
            UnitLimit = reader.Limit("ULM"),
            CurrencyLimit = reader.Limit("CLM"),
            Subclasses = reader.Subclasses("SCL"),
            Cluster = reader.Number("CLU", 0, 999_999, 0),
            CheckValue = items.GetValueOrDefault("KCV", ""),
            IsTest = items.ContainsKey("TST"),
        };
        tag = reader.Fault ?? "";
        if (reader.Fault is not null)
            card = null;
        return card is not null;
    }

    /// <summary>Reads a card or throws.</summary>
    /// <exception cref="FormatException">A tag is missing, twice there or out of range; the message names it.</exception>
    public static KeyCard Parse(string text) => TryParse(text, out var card, out var tag) ? card : throw new FormatException($"The card's item {tag} is missing, twice there or out of range.");

    /// <summary>The card: every item, in the order of their tags.</summary>
    // A client takes the second item as the base date: it stays second because every card begins with ACT.
    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"ACT{Time(ActiveFrom)};BDT{Time(BaseDate.Start)};CLM{CurrencyLimit:X8};CLU{Cluster};DKG{(int)DecoderKeyGenerationAlgorithm:D2};IUT{Time(IssuedUntil)};{(CheckValue.Length == 0 ? "" : $"KCV{CheckValue};")}KEN{KeyExpiryNumber};KRN{KeyRevisionNumber};KTY{(int)KeyType};SCL{string.Join(',', Enumerable.Range(0, 8).Where(MaySell))};SGC{SupplyGroupCode}{(IsTest ? ";TST1" : "")};ULM{UnitLimit:X8}");

    /// <summary>Whether class 0 tokens of a subclass may be sold.</summary>
    public bool MaySell(int subclass) => subclass is >= 0 and <= 7 && ((Subclasses >> subclass) & 1) != 0;

    /// <summary>What the key may be used for at a time; a revoked key is not there at all.</summary>
    public KeyStatus StatusAt(DateTimeOffset time) => time > IssuedUntil || KeyExpiryNumber.HasExpired(BaseDate, time) ? KeyStatus.Expired
        : time < ActiveFrom ? KeyStatus.NotYetActive
        : KeyStatus.Active;

    private static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);
}
