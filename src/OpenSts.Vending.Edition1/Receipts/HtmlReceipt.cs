using System.Text;
using System.Text.Encodings.Web;

namespace OpenSts.Vending.Receipts;

/// <summary>The paper a page is printed on.</summary>
public enum Paper
{
    A4,
    Roll80,
    Roll58,
}

/// <summary>Sets a receipt as a page that prints without scripts.</summary>
public static class HtmlReceipt
{
    private const string Common = """
        *{box-sizing:border-box}body{margin:0;color:#000;background:#fff;font:400 13px/1.45 system-ui,sans-serif}
        main{margin:0 auto;padding:4mm}h1{font-size:1.25em;text-align:center;margin:.2em 0}p{text-align:center;margin:.2em 0}
        dl{display:grid;grid-template-columns:auto 1fr;gap:.1em 1em;margin:.2em 0}dt{color:#333}dd{margin:0;text-align:right;overflow-wrap:anywhere}
        hr{border:0;border-top:1px dashed #555;margin:.6em 0}h2{font-size:1em;margin:.4em 0 .2em}
        .token{font:700 1.6em/1.35 ui-monospace,monospace;text-align:center;letter-spacing:.02em;margin:.15em 0;break-inside:avoid}
        """;

    /// <summary>The whole page.</summary>
    public static string Write(Receipt receipt, Paper paper)
    {
        ArgumentNullException.ThrowIfNull(receipt);
        var html = new StringBuilder();
        _ = html.Append("<!doctype html><html lang=\"").Append(receipt.Language).Append("\"><head><meta charset=\"utf-8\"><title>")
            .Append(Encoded(receipt.Rows[0].Text)).Append("</title><style>").Append(Common).Append(paper switch
            {
                Paper.Roll80 => $"@page{{size:80mm {Height(receipt, 40, 8)}mm;margin:0}}main{{max-width:80mm}}body{{font-size:12px}}.token{{font-size:17px}}",
                Paper.Roll58 => $"@page{{size:58mm {Height(receipt, 30, 14)}mm;margin:0}}main{{max-width:58mm;padding:2mm}}body{{font-size:11px}}.token{{font-size:16px}}.token span{{display:block}}",
                _ => "@page{size:A4;margin:18mm}main{max-width:150mm}.token{font-size:24px}",
            }).Append("</style></head><body><main>").Append(Body(receipt)).Append("</main></body></html>");
        return html.ToString();
    }

    // Style sheets know no paper of any length: a roll's page is as long as its rows, a little more rather than less.
    private static int Height(Receipt receipt, int columns, int token) => 12 + receipt.Rows.Sum(row => row.Kind switch
    {
        ReceiptRowKind.Title => 7,
        ReceiptRowKind.Token => token,
        ReceiptRowKind.TokenTitle => 3 + (5 * Lines(row.Text.Length, columns)),
        ReceiptRowKind.Rule => 4,
        _ => 5 * Lines(row.Text.Length + row.Value.Length + 2, columns),
    });

    private static int Lines(int characters, int columns) => 1 + (characters / columns);

    /// <summary>The rows alone, to be put into another page.</summary>
    internal static string Body(Receipt receipt)
    {
        var html = new StringBuilder();
        var inList = false;
        foreach (var row in receipt.Rows)
        {
            if (inList != (row.Kind == ReceiptRowKind.Pair))
            {
                _ = html.Append(inList ? "</dl>" : "<dl>");
                inList = !inList;
            }

            _ = row.Kind switch
            {
                ReceiptRowKind.Title => html.Append("<h1>").Append(Encoded(row.Text)).Append("</h1>"),
                ReceiptRowKind.Centred => html.Append("<p>").Append(Encoded(row.Text)).Append("</p>"),
                ReceiptRowKind.Pair => html.Append("<dt>").Append(Encoded(row.Text)).Append("</dt><dd>").Append(Encoded(row.Value)).Append("</dd>"),
                ReceiptRowKind.TokenTitle => html.Append("<h2>").Append(Encoded(row.Text)).Append("</h2>"),
                ReceiptRowKind.Token => html.Append("<div class=\"token\"><span>").Append(row.Text[..14]).Append("</span> <span>").Append(row.Text[15..]).Append("</span></div>"),
                _ => html.Append("<hr>"),
            };
        }

        return html.Append(inList ? "</dl>" : "").ToString();
    }

    private static string Encoded(string text) => HtmlEncoder.Default.Encode(text);
}
