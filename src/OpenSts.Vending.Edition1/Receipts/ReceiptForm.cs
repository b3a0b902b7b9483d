using System.Text;

namespace OpenSts.Vending.Receipts;

/// <summary>The forms in which a receipt is given out.</summary>
public enum ReceiptForm
{
    HtmlA4,
    Html80,
    Html58,
    Text48,
    Text32,
    EscPos80,
    EscPos58,
    PdfA4,
    Pdf80,
    Pdf58,
}

/// <summary>Receipts in their forms.</summary>
public static class ReceiptForms
{
    private const string Pdf = "application/pdf";

    /// <summary>The form for a caller that names none: A4 where it takes PDF only, otherwise plain text for 80 mm.</summary>
    /// <param name="accept">The Accept header.</param>
    public static ReceiptForm Usual(string? accept) => accept?.Trim().StartsWith(Pdf, StringComparison.OrdinalIgnoreCase) == true ? ReceiptForm.PdfA4 : ReceiptForm.Text48;

    /// <summary>The octets and what they are.</summary>
    public static (byte[] Octets, string ContentType) Write(Receipt receipt, ReceiptForm form) => form switch
    {
        ReceiptForm.HtmlA4 => (Encoding.UTF8.GetBytes(HtmlReceipt.Write(receipt, Paper.A4)), "text/html; charset=utf-8"),
        ReceiptForm.Html80 => (Encoding.UTF8.GetBytes(HtmlReceipt.Write(receipt, Paper.Roll80)), "text/html; charset=utf-8"),
        ReceiptForm.Html58 => (Encoding.UTF8.GetBytes(HtmlReceipt.Write(receipt, Paper.Roll58)), "text/html; charset=utf-8"),
        ReceiptForm.Text48 => (Encoding.UTF8.GetBytes(PlainReceipt.Write(receipt, 48)), "text/plain; charset=utf-8"),
        ReceiptForm.Text32 => (Encoding.UTF8.GetBytes(PlainReceipt.Write(receipt, 32)), "text/plain; charset=utf-8"),
        ReceiptForm.EscPos80 => (EscPosReceipt.Write(receipt, 48), "application/octet-stream"),
        ReceiptForm.EscPos58 => (EscPosReceipt.Write(receipt, 32), "application/octet-stream"),
        ReceiptForm.PdfA4 => (PdfReceipt.Write(receipt, Paper.A4), Pdf),
        ReceiptForm.Pdf80 => (PdfReceipt.Write(receipt, Paper.Roll80), Pdf),
        ReceiptForm.Pdf58 => (PdfReceipt.Write(receipt, Paper.Roll58), Pdf),
        _ => throw new ArgumentOutOfRangeException(nameof(form), form, null),
    };
}
