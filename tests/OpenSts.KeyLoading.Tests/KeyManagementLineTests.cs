using OpenSts.Sts6;

namespace OpenSts.KeyLoading.Tests;

public class KeyManagementLineTests
{
    private const string Card =
        "ACT20260101T000000Z;BDT20140101T000000Z;CLMFFFFFFFF;CLU0;DKG04;IUT20270101T000000Z;KCV0F353D;KEN255;KRN1;KTY2;SCL0,1,2,3,4,5,6,7;SGC201457;ULMFFFFFFFF";

    [Fact]
    public void Close_PublishedLine_HasItsCheck() =>
        Assert.Equal("SMID.1:Prism:94001632:20210204T081427Z:039F2C48F2030174:AEEA",
            ConcatLine.Close("SMID.1:Prism:94001632:20210204T081427Z:039F2C48F2030174:"));

    [Theory]
    [InlineData("", Label = "empty")]
    [InlineData("SMID.1:a:b:", Label = "no check")]
    [InlineData("SMID.1:Prism:94001632:20210204T081427Z:039F2C48F2030174:AEEB", Label = "wrong check")]
    [InlineData("SMID.1:Prism:94001632:20210204T081427Z:039F2C48F2030174:aeea", Label = "check in small letters")]
    [InlineData(" SMID.1:Prism:94001632:20210204T081427Z:039F2C48F2030174:AEEA", Label = "a space before")]
    [InlineData("SMID.1:Prism:94001632:20210204T081427Z:039F2C48F2030174:AEEA\n", Label = "a line end")]
    [InlineData("SMID.1:Pris\u00e9:94001632:20210204T081427Z:039F2C48F2030174:AEEA", Label = "a letter beyond ASCII")]
    public void TrySplit_NotALine_SaysWhy(string line)
    {
        Assert.False(ConcatLine.TrySplit(line, "SMID.1", 4, out var fields, out var problem));
        Assert.Empty(fields);
        Assert.NotEmpty(problem);
    }

    [Fact]
    public void TrySplit_OtherTypeOrCount_SaysWhy()
    {
        var line = ConcatLine.Close("SMID.1:a:b:");
        Assert.True(ConcatLine.TrySplit(line, "SMID.1", 2, out var fields, out _));
        Assert.Equal(["a", "b"], fields);
        Assert.False(ConcatLine.TrySplit(line, "SMID.2", 2, out _, out _));
        Assert.False(ConcatLine.TrySplit(line, "SMID.1", 3, out _, out var problem));
        Assert.Contains("3 fields, this one has 2", problem, StringComparison.Ordinal);
        Assert.False(ConcatLine.TrySplit(null, "SMID.1", 2, out _, out _));
        Assert.False(ConcatLine.TrySplit(ConcatLine.Close(new string('A', 3000) + ":"), "A", 1, out _, out _));
    }

    [Fact]
    public void Card_WrittenAndRead_IsTheSame()
    {
        Assert.True(KeyCard.TryParseWhole(Card, out var card, out var problem), problem);
        Assert.Equal(Card, card.ToString());
        var shuffled = string.Join(';', Card.Split(';').Reverse()) + ";XYZ1";
        Assert.True(KeyCard.TryParseWhole(shuffled, out var other, out _));
        Assert.Equal("1", other.More["XYZ"]);
        Assert.Equal(Card + ";XYZ1", other.ToString());
        Assert.Equal((20, KeyCard.AllSubclasses, KeyCard.NoLimit), (card.KeyLength, card.Subclasses, card.UnitLimit));
    }

    [Theory]
    [InlineData("ACT", "20260101000000")]
    [InlineData("BDT", "20130101T000000Z")]
    [InlineData("BDT", "14")]
    [InlineData("CLM", "FFFFFFF")]
    [InlineData("CLU", "256")]
    [InlineData("DKG", "03")]
    [InlineData("DKG", "01")]
    [InlineData("IUT", "")]
    [InlineData("KCV", "0f353d")]
    [InlineData("KEN", "256")]
    [InlineData("KEN", "-1")]
    [InlineData("KRN", "0")]
    [InlineData("KRN", "10")]
    [InlineData("KTY", "0")]
    [InlineData("KTY", "4")]
    [InlineData("SCL", "0,8")]
    [InlineData("SCL", "0,0")]
    [InlineData("SGC", "20145")]
    [InlineData("ULM", "100000000")]
    public void Card_OneItemWrongOrMissing_NamesIt(string tag, string value)
    {
        var items = Card.Split(';');
        var wrong = string.Join(';',
            items.Select(item => item.StartsWith(tag, StringComparison.Ordinal) ? tag + value : item));
        Assert.False(KeyCard.TryParseWhole(wrong, out var card, out var problem));
        Assert.Null(card);
        Assert.Contains($"card item {tag} held {value}", problem, StringComparison.Ordinal);
        Assert.False(KeyCard.TryParseWhole(string.Join(';',
            items.Where(item => !item.StartsWith(tag, StringComparison.Ordinal))), out _, out problem));
        Assert.Contains($"card item {tag} is missing", problem, StringComparison.Ordinal);
        Assert.False(KeyCard.TryParseWhole(Card + ";"
            + items.First(item => item.StartsWith(tag, StringComparison.Ordinal)), out _, out problem));
        Assert.Contains("twice", problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("03AA87CA22BE8B05378EB1C71EF320AD746E1D3B628BA79B9859F741E082542A385502F25DBF55296C3A545E3872760AB7",
        true, Label = "the generator")]
    [InlineData("04AA87CA22BE8B05378EB1C71EF320AD746E1D3B628BA79B9859F741E082542A385502F25DBF55296C3A545E3872760AB7",
        false, Label = "uncompressed")]
    [InlineData("03aa87ca22be8b05378eb1c71ef320ad746e1d3b628ba79b9859f741e082542a385502f25dbf55296c3a545e3872760ab7",
        false, Label = "small letters")]
    [InlineData("02FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEFFFFFFFF0000000000000000FFFFFFFF",
        false, Label = "x not of the field")]
    [InlineData("00", false, Label = "infinity")]
    [InlineData("03AA", false, Label = "short")]
    public void PublicPoint_OnTheCurveOrNot(string text, bool good)
    {
        Assert.Equal(good, PublicPoint.TryParse(text, out var point));
        Assert.Equal(good ? text : null, point?.Text);
    }

    [Fact]
    public void PublicPoint_RandomX_IsOnTheCurveHalfTheTimeAndThenAgreesWithTheBaseLibrary()
    {
        var random = new Random(384);
        var good = 0;
        for (var i = 0; i < 200; i++)
        {
            var x = new byte[48];
            random.NextBytes(x);
            if (!PublicPoint.TryParse("02" + Convert.ToHexString(x), out var point))
                continue;
            good++;
            // The base library refuses points that are not on the curve.
            using var key = System.Security.Cryptography.ECDiffieHellman.Create(point.Parameters);
            Assert.Equal(x, key.ExportParameters(includePrivateParameters: false).Q.X);
        }

        Assert.InRange(good, 70, 130);
    }
}
