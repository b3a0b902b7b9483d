using OpenSts.Vending.Explaining;

namespace OpenSts.Tests.Vending;

public class DigitSlipTests
{
    private const string Made = "12345678901234567890";

    [Theory]
    [InlineData("the first digit is another", "92345678901234567890", SlipKind.WrongDigit, 1)]
    [InlineData("the last digit is another", "12345678901234567891", SlipKind.WrongDigit, 20)]
    [InlineData("the first two changed places", "21345678901234567890", SlipKind.Swapped, 1)]
    [InlineData("the last two changed places", "12345678901234567809", SlipKind.Swapped, 19)]
    [InlineData("the first is missing", "2345678901234567890", SlipKind.Missing, 1)]
    [InlineData("the last is missing", "1234567890123456789", SlipKind.Missing, 20)]
    [InlineData("one in the middle is missing", "1234567890134567890", SlipKind.Missing, 12)]
    [InlineData("one before all", "512345678901234567890", SlipKind.Extra, 1)]
    [InlineData("one behind all", "123456789012345678905", SlipKind.Extra, 21)]
    public void Between_OneSlip_IsFoundAtItsPlace(string description, string typed, SlipKind kind, int place) =>
        Assert.True(new DigitSlip(kind, place) == DigitSlip.Between(typed, Made), $"{description}: {DigitSlip.Between(typed, Made)}");

    [Theory]
    [InlineData("equal", Made)]
    [InlineData("two wrong digits apart", "92345678901234567891")]
    [InlineData("two that are no neighbours changed places", "32145678901234567890")]
    [InlineData("neighbours replaced by others", "98345678901234567890")]
    [InlineData("two digits missing", "345678901234567890")]
    [InlineData("one missing and one wrong", "9345678901234567890")]
    [InlineData("nothing", "")]
    public void Between_NoneOrMoreSlips_IsNone(string description, string typed) => Assert.True(DigitSlip.Between(typed, Made) is null, description);

    [Fact]
    public void Between_EverySingleSlip_IsRecognised()
    {
        for (var at = 0; at < Made.Length; at++)
        {
            Assert.Equal(SlipKind.Missing, DigitSlip.Between(Made.Remove(at, 1), Made)?.Kind);
            for (var digit = '0'; digit <= '9'; digit++)
            {
                var (other, more) = (Made[..at] + digit + Made[(at + 1)..], Made.Insert(at, digit.ToString()));
                Assert.Equal(digit == Made[at] ? null : SlipKind.WrongDigit, DigitSlip.Between(other, Made)?.Kind);
                Assert.Equal(SlipKind.Extra, DigitSlip.Between(more, Made)?.Kind);
            }
        }
    }
}
