using System.Collections.Frozen;
using System.Globalization;

namespace OpenSts.SecurityModule.Server;

/// <summary>Reads the items of a card and remembers the first tag that is wrong; what is wrong comes back as something harmless.</summary>
internal sealed class CardItems(FrozenDictionary<string, string> items)
{
    private static readonly string[] TimeForms = ["yyyyMMdd'T'HHmmss'Z'", "yyyyMMddHHmmss'Z'"];

    /// <summary>The first tag that was missing or out of range; null where none was.</summary>
    public string? Fault { get; private set; }

    /// <summary>A decimal number in a range; the value for a card without the tag is null where it must be there.</summary>
    public int Number(string tag, int least, int greatest, int? missing)
    {
        if (!items.TryGetValue(tag, out var text))
            return missing ?? Wrong(tag, least);
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value >= least && value <= greatest ? value : Wrong(tag, least);
    }

    /// <summary>A time; the default value as replacement says that it must be there.</summary>
    public DateTimeOffset Time(string tag, DateTimeOffset missing)
    {
        if (!items.TryGetValue(tag, out var text))
            return missing != default ? missing : Wrong<DateTimeOffset>(tag);
        return DateTimeOffset.TryParseExact(text, TimeForms, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time : Wrong<DateTimeOffset>(tag);
    }

    /// <summary>Eight hexadecimal digits; without the tag there is no limit.</summary>
    public uint Limit(string tag)
    {
        if (!items.TryGetValue(tag, out var text))
            return KeyCard.NoLimit;
        return text.Length == 8 && uint.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var limit) ? limit : Wrong<uint>(tag);
    }

    /// <summary>A list of numbers 0 to 7 as bits; without the tag all, and none where it is empty.</summary>
    public int Subclasses(string tag)
    {
        if (!items.TryGetValue(tag, out var text))
            return 0xFF;
        var bits = 0;
        foreach (var part in text.Split(',', StringSplitOptions.RemoveEmptyEntries))
            bits |= part is [>= '0' and <= '7'] ? 1 << (part[0] - '0') : Wrong<int>(tag);
        return bits;
    }

    /// <summary>Remembers the tag.</summary>
    public T Wrong<T>(string tag, T harmless = default)
        where T : struct
    {
        Fault ??= tag;
        return harmless;
    }
}
