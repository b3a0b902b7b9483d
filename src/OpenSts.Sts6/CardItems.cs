using System.Collections.Immutable;
using System.Globalization;

namespace OpenSts.Sts6;

/// <summary>Where a card stands.</summary>
internal enum CardForm
{
    /// <summary>At a register: items with a usual value may be left out.</summary>
    Register,

    /// <summary>In a key load file: nothing is left out.</summary>
    Whole,

    /// <summary>
    /// In a key load file of a manufacturing module: nothing is left out, and the key may be an initialization key.
    /// </summary>
    Production,
}

/// <summary>
/// Reads the items of a card by tag; the first that is missing or breaks its rule is named in <see cref="Problem"/>.
/// </summary>
internal sealed class CardItems
{
    private const int GreatestLength = 800;

    // Public clients also know a time without its letter T.
    private static readonly string[] TimeForms = [ConcatLine.TimeForm, "yyyyMMddHHmmss'Z'"];
    private readonly Dictionary<string, string> _items = new(StringComparer.Ordinal);
    private readonly CardForm _form;

    public CardItems(string? text, CardForm form)
    {
        _form = form;
        if (text is not { Length: <= GreatestLength } || text.AsSpan().ContainsAnyExceptInRange(' ', '}')
            || text.Contains(':', StringComparison.Ordinal))
        {
            Fail($"a card has at most {GreatestLength} printable ASCII characters without colon");
            return;
        }

        foreach (var item in text.Length == 0 ? [] : text.Split(';'))
        {
            if (item.Length < 3 || item.AsSpan(0, 3).ContainsAnyExceptInRange('A', 'Z'))
                Fail("a card's item begins with a tag of three capitals");
            else if (!_items.TryAdd(item[..3], item[3..]))
                Fail($"the card has the item {item[..3]} twice");
        }
    }

    public string Problem { get; private set; } = "";

    public bool Has(string tag) => _items.ContainsKey(tag);

    public DateTimeOffset Time(string tag, DateTimeOffset usual)
    {
        if (MayBeLeftOut(tag))
            return usual;
        if (DateTimeOffset.TryParseExact(Text(tag), TimeForms, CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal, out var time))
            return time;
        Fail(tag, "a UTC time such as 20260101T000000Z");
        return default;
    }

    // Public clients read four digits of the year and nothing else of this item.
    public BaseDate BaseDate(string tag)
    {
        var text = Text(tag);
        if (text.Length >= 4 && int.TryParse(text.AsSpan(0, 4), NumberStyles.None, CultureInfo.InvariantCulture,
            out var year) && OpenSts.BaseDate.TryFromYear(year, out var baseDate))
            return baseDate;
        Fail(tag, "a time that begins with 1993, 2014 or 2035");
        return OpenSts.BaseDate.Base2014;
    }

    /// <summary>Without the item there is no limit.</summary>
    public uint Limit(string tag)
    {
        var text = Text(tag);
        if (MayBeLeftOut(tag))
            return KeyCard.NoLimit;
        if (text.Length == 8
            && uint.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value))
            return value;
        Fail(tag, "8 hexadecimal digits");
        return 0;
    }

    public int Number(string tag, int least, int greatest, int? usual = null)
    {
        if (usual is { } number && MayBeLeftOut(tag))
            return number;
        if (int.TryParse(Text(tag), NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value >= least
            && value <= greatest)
            return value;
        Fail(tag, $"{least} to {greatest}");
        return least;
    }

    public string Check(string tag)
    {
        var text = Text(tag);
        if (MayBeLeftOut(tag) || (text.Length == 6 && text.All(char.IsAsciiHexDigitUpper)))
            return text;
        Fail(tag, "6 hexadecimal capitals");
        return "";
    }

    /// <summary>Without the item all.</summary>
    public int Subclasses(string tag)
    {
        var (text, mask) = (Text(tag), 0);
        if (MayBeLeftOut(tag))
            return KeyCard.AllSubclasses;
        if (text.Length == 0 && Has(tag))
            return 0;
        foreach (var part in text.Split(','))
        {
            if (part is not [>= '0' and <= '7'] || (mask >> (part[0] - '0') & 1) != 0)
            {
                Fail(tag, "a list of 0 to 7, each once, joined by commas, or nothing");
                return 0;
            }

            mask |= 1 << (part[0] - '0');
        }

        return mask;
    }

    public SupplyGroupCode Sgc(string tag)
    {
        if (SupplyGroupCode.TryParse(Text(tag), out var sgc, out _))
            return sgc;
        Fail(tag, "6 digits");
        return default;
    }

    /// <summary>DKGA02, and nothing else.</summary>
    public DecoderKeyGenerationAlgorithm Dkga02(string tag)
    {
        if (!int.TryParse(Text(tag), NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number != 2)
            Fail(tag, "02, 04");
        return DecoderKeyGenerationAlgorithm.Dkga02;
    }

    public ImmutableSortedDictionary<string, string> Others(string[] known) =>
        _items.Where(item => !known.Contains(item.Key))
            .ToImmutableSortedDictionary(item => item.Key, item => item.Value, StringComparer.Ordinal);

    private bool MayBeLeftOut(string tag) => _form == CardForm.Register && !Has(tag);

    private string Text(string tag) => _items.GetValueOrDefault(tag, "");

    private void Fail(string tag, string permitted) =>
        Fail(_items.TryGetValue(tag, out var held)
            ? $"card item {tag} held {(held.Length > 40 ? held[..40] + "..." : held)}; permitted: {permitted}"
            : $"card item {tag} is missing; permitted: {permitted}");

    private void Fail(string problem)
    {
        if (Problem.Length == 0)
            Problem = problem;
    }
}
