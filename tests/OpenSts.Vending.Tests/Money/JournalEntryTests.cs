using OpenSts.Vending.Money;

namespace OpenSts.Vending.Tests.Money;

public class JournalEntryTests
{
    private static readonly Currency Rand = new("ZAR", 2);
    private static readonly DateTimeOffset Now = new(2026, 11, 28, 9, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Create_LinesThatSumToZero_DebitsEqualCredits()
    {
        var entry = JournalEntry.Create(Header(JournalKind.Deposit), (AccountCode.Wallet("v"), 500),
            (AccountCode.Bank, -500), (AccountCode.Tax, 0))!;

        Assert.Equal(
            [new Posting(AccountCode.Wallet("v"), PostingSide.Credit, 500),
                new Posting(AccountCode.Bank, PostingSide.Debit, 500)], entry.Postings);
    }

    [Fact]
    public void Create_LinesThatDoNotSumToZero_Throws()
    {
        var error = Assert.Throws<InvalidOperationException>(() => JournalEntry.Create(
            Header(JournalKind.Deposit), (AccountCode.Bank, -499), (AccountCode.Wallet("v"), 500)));

        Assert.Contains("sums to 1 minor units", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Create_NothingMoves_IsNoEntry() =>
        Assert.Null(JournalEntry.Create(Header(JournalKind.Vend), (AccountCode.Bank, 0)));

    [Theory]
    [InlineData(JournalKind.Refund)]
    [InlineData(JournalKind.WriteOff)]
    [InlineData(JournalKind.DepositReversed)]
    public void Create_KindForTwoPersons_NeedsTwo(JournalKind kind)
    {
        (AccountCode, long)[] lines = [(AccountCode.Refunds, -500), (AccountCode.Wallet("v"), 500)];

        _ = Assert.Throws<InvalidOperationException>(() => JournalEntry.Create(Header(kind), lines));
        _ = Assert.Throws<InvalidOperationException>(() =>
            JournalEntry.Create(Header(kind) with { SecondActor = "operator:ann" }, lines));
        Assert.Equal("operator:ben",
            JournalEntry.Create(Header(kind) with { SecondActor = "operator:ben" }, lines)!.SecondActor);
    }

    [Fact]
    public void Reverse_Entry_UndoesEveryAccount()
    {
        var entry = JournalEntry.Create(Header(JournalKind.Vend), (AccountCode.Wallet("v"), -980),
            (AccountCode.Commission, -20), (AccountCode.Energy, 1_000))!;

        var reversed = entry.Reverse(Header(JournalKind.VendReversed));

        Assert.All(entry.Postings.Zip(reversed.Postings), pair =>
            Assert.Equal((pair.First.Account, -pair.First.Signed), (pair.Second.Account, pair.Second.Signed)));
    }

    [Theory]
    [InlineData("wallet:v1", true)]
    [InlineData("arrears:c1", true)]
    [InlineData("revenue:energy", true)]
    [InlineData("wallet:", false)]
    [InlineData("wallet", false)]
    [InlineData("revenue:other", false)]
    [InlineData("", false)]
    [InlineData(null, false)]
    public void TryParse_AccountCode_OnlyOfTheChart(string? text, bool expected)
    {
        Assert.Equal(expected, AccountCode.TryParse(text, out var code));
        Assert.Equal(expected ? text : "", code.ToString());
    }

    [Theory]
    [InlineData("2026-10-31", "2026-11-01")]
    [InlineData("2026-11-05", "2026-11-05")]
    public void BookingDay_ClosedMonth_CountsInTheNext(string day, string expected)
    {
        var booked =
            AccountingPeriod.BookingDay(DateOnly.ParseExact(day, "yyyy-MM-dd"), new AccountingPeriod(2026, 10));

        Assert.Equal(expected, booked.ToString("yyyy-MM-dd"));
    }

    [Fact]
    public void RefusesClosing_MonthsInOrderAndOver_OnlyThen()
    {
        var october = new AccountingPeriod(2026, 10);

        Assert.Null(october.RefusesClosing(new DateOnly(2026, 11, 1), new AccountingPeriod(2026, 9)));
        Assert.Equal(ErrorCodes.FieldInvalid, october.RefusesClosing(new DateOnly(2026, 10, 31), null)!.Code);
        Assert.Equal(ErrorCodes.PeriodClosed,
            october.RefusesClosing(new DateOnly(2026, 12, 1), new AccountingPeriod(2026, 8))!.Code);
    }

    private static JournalHeader Header(JournalKind kind) =>
        new(kind, "r", "operator:ann", "api", Now, new DateOnly(2026, 11, 28), Rand);
}
