namespace OpenSts.Tests;

public class IdentityTests
{
    [Theory]
    [InlineData(0ul, 10, 0, Label = "DRN 00000000000")]
    [InlineData(60072700000000000ul, 17, 9, Label = "PAN of it")]
    [InlineData(10000000000ul, 12, 8, Label = "DRN 0100000000008")]
    [InlineData(100000000008ul, 17, 2, Label = "PAN of it")]
    [InlineData(1111111111ul, 10, 5, Label = "eleven ones")]
    [InlineData(1234567890ul, 10, 3, Label = "1 to 0")]
    [InlineData(1212345678ul, 10, 7, Label = "another")]
    public void CheckDigit_KnownPayload_GivesTheDigit(ulong payload, int digits, int expected)
    {
        Assert.Equal(expected, CheckDigit.Compute(payload, digits));
    }

    [Theory]
    [InlineData("600727000000000009", "00000000000", "00", 0, Label = "eleven-digit DRN")]
    [InlineData("000001000000000082", "0100000000008", "0100", 0, Label = "thirteen-digit DRN")]
    [InlineData("600727111111111153", "11111111115", "11", 11111111, Label = "ones")]
    public void MeterPan_Good_GivesItsParts(string text, string drn, string maker, int serial)
    {
        var pan = MeterPan.Parse(text);
        Assert.Equal(drn, pan.DecoderReferenceNumber.ToString());
        Assert.Equal(maker, pan.DecoderReferenceNumber.ManufacturerCode.ToString());
        Assert.Equal(serial, pan.DecoderReferenceNumber.SerialNumber);
        Assert.Equal(text, pan.ToString());
        Assert.Equal(pan, MeterPan.Create(pan.DecoderReferenceNumber));
    }

    [Theory]
    [InlineData("60072700000000000", IdentityFault.Length, Label = "too short")]
    [InlineData("6007270000000000099", IdentityFault.Length, Label = "too long")]
    [InlineData("", IdentityFault.Length, Label = "empty")]
    [InlineData("60072700000000000A", IdentityFault.NotDecimal, Label = "a letter")]
    [InlineData("60072700000000000\u0669", IdentityFault.NotDecimal, Label = "an Arabic digit")]
    [InlineData("+00727000000000009", IdentityFault.NotDecimal, Label = "a sign")]
    [InlineData("700727000000000009", IdentityFault.IssuerIdentificationNumber, Label = "unknown issuer")]
    [InlineData("000000990000000000", IdentityFault.OutOfRange, Label = "four-digit maker below 0100")]
    [InlineData("600727000000000019", IdentityFault.DecoderReferenceNumberCheckDigit, Label = "DRN digit")]
    [InlineData("600727000000000008", IdentityFault.MeterPanCheckDigit, Label = "PAN digit")]
    public void MeterPan_Bad_NamesTheBrokenRule(string text, IdentityFault expected)
    {
        Assert.False(MeterPan.TryParse(text, out var pan, out var fault));
        Assert.Equal(expected, fault);
        Assert.Equal(default, pan);
        var error = Assert.Throws<FormatException>(() => MeterPan.Parse(text));
        Assert.Contains("18 digits", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void MeterPan_EveryWrongDigit_IsRefused()
    {
        foreach (var text in (string[])["600727000000000009", "000001000000000082", "600727111111111153",
            "600727123456789037"])
        {
            var good = MeterPan.TryParse(text, out _, out _) ? text
                : MeterPan.Create(DecoderReferenceNumber.Create(ManufacturerCode.Parse("12"), 34567890)).ToString();
            for (var i = 0; i < good.Length; i++)
            {
                for (var digit = '0'; digit <= '9'; digit++)
                {
                    if (digit == good[i])
                        continue;
                    Assert.False(MeterPan.TryParse(With(good, i, digit), out _, out var fault));
                    Assert.NotEqual(IdentityFault.None, fault);
                }
            }
        }
    }

    [Fact]
    public void MeterPan_NeighboursSwapped_IsRefusedUnlessBothCheckDigitsAreBlindToIt()
    {
        // The modulo-10 check cannot see 09 become 90; every other swap must be refused.
        var seen = 0;
        for (var serial = 0; serial < 2000; serial++)
        {
            var good = MeterPan.Create(DecoderReferenceNumber.Create(ManufacturerCode.Parse("07"), serial * 49_999))
                .ToString();
            for (var i = 0; i < good.Length - 1; i++)
            {
                if (good[i] == good[i + 1])
                    continue;
                var swapped = With(With(good, i, good[i + 1]), i + 1, good[i]);
                var blind = good.Substring(i, 2) is "09" or "90";
                var accepted = MeterPan.TryParse(swapped, out _, out _);
                Assert.True(!accepted || blind, $"{good} became {swapped}");
                seen++;
            }
        }

        Assert.True(seen > 20_000);
    }

    [Theory]
    [InlineData("07", 7, 2, Label = "two digits")]
    [InlineData("0100", 100, 4, Label = "four digits")]
    [InlineData("9999", 9999, 4, Label = "four digits, largest")]
    public void ManufacturerCode_Good_KeepsItsForm(string text, int value, int digits)
    {
        var code = ManufacturerCode.Parse(text);
        Assert.Equal((value, digits, text), (code.Value, code.Digits, code.ToString()));
    }

    [Theory]
    [InlineData("20145", IdentityFault.Length, Label = "five digits")]
    [InlineData("20145x", IdentityFault.NotDecimal, Label = "letter")]
    public void SupplyGroupCode_Bad_NamesTheBrokenRule(string text, IdentityFault expected)
    {
        Assert.False(SupplyGroupCode.TryParse(text, out _, out var fault));
        Assert.Equal(expected, fault);
    }

    [Fact]
    public void KeyRevisionNumber_Next_WrapsFromNineToOne()
    {
        Assert.Equal(2, KeyRevisionNumber.FromNumber(1).Next.Value);
        Assert.Equal(1, KeyRevisionNumber.FromNumber(9).Next.Value);
        Assert.Throws<InvalidOperationException>(() => default(KeyRevisionNumber).Value);
        Assert.False(KeyRevisionNumber.TryParse("0", out _));
    }

    [Theory]
    [InlineData(85, 1993, "2003-09-19T22:55:00Z")]
    [InlineData(85, 2014, "2024-09-18T22:55:00Z")]
    [InlineData(85, 2035, "2045-09-18T22:55:00Z")]
    [InlineData(170, 1993, "2014-04-23T09:35:00Z")]
    [InlineData(170, 2014, "2035-04-23T09:35:00Z")]
    [InlineData(170, 2035, "2056-04-22T09:35:00Z")]
    public void KeyExpiryNumber_LastMinute_IsThePublishedOne(int ken, int baseYear, string last)
    {
        var number = KeyExpiryNumber.FromNumber(ken);
        var baseDate = BaseDate.FromYear(baseYear);
        Assert.Equal(TestKeys.Utc(last), number.LastMinute(baseDate));
        Assert.True(TokenIdentifier.TryFromTime(TestKeys.Utc(last), baseDate, out var lastTid));
        Assert.True(number.Serves(lastTid));
        Assert.False(number.Serves(TokenIdentifier.FromNumber(lastTid.Value + 1)));
        Assert.False(number.HasExpired(baseDate, TestKeys.Utc(last)));
        Assert.True(number.HasExpired(baseDate, TestKeys.Utc(last).AddMinutes(1)));
        Assert.Null(KeyExpiryNumber.Never.LastMinute(baseDate));
    }

    [Fact]
    public void Values_GroupedAndPlain_PrintAsAReceiptDoes()
    {
        Assert.Equal("6007 2700 0000 0000 09", MeterPan.Parse("600727000000000009").ToGroupedString());
        Assert.Equal("7063 0503 4700 2872 6114", Token66.Parse("70630503470028726114").ToGroupedString());
        Assert.Equal("7063 0503 4700 2872 6114", $"{Token66.Parse("70630503470028726114"):G}");
    }

    private static string With(string text, int at, char digit) =>
        string.Concat(text.AsSpan(0, at), digit.ToString(), text.AsSpan(at + 1));
}
