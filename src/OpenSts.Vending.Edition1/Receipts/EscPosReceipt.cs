using System.Text;

namespace OpenSts.Vending.Receipts;

/// <summary>Sets a receipt in ESC/POS, the commands of thermal printers: code page 858, tokens as large as the paper allows.</summary>
public static class EscPosReceipt
{
    private const byte Esc = 0x1B, Gs = 0x1D;
    private const string Upper = "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜø£Ø×ƒáíóúñÑªº¿®¬½¼¡«»░▒▓│┤ÁÂÀ©╣║╗╝¢¥┐└┴┬├─┼ãÃ╚╔╩╦╠═╬¤ðÐÊËÈ€ÍÎÏ┘┌█▄¦Ì▀ÓßÔÒõÕµþÞÚÛÙýÝ¯´\u00AD±‗¾¶§÷¸°¨·¹³²■\u00A0";
    private const byte DoubleHeight = 0x01, DoubleWidth = 0x10;

    /// <summary>The octets for the printer; the paper is cut at the end.</summary>
    /// <param name="receipt">The receipt.</param>
    /// <param name="columns">48 for 80 mm, 32 for 58 mm.</param>
    public static byte[] Write(Receipt receipt, int columns)
    {
        ArgumentNullException.ThrowIfNull(receipt);
        var octets = new List<byte> { Esc, (byte)'@', Esc, (byte)'t', 19 };
        foreach (var row in receipt.Rows)
        {
            switch (row.Kind)
            {
                case ReceiptRowKind.Token when columns >= 48:
                    // Twenty digits and four spaces in double width fill 48 columns exactly.
                    Sized(octets, row.Text, DoubleHeight | DoubleWidth);
                    break;
                case ReceiptRowKind.Token:
                    // On 58 mm twelve and eight digits, on two lines.
                    Sized(octets, PlainReceipt.Centre(row.Text[..14], columns / 2), DoubleHeight | DoubleWidth);
                    Sized(octets, PlainReceipt.Centre(row.Text[15..], columns / 2), DoubleHeight | DoubleWidth);
                    break;
                case ReceiptRowKind.Title:
                    foreach (var line in PlainReceipt.Lines(row, columns))
                        Sized(octets, line, DoubleHeight);
                    break;
                default:
                    foreach (var line in PlainReceipt.Lines(row, columns))
                        Line(octets, line);
                    break;
            }
        }

        octets.AddRange([Esc, (byte)'d', 4, Gs, (byte)'V', 1]);
        return [.. octets];
    }

    private static void Sized(List<byte> octets, string text, int size)
    {
        octets.AddRange([Gs, (byte)'!', (byte)size]);
        Line(octets, text);
        octets.AddRange([Gs, (byte)'!', 0]);
    }

    private static void Line(List<byte> octets, string text)
    {
        foreach (var rune in text.EnumerateRunes())
            octets.Add(Octet(rune));
        octets.Add((byte)'\n');
    }

    // Code page 858; what it lacks becomes a question mark, and a space that does not break is a space.
    private static byte Octet(Rune rune) => rune.Value switch
    {
        >= 0x20 and <= 0x7E => (byte)rune.Value,
        0xA0 => (byte)' ',
        <= char.MaxValue when Upper.IndexOf((char)rune.Value, StringComparison.Ordinal) is >= 0 and var at => (byte)(0x80 + at),
        _ => (byte)'?',
    };
}
