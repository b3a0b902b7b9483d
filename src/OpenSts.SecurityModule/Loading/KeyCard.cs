using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace OpenSts.SecurityModule.Loading;

/// <summary>Everything public about a vending key as it travels with it: items of a three-letter tag and a value, joined by semicolons.</summary>
/// <remarks>Written in alphabetical order of tags, read in any order. Tags without a meaning here are kept in <see cref="More"/>.</remarks>
public sealed record KeyCard
{
    /// <summary>The value of a limit that is none.</summary>
    public const uint Unlimited = uint.MaxValue;

    /// <summary>All class 0 subclasses, 0 to 7: bit n stands for subclass n.</summary>
    public const int AllSubclasses = 0xFF;
    private const int GreatestLength = 800;
    private static readonly string[] Known = ["ACT", "BDT", "CLM", "CLU", "DKG", "IUT", "KCV", "KEN", "KRN", "KTY", "SCL", "SGC", "ULM"];

    /// <summary>ACT: the key may be the new key of a set from then on, by the module's clock.</summary>
    public required DateTimeOffset Activation { get; init; }

    /// <summary>BDT.</summary>
    public required BaseDate BaseDate { get; init; }

    /// <summary>CLM: whole units of currency that the register may sell; <see cref="Unlimited"/> for no limit.</summary>
    public required uint CurrencyLimit { get; init; }

    /// <summary>CLU: 0 to 255; no key change leads from one cluster to another.</summary>
    public required int Cluster { get; init; }

    /// <summary>DKG: DKGA02 for a key of 64 bits, DKGA04 for one of 160.</summary>
    public required DecoderKeyGenerationAlgorithm Dkga { get; init; }

    /// <summary>IUT: the module makes no token after it, by its own clock.</summary>
    public required DateTimeOffset IssuedUntil { get; init; }

    /// <summary>KCV: six hexadecimal capitals.</summary>
    public required string CheckValue { get; init; }

    /// <summary>KEN.</summary>
    public required KeyExpiryNumber Ken { get; init; }

    /// <summary>KRN.</summary>
    public required KeyRevisionNumber Krn { get; init; }

    /// <summary>KTY: default, unique or common.</summary>
    public required KeyType KeyType { get; init; }

    /// <summary>SCL: class 0 subclasses that may be sold, bit n for subclass n; none for a key that sells nothing.</summary>
    public required int Subclasses { get; init; }

    /// <summary>SGC.</summary>
    public required SupplyGroupCode Sgc { get; init; }

    /// <summary>ULM: base units (0.1 kWh) that the register may sell; <see cref="Unlimited"/> for no limit.</summary>
    public required uint UnitLimit { get; init; }

    /// <summary>Items without a meaning here, by tag. Between centres they carry what belongs to the group; a module keeps them.</summary>
    public ImmutableSortedDictionary<string, string> More { get; init; } = ImmutableSortedDictionary<string, string>.Empty.WithComparers(StringComparer.Ordinal);

    /// <summary>Octets that the key has: 8 or 20.</summary>
    public int KeyLength => Dkga == DecoderKeyGenerationAlgorithm.Dkga04 ? 20 : 8;

    /// <summary>Reads a card; false with a sentence that names the first item that is missing or breaks its rule.</summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out KeyCard? card, out string problem)
    {
        card = null;
        if (text is not { Length: > 0 and <= GreatestLength } || text.AsSpan().ContainsAnyExceptInRange(' ', '}') || text.Contains(':', StringComparison.Ordinal))
        {
            problem = $"a card has 1 to {GreatestLength} printable ASCII characters without colon";
            return false;
        }

        var items = new CardItems();
        foreach (var item in text.Split(';'))
            items.Add(item);
        card = new KeyCard
        {
            Activation = items.Time("ACT"),
            BaseDate = items.BaseDate("BDT"),
            CurrencyLimit = items.Limit("CLM"),
            Cluster = items.Number("CLU", 0, 255),
            Dkga = items.Number("DKG", 2, 4) switch { 4 => DecoderKeyGenerationAlgorithm.Dkga04, 2 => DecoderKeyGenerationAlgorithm.Dkga02, _ => items.Refuse("DKG", "02, 04") },
            IssuedUntil = items.Time("IUT"),
            CheckValue = items.Check("KCV"),
            Ken = KeyExpiryNumber.FromNumber(items.Number("KEN", 0, 255)),
            Krn = KeyRevisionNumber.FromNumber(items.Number("KRN", 1, 9)),
            KeyType = (KeyType)items.Number("KTY", 1, 3),
            Subclasses = items.Subclasses("SCL"),
            Sgc = items.Sgc("SGC"),
            UnitLimit = items.Limit("ULM"),
            More = items.Others(Known),
        };
        problem = items.Problem;
        if (problem.Length == 0)
            return true;
        card = null;
        return false;
    }

    /// <summary>The card, in alphabetical order of tags.</summary>
    public override string ToString()
    {
        var items = new SortedDictionary<string, string>(More, StringComparer.Ordinal)
        {
            ["ACT"] = ConcatLine.Time(Activation),
            ["BDT"] = ConcatLine.Time(BaseDate.Start),
            ["CLM"] = CurrencyLimit.ToString("X8", CultureInfo.InvariantCulture),
            ["CLU"] = Cluster.ToString(CultureInfo.InvariantCulture),
            ["DKG"] = Dkga == DecoderKeyGenerationAlgorithm.Dkga04 ? "04" : "02",
            ["IUT"] = ConcatLine.Time(IssuedUntil),
            ["KCV"] = CheckValue,
            ["KEN"] = Ken.ToString(),
            ["KRN"] = Krn.ToString(),
            ["KTY"] = ((int)KeyType).ToString(CultureInfo.InvariantCulture),
            ["SCL"] = string.Join(',', Enumerable.Range(0, 8).Where(n => (Subclasses >> n & 1) != 0)),
            ["SGC"] = Sgc.ToString(),
            ["ULM"] = UnitLimit.ToString("X8", CultureInfo.InvariantCulture),
        };
        return string.Join(';', items.Select(item => item.Key + item.Value));
    }
}
