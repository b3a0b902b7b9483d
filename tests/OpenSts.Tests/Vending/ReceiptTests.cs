using OpenSts.Vending.Issues;
using OpenSts.Vending.Meters;
using OpenSts.Vending.Operations;
using OpenSts.Vending.Pages;
using OpenSts.Vending.Receipts;
using OpenSts.Vending.Tariffs;

namespace OpenSts.Tests.Vending;

public class ReceiptTests
{
    private static readonly Token66 Credit = Token66.Parse("12345678901234567890");
    private static readonly Token66 Part = Token66.Parse("00000000000000000001");

    [Theory]
    [InlineData("80 mm", 48)]
    [InlineData("58 mm", 32)]
    public void Plain_LongNames_NoLineIsWiderThanThePaper(string description, int columns)
    {
        var text = PlainReceipt.Write(Of(0, Words.English), columns);

        Assert.All(text.Split('\n'), line => Assert.True(line.Length <= columns, $"{description}: {line}"));
        Assert.Contains("1234 5678 9012 3456 7890", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Plain_KeyChangeWithSale_KeyChangeTokensStandAboveTheCredit()
    {
        var text = PlainReceipt.Write(Of(0, Words.English), 48);

        Assert.True(text.IndexOf("0000 0000 0000 0000 0001", StringComparison.Ordinal) < text.IndexOf("1234 5678", StringComparison.Ordinal));
    }

    [Fact]
    public void Plain_SecondPrint_SaysCopy()
    {
        Assert.DoesNotContain("COPY", PlainReceipt.Write(Of(0, Words.English), 48), StringComparison.Ordinal);
        Assert.Contains("COPY 3", PlainReceipt.Write(Of(3, Words.English), 48), StringComparison.Ordinal);
        Assert.Contains("COPIE 3", PlainReceipt.Write(Of(3, Words.Of("fr")), 48), StringComparison.Ordinal);
    }

    [Fact]
    public void Html_NameWithMarkup_IsEncoded()
    {
        var html = HtmlReceipt.Write(Of(0, Words.English), Paper.Roll80);

        Assert.DoesNotContain("<script", html, StringComparison.Ordinal);
        Assert.Contains("&lt;script&gt;", html, StringComparison.Ordinal);
    }

    [Fact]
    public void EscPos_Token_StandsInDoubleWidthAndThePaperIsCut()
    {
        var octets = EscPosReceipt.Write(Of(0, Words.Of("fr")), 48);
        var text = System.Text.Encoding.Latin1.GetString(octets);

        Assert.Contains("\u001D!\u00111234 5678 9012 3456 7890\n\u001D!\0", text, StringComparison.Ordinal);
        Assert.EndsWith("\u001DV\u0001", text, StringComparison.Ordinal);
        Assert.All(octets, octet => Assert.True(octet < 0x80 || octet is >= 0x81 and <= 0xF8));
    }

    [Theory]
    [InlineData("A4", Paper.A4)]
    [InlineData("80 mm", Paper.Roll80)]
    [InlineData("58 mm", Paper.Roll58)]
    public void Pdf_EveryPaper_TheTableOfObjectsIsRightAndTheTokensStandThere(string description, Paper paper)
    {
        var text = System.Text.Encoding.Latin1.GetString(PdfReceipt.Write(Of(0, Words.English), paper));

        Assert.StartsWith("%PDF-1.4\n", text, StringComparison.Ordinal);
        var table = int.Parse(text[(text.LastIndexOf("startxref\n", StringComparison.Ordinal) + 10)..^7], System.Globalization.CultureInfo.InvariantCulture);
        var lines = text[table..].Split('\n');
        Assert.Equal("xref", lines[0]);
        var count = int.Parse(lines[1].Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture);
        for (var i = 1; i < count; i++)
        {
            Assert.Equal(19, lines[2 + i].Length);
            var place = int.Parse(lines[2 + i][..10], System.Globalization.CultureInfo.InvariantCulture);
            Assert.True(text.AsSpan(place).StartsWith($"{i} 0 obj\n"), $"{description}, object {i}");
        }

        foreach (System.Text.RegularExpressions.Match stream in System.Text.RegularExpressions.Regex.Matches(text, "/Length ([0-9]+) >>\nstream\n"))
            Assert.True(text.AsSpan(stream.Index + stream.Length + int.Parse(stream.Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture)).StartsWith("endstream"), description);
        string[] expected = paper == Paper.Roll58 ? ["(1234 5678 9012)", "(3456 7890)"] : ["(1234 5678 9012 3456 7890)"];
        Assert.All(expected, part => Assert.Contains(part, text, StringComparison.Ordinal));
    }

    [Fact]
    public void Pdf_LettersOfTheEncodingAndOthers_AreShownOrSaidNotToBe()
    {
        var shown = System.Text.Encoding.Latin1.GetString(PdfReceipt.Write(Of(0, Words.Of("fr")), Paper.A4));
        var foreign = System.Text.Encoding.Latin1.GetString(PdfReceipt.Write(Of(0, Words.Of("fr"), "(Ωmega) \\ 😀"), Paper.A4));

        // In French: E with acute is octal 311.
        Assert.Contains("\\311glise 1, \\311vry)", shown, StringComparison.Ordinal);
        Assert.DoesNotContain("Les lettres", shown, StringComparison.Ordinal);
        Assert.Contains("(\\(?mega\\) \\\\ ?)", foreign, StringComparison.Ordinal);
        Assert.Contains("Les lettres", foreign, StringComparison.Ordinal);
    }

    [Fact]
    public void Pdf_LongReceipt_GoesOnOnASecondPageAndARollGrows()
    {
        var many = Of(0, Words.English, tokens: 60);

        Assert.DoesNotContain("/Count 1 ", System.Text.Encoding.Latin1.GetString(PdfReceipt.Write(many, Paper.A4)), StringComparison.Ordinal);
        Assert.Contains("/Count 1 ", System.Text.Encoding.Latin1.GetString(PdfReceipt.Write(many, Paper.Roll80)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("nothing said", null, ReceiptForm.Text48)]
    [InlineData("anything", "*/*", ReceiptForm.Text48)]
    [InlineData("PDF", "application/pdf", ReceiptForm.PdfA4)]
    [InlineData("PDF first", " application/pdf, */*;q=0.1", ReceiptForm.PdfA4)]
    public void Usual_AcceptHeader_DecidesTheForm(string description, string? accept, ReceiptForm form) => Assert.True(ReceiptForms.Usual(accept) == form, description);

    [Fact]
    public void Words_EveryLanguage_HasEveryWordWithItsParts()
    {
        foreach (var words in Words.All)
        {
            Assert.Equal(Words.English.Keys.Order(StringComparer.Ordinal), words.Keys.Order(StringComparer.Ordinal));
            Assert.All(words.Keys, key => Assert.Equal(Words.English[key].Count(c => c == '{'), words[key].Count(c => c == '{')));
        }
    }

    [Theory]
    [InlineData("markup", "<b>&\"'", "&lt;b&gt;&amp;&quot;&#x27;")]
    [InlineData("nothing", null, "")]
    public void Html_Parts_AreEncoded(string description, string? part, string expected) => Assert.True(expected == Html.Of($"{part}").Text, description);

    private static Receipt Of(long copy, Words words, string name = "<script>alert(1)</script> a name that is much longer than any paper is wide", int tokens = 2) => Receipt.Of(
        new Issue
        {
            Id = "sale-0001",
            Number = 7,
            Kind = IssueKind.Sale,
            State = IssueState.Issued,
            Digest = "",
            Meter = new PaymentMeter
            {
                Pan = MeterPan.Create(DecoderReferenceNumber.Create(ManufacturerCode.Parse("04"), 1)),
                Key = new MeterKey { SupplyGroup = SupplyGroupCode.Parse("123457"), KeyRevisionNumber = 1, KeyType = KeyType.Unique, TariffIndex = TariffIndex.Parse("01") },
                EncryptionAlgorithm = EncryptionAlgorithm.Ea07,
                TokenCarrierType = TokenCarrierType.Numeric,
                Service = CreditService.Electricity,
                Form = TokenForm.Units,
                Tariff = "home",
                State = MeterState.Active,
                ChargesFrom = default,
            },
            CustomerName = name,
            CustomerAddress = "Rue de l'Église 1, Évry",
            Operator = "operator:clerk",
            Month = "2026-11",
            Created = new DateTimeOffset(2026, 11, 21, 10, 0, 0, TimeSpan.Zero),
            Quote = new Quote
            {
                Tender = 10_000,
                Lines = [new QuoteLine { Kind = QuoteLineKind.Energy, Name = "", Minor = 10_000, Units = 33.333333m, Rate = 3m }],
                Units = 33.333333m,
                TokenUnits = 33.4m,
                Field = 334,
                FixedChargesLeft = 12,
                ArrearsLeft = 0,
            },
            Tokens = [new MadeTokens(OrderKind.KeyChange, 0, [.. Enumerable.Repeat(Part, tokens)]), new MadeTokens(OrderKind.Credit, 33.4m, [Credit])],
        },
        new VendingSettings(),
        words,
        copy);
}
