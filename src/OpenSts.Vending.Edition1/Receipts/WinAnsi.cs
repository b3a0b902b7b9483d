namespace OpenSts.Vending.Receipts;

/// <summary>The letters that a PDF shows without a font of its own (WinAnsiEncoding), and how wide Helvetica sets them.</summary>
/// <remarks>PDF Reference 1.4, appendix D for the encoding; the widths are those of the standard font's metrics, in thousandths of its size.</remarks>
internal static class WinAnsi
{
    /// <summary>What stands in the place of a letter that the encoding lacks.</summary>
    public const byte Missing = (byte)'?';

    // 0x80 to 0x9F; a blank has no letter.
    private const string Upper = "\u20AC\0\u201A\u0192\u201E\u2026\u2020\u2021\u02C6\u2030\u0160\u2039\u0152\0\u017D\0\0\u2018\u2019\u201C\u201D\u2022\u2013\u2014\u02DC\u2122\u0161\u203A\u0153\0\u017E\u0178";

    private static readonly short[] Widths =
    [
        // 0x20 to 0x7E
        278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556, 556, 556, 556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556,
        1015, 667, 667, 722, 722, 667, 611, 778, 722, 278, 500, 667, 556, 833, 722, 778, 667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469, 556,
        333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556, 556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584, 0,
        // 0x80 to 0x9F
        556, 0, 222, 556, 333, 1000, 556, 556, 333, 1000, 667, 333, 1000, 0, 611, 0, 0, 222, 222, 333, 333, 350, 556, 1000, 333, 1000, 500, 333, 944, 0, 500, 667,
        // 0xA0 to 0xFF
        278, 333, 556, 556, 556, 556, 260, 556, 333, 737, 370, 556, 584, 333, 737, 333, 400, 584, 333, 333, 333, 556, 537, 278, 333, 333, 365, 556, 834, 834, 834, 611,
        667, 667, 667, 667, 667, 667, 1000, 722, 667, 667, 667, 667, 278, 278, 278, 278, 722, 722, 778, 778, 778, 778, 778, 584, 778, 722, 722, 722, 722, 667, 667, 611,
        556, 556, 556, 556, 556, 556, 889, 500, 556, 556, 556, 556, 278, 278, 278, 278, 556, 556, 556, 556, 556, 556, 556, 584, 611, 556, 556, 556, 556, 500, 556, 500,
    ];

    /// <summary>The octets of a text; a letter that the encoding lacks is one question mark.</summary>
    public static byte[] Encode(string text) => [.. text.EnumerateRunes().Select(rune => Octet(rune.Value) ?? Missing)];

    /// <summary>True where every letter of the text is in the encoding.</summary>
    public static bool Has(string text) => text.EnumerateRunes().All(rune => Octet(rune.Value) is not null);

    /// <summary>How wide Helvetica of a size sets a text, in the size's unit.</summary>
    public static double Width(string text, double size) => Encode(text).Sum(octet => Widths[octet - ' ']) * size / 1000;

    private static byte? Octet(int letter) => letter switch
    {
        >= 0x20 and <= 0x7E or >= 0xA0 and <= 0xFF => (byte)letter,
        > 0xFF and <= char.MaxValue when Upper.IndexOf((char)letter, StringComparison.Ordinal) is >= 0 and var at => (byte)(0x80 + at),
        _ => null,
    };
}
