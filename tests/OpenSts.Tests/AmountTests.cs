namespace OpenSts.Tests;

public class AmountTests
{
    [Theory]
    [InlineData(0, 0x0000, 0)]
    [InlineData(16383, 0x3FFF, 16383)]
    [InlineData(16384, 0x4000, 16384)]
    [InlineData(16385, 0x4001, 16394)]
    [InlineData(20000, 0x416A, 20004)]
    [InlineData(180214, 0x7FFF, 180214)]
    [InlineData(180215, 0x8000, 180224)]
    [InlineData(180223, 0x8000, 180224)]
    [InlineData(1818524, 0xBFFF, 1818524)]
    [InlineData(1818623, 0xC000, 1818624)]
    [InlineData(18201624, 0xFFFF, 18201624)]
    public void TryFromUnits_PublishedTable_GivesTheField(int units, int field, int given)
    {
        Assert.True(TransferAmount.TryFromUnits(units, out var amount));
        Assert.Equal((field, given), (amount.Field, amount.Units));
    }

    [Fact]
    public void TryFromUnits_EveryAmount_GivesTheSmallestFieldNotBelowIt()
    {
        var previous = -1;
        var field = 0;
        for (var f = 0; f <= ushort.MaxValue; f++)
        {
            var units = TransferAmount.FromField((ushort)f).Units;
            Assert.True(units > previous);
            // Every amount above the last field's and up to this one's must take this field.
            for (var asked = previous + 1; asked <= units; asked += Math.Max(1, (units - previous) / 5))
            {
                Assert.True(TransferAmount.TryFromUnits(asked, out var amount));
                Assert.Equal(f, amount.Field);
                field++;
            }

            previous = units;
        }

        Assert.True(field > 65536);
        Assert.False(TransferAmount.TryFromUnits(previous + 1, out _));
        Assert.False(TransferAmount.TryFromUnits(-1, out _));
    }

    [Theory]
    [InlineData("25.6", 256, Label = "exact")]
    [InlineData("25.61", 257, Label = "rounded up")]
    [InlineData("0.0000000000000000000000000000000000000000001", 1, Label = "a long tail")]
    [InlineData("0", 0, Label = "zero")]
    [InlineData("000.1", 1, Label = "leading zeros")]
    [InlineData("1820162.4", 18201624, Label = "largest")]
    public void TryParseTenths_Good_RoundsInTheCustomersFavour(string text, int units)
    {
        Assert.True(TransferAmount.TryParseTenths(text, out var amount));
        Assert.Equal(units, amount.Units);
    }

    [Theory]
    [InlineData("-0.1", Label = "negative")]
    [InlineData("1820162.5", Label = "too large")]
    [InlineData("99999999999999999999999999999999999999999999999999999999999", Label = "far too large")]
    [InlineData("1e3", Label = "exponent")]
    [InlineData("+1", Label = "plus")]
    [InlineData(".5", Label = "no digit before the point")]
    [InlineData("5.", Label = "no digit after the point")]
    [InlineData("1.2.3", Label = "two points")]
    [InlineData("1,5", Label = "comma")]
    [InlineData(" 1", Label = "space")]
    [InlineData("", Label = "empty")]
    [InlineData("-", Label = "minus alone")]
    public void TryParseTenths_Bad_Refuses(string text)
    {
        Assert.False(TransferAmount.TryParseTenths(text, out var amount));
        Assert.Equal(default, amount);
    }

    [Theory]
    [InlineData("1", 0, 1, 0x20AA)]
    [InlineData("-1", 1, 1, 0x20A9)]
    [InlineData("16383", 0, 5, 0x38E3)]
    [InlineData("180224", 0, 6, 0x3F4A)]
    [InlineData("-180224", 1, 6, 0x3F49)]
    [InlineData("18204442624", 0, 12, 0)]
    [InlineData("182044444442624", 0, 16, 0)]
    [InlineData("-182044444442624", 1, 15, 0x3FFF)]
    [InlineData("0", 0, 0, 0)]
    [InlineData("-0.000001", 0, 0, 0)]
    public void CurrencyAmount_PublishedTable_GivesTheField(string text, int sign, int exponent, int mantissa)
    {
        Assert.True(CurrencyAmount.TryParse(text, out var amount));
        Assert.Equal((sign == 1, exponent, mantissa), (amount.IsNegative, amount.Exponent, amount.Mantissa));
    }

    [Fact]
    public void CurrencyAmount_EveryField_ComesBackFromItsSteps()
    {
        for (var field = 0; field < 1 << 20; field++)
        {
            var amount = CurrencyAmount.FromField(field);
            Assert.True(CurrencyAmount.TryFromSteps(amount.Steps, out var again));
            Assert.Equal(amount.Steps, again.Steps);
        }
    }

    [Fact]
    public void CurrencyAmount_AnySteps_AreNeverRoundedAgainstTheCustomer()
    {
        var random = new Random(20200620);
        for (var i = 0; i < 200_000; i++)
        {
            var steps =
                (Int128)(random.NextDouble() * Math.Pow(10, random.Next(1, 35))) * (random.Next(2) == 0 ? 1 : -1);
            Assert.True(CurrencyAmount.TryFromSteps(steps, out var amount));
            Assert.True(amount.Steps >= steps);
            var excess = (double)(amount.Steps - steps);
            Assert.True(excess <= 0.001 * Math.Abs((double)steps) + 1);
        }

        Assert.False(CurrencyAmount.TryFromSteps(CurrencyAmount.MaxSteps + 1, out _));
        Assert.False(CurrencyAmount.TryFromSteps(-CurrencyAmount.MaxSteps - 1, out _));
    }
}
