using QRCoder;

namespace OpenSts.Vending.Receipts;

/// <summary>Sets a receipt as PDF: tokens as large as the paper allows, and once more as a QR code of their digits.</summary>
internal sealed class PdfReceipt
{
    private const double TokenLetters = 24, HalfTokenLetters = 14, CourierWidth = 0.6, LineHeight = 1.35;
    private const double Grey = 0.3;
    private readonly PdfDocument _file = new();
    private readonly Sheet _sheet;
    private double _y;

    private PdfReceipt(Sheet sheet) => _sheet = sheet;

    /// <summary>Sizes of a paper, in points.</summary>
    /// <param name="Width">Of the paper.</param>
    /// <param name="Height">0 for a roll, which is cut where the receipt ends.</param>
    /// <param name="Side">The margin left and right.</param>
    /// <param name="Top">The margin above and below.</param>
    /// <param name="Size">Of the letters.</param>
    /// <param name="Digits">The largest size of the digits.</param>
    /// <param name="Code">The side of the QR code.</param>
    private readonly record struct Sheet(double Width, double Height, double Side, double Top, double Size, double Digits, double Code)
    {
        public double Inner => Width - (2 * Side);
    }

    /// <summary>The whole file.</summary>
    public static byte[] Write(Receipt receipt, Paper paper)
    {
        ArgumentNullException.ThrowIfNull(receipt);
        const double mm = PdfDocument.Millimetre;
        var sheet = paper switch
        {
            Paper.Roll80 => new Sheet(80 * mm, 0, 4 * mm, 4 * mm, 8.5, 16, 30 * mm),
            Paper.Roll58 => new Sheet(58 * mm, 0, 3 * mm, 3 * mm, 7.5, 17, 28 * mm),
            _ => new Sheet(210 * mm, 297 * mm, 25 * mm, 18 * mm, 10.5, 26, 34 * mm),
        };
        if (sheet.Height == 0)
        {
            // The first time only measures: the paper is as long as what stands on it.
            var measured = new PdfReceipt(sheet with { Height = 10_000 });
            measured.Set(receipt);
            sheet = sheet with { Height = 10_000 - measured._y + sheet.Top };
        }

        var written = new PdfReceipt(sheet);
        written.Set(receipt);
        return written._file.Write(receipt.Rows[0].Text, receipt.Language, receipt.At);
    }

    private void Set(Receipt receipt)
    {
        NewPage();
        foreach (var row in receipt.Rows)
        {
            switch (row.Kind)
            {
                case ReceiptRowKind.Title:
                    Centred(row.Text, _sheet.Size * 1.35);
                    break;
                case ReceiptRowKind.Centred:
                    Centred(row.Text, _sheet.Size);
                    break;
                case ReceiptRowKind.Pair:
                    Pair(row.Text, row.Value);
                    break;
                case ReceiptRowKind.TokenTitle:
                    Lines(row.Text, _sheet.Size, 0);
                    break;
                case ReceiptRowKind.Token:
                    Token(row.Text);
                    break;
                default:
                    Down(_sheet.Size * 0.9);
                    _file.Rule(_sheet.Side, _y + (_sheet.Size * 0.3), _sheet.Inner);
                    break;
            }
        }

        var digits = string.Join('\n', receipt.Rows.Where(row => row.Kind == ReceiptRowKind.Token).Select(row => row.Text.Replace(" ", "", StringComparison.Ordinal)));
        if (digits.Length > 0)
            Code(digits);
        if (receipt.Rows.Any(row => !WinAnsi.Has(row.Text) || !WinAnsi.Has(row.Value)))
            Lines(receipt.NotShown, _sheet.Size * 0.8, Grey);
    }

    private void NewPage()
    {
        _file.Page(_sheet.Width, _sheet.Height);
        _y = _sheet.Height - _sheet.Top;
    }

    // Room for what is set next, on this page or on a new one.
    private void Down(double height)
    {
        // A roll is exactly as long as what stands on it: a rounding must not cost a page.
        if (_y - height < _sheet.Top - 0.5)
            NewPage();
        _y -= height;
    }

    private void Centred(string text, double size)
    {
        foreach (var line in Wrap(text, size, _sheet.Inner))
        {
            Down(size * LineHeight);
            _file.Text((_sheet.Width - WinAnsi.Width(line, size)) / 2, _y, size, line);
        }
    }

    private void Lines(string text, double size, double grey)
    {
        foreach (var line in Wrap(text, size, _sheet.Inner))
        {
            Down(size * LineHeight);
            _file.Text(_sheet.Side, _y, size, line, grey);
        }
    }

    private void Pair(string label, string value)
    {
        var size = _sheet.Size;
        var gap = WinAnsi.Width("  ", size);
        var labelWidth = WinAnsi.Width(label, size);
        Down(size * LineHeight);
        if (labelWidth > _sheet.Inner)
        {
            _y += size * LineHeight;
            Lines(label, size, Grey);
        }
        else
        {
            _file.Text(_sheet.Side, _y, size, label, Grey);
        }

        var room = _sheet.Inner - labelWidth - gap;
        // A value that would be squeezed beside its word goes below it.
        var beside = room > _sheet.Inner * 0.4 || WinAnsi.Width(value, size) <= room;
        var first = beside;
        foreach (var line in Wrap(value, size, beside ? room : _sheet.Inner))
        {
            if (!first)
                Down(size * LineHeight);
            first = false;
            _file.Text(_sheet.Width - _sheet.Side - WinAnsi.Width(line, size), _y, size, line);
        }
    }

    private void Token(string text)
    {
        var whole = _sheet.Inner / (TokenLetters * CourierWidth);
        // Narrow paper: twelve digits and eight, on two lines and larger.
        string[] lines = whole < _sheet.Size * 1.5 ? [text[..14], text[15..]] : [text];
        var size = Math.Min(_sheet.Digits, lines.Length == 1 ? whole : _sheet.Inner / (HalfTokenLetters * CourierWidth));
        foreach (var line in lines)
        {
            Down(size * 1.25);
            _file.Digits((_sheet.Width - (line.Length * CourierWidth * size)) / 2, _y, size, line);
        }

        Down(size * 0.2);
    }

    private void Code(string digits)
    {
        using var made = QRCodeGenerator.GenerateQrCode(digits, QRCodeGenerator.ECCLevel.M);
        var modules = made.ModuleMatrix;
        var side = _sheet.Code / modules.Count;
        Down(_sheet.Code + _sheet.Size);
        var left = (_sheet.Width - _sheet.Code) / 2;
        for (var row = 0; row < modules.Count; row++)
        {
            // One box for modules side by side: a tenth of the size, and no hairlines between them.
            for (var column = 0; column < modules.Count; column++)
            {
                var from = column;
                while (column < modules.Count && modules[row][column])
                    column++;
                if (column > from)
                    _file.Box(left + (from * side), _y + ((modules.Count - 1 - row) * side), (column - from) * side, side);
            }
        }

        _file.Fill();
    }

    private static IEnumerable<string> Wrap(string text, double size, double width)
    {
        while (WinAnsi.Width(text, size) > width)
        {
            var fits = text.Length;
            while (fits > 1 && WinAnsi.Width(text[..fits], size) > width)
                fits--;
            var cut = text.LastIndexOf(' ', fits) is > 0 and var blank ? blank : fits;
            if (cut < text.Length && char.IsLowSurrogate(text[cut]))
                cut = cut > 1 ? cut - 1 : cut + 1;
            yield return text[..cut].TrimEnd();
            text = text[cut..].TrimStart();
        }

        yield return text;
    }
}
