using System.Globalization;
using System.Text;

namespace OpenSts.Vending.Receipts;

/// <summary>Writes a PDF 1.4 of text in two standard fonts and of filled rectangles: no more than a receipt needs.</summary>
/// <remarks>Lengths are points (1/72 inch), from the lower left corner.</remarks>
internal sealed class PdfDocument
{
    /// <summary>Points in a millimetre.</summary>
    public const double Millimetre = 72 / 25.4;

    private readonly List<(double Width, double Height, StringBuilder Content)> _pages = [];

    private StringBuilder Content => _pages[^1].Content;

    /// <summary>Begins a page.</summary>
    public void Page(double width, double height) => _pages.Add((width, height, new StringBuilder()));

    /// <summary>Sets a line of Helvetica.</summary>
    /// <param name="x">Its left end.</param>
    /// <param name="y">Its base line.</param>
    /// <param name="size">Points.</param>
    /// <param name="text">Letters outside WinAnsi become question marks.</param>
    /// <param name="grey">0 for black, 1 for white.</param>
    public void Text(double x, double y, double size, string text, double grey = 0) => Show("Helvetica", x, y, size, text, grey);

    /// <summary>Sets a line of Courier Bold, whose letters are 0.6 of the size wide.</summary>
    public void Digits(double x, double y, double size, string text) => Show("Courier", x, y, size, text, 0);

    /// <summary>A dashed line across.</summary>
    public void Rule(double x, double y, double width) => Content.Append(CultureInfo.InvariantCulture, $"0.5 w [2 2] 0 d {N(x)} {N(y)} m {N(x + width)} {N(y)} l S\n");

    /// <summary>A black rectangle.</summary>
    public void Box(double x, double y, double width, double height) => Content.Append(CultureInfo.InvariantCulture, $"{N(x)} {N(y)} {N(width)} {N(height)} re\n");

    /// <summary>Fills the boxes since the last time.</summary>
    public void Fill() => Content.Append("0 g f\n");

    /// <summary>The octets of the whole file.</summary>
    /// <param name="title">For the reader's window.</param>
    /// <param name="language">Two letters.</param>
    /// <param name="at">When the document was made.</param>
    public byte[] Write(string title, string language, DateTimeOffset at)
    {
        const int firstPage = 6;
        var kids = string.Join(' ', Enumerable.Range(0, _pages.Count).Select(i => $"{firstPage + (2 * i)} 0 R"));
        List<string> objects =
        [
            $"<< /Type /Catalog /Pages 2 0 R /Lang ({language}) /ViewerPreferences << /DisplayDocTitle true >> >>",
            $"<< /Type /Pages /Kids [{kids}] /Count {_pages.Count} >>",
            "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
            "<< /Type /Font /Subtype /Type1 /BaseFont /Courier-Bold /Encoding /WinAnsiEncoding >>",
            $"<< /Title {Literal(title)} /Producer (OpenSts) /CreationDate (D:{at.UtcDateTime:yyyyMMddHHmmss}Z) >>",
        ];
        foreach (var (width, height, content) in _pages)
        {
            objects.Add($"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {N(width)} {N(height)}] /Resources << /Font << /Helvetica 3 0 R /Courier 4 0 R >> >> /Contents {objects.Count + 2} 0 R >>");
            objects.Add($"<< /Length {content.Length} >>\nstream\n{content}endstream");
        }

        // Every letter is one octet: positions in the text are positions in the file.
        var file = new StringBuilder("%PDF-1.4\n%\u00E2\u00E3\u00CF\u00D3\n");
        var places = new List<int>();
        for (var i = 0; i < objects.Count; i++)
        {
            places.Add(file.Length);
            _ = file.Append(CultureInfo.InvariantCulture, $"{i + 1} 0 obj\n{objects[i]}\nendobj\n");
        }

        var table = file.Length;
        _ = file.Append(CultureInfo.InvariantCulture, $"xref\n0 {objects.Count + 1}\n0000000000 65535 f \n");
        foreach (var place in places)
            _ = file.Append(CultureInfo.InvariantCulture, $"{place:D10} 00000 n \n");
        _ = file.Append(CultureInfo.InvariantCulture, $"trailer\n<< /Size {objects.Count + 1} /Root 1 0 R /Info 5 0 R >>\nstartxref\n{table}\n%%EOF\n");
        return Encoding.Latin1.GetBytes(file.ToString());
    }

    private void Show(string font, double x, double y, double size, string text, double grey) =>
        Content.Append(CultureInfo.InvariantCulture, $"BT {N(grey)} g /{font} {N(size)} Tf {N(x)} {N(y)} Td {Literal(text)} Tj ET\n");

    // Everything outside ASCII as three octal digits: the file stays readable and one octet stays one octet.
    private static string Literal(string text)
    {
        var literal = new StringBuilder("(");
        foreach (var octet in WinAnsi.Encode(text))
        {
            _ = octet is (byte)'(' or (byte)')' or (byte)'\\' ? literal.Append('\\').Append((char)octet)
                : octet < 0x7F ? literal.Append((char)octet)
                : literal.Append('\\').Append(Convert.ToString(octet, 8));
        }

        return literal.Append(')').ToString();
    }

    private static string N(double value) => value.ToString("0.###", CultureInfo.InvariantCulture);
}
