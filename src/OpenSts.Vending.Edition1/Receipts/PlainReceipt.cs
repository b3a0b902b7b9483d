using System.Text;

namespace OpenSts.Vending.Receipts;

/// <summary>Sets a receipt in lines of so many characters: 48 for 80 mm paper, 32 for 58 mm.</summary>
public static class PlainReceipt
{
    /// <summary>The receipt, lines ended by a line feed.</summary>
    public static string Write(Receipt receipt, int columns)
    {
        ArgumentNullException.ThrowIfNull(receipt);
        ArgumentOutOfRangeException.ThrowIfLessThan(columns, 24);
        var text = new StringBuilder();
        foreach (var row in receipt.Rows)
        {
            foreach (var line in Lines(row, columns))
                _ = text.Append(line).Append('\n');
        }

        return text.ToString();
    }

    /// <summary>The lines of a row, none longer than the paper is wide.</summary>
    internal static IEnumerable<string> Lines(ReceiptRow row, int columns) => row.Kind switch
    {
        ReceiptRowKind.Rule => [new string('-', columns)],
        ReceiptRowKind.Pair => Pair(row.Text, row.Value, columns),
        ReceiptRowKind.TokenTitle => Wrap(row.Text, columns),
        _ => Wrap(row.Text, columns).Select(line => Centre(line, columns)),
    };

    /// <summary>A text in the middle of a line.</summary>
    internal static string Centre(string text, int columns) => new string(' ', Math.Max(0, (columns - text.Length) / 2)) + text;

    private static IEnumerable<string> Pair(string label, string value, int columns)
    {
        if (label.Length + 1 + value.Length <= columns)
            return [label + new string(' ', columns - label.Length - value.Length) + value];
        return [.. Wrap(label, columns), .. Wrap(value, columns).Select(line => line.PadLeft(columns))];
    }

    private static IEnumerable<string> Wrap(string text, int columns)
    {
        while (text.Length > columns)
        {
            var cut = text.LastIndexOf(' ', columns);
            if (cut <= 0)
                cut = columns;
            yield return text[..cut].TrimEnd();
            text = text[cut..].TrimStart();
        }

        yield return text;
    }
}
