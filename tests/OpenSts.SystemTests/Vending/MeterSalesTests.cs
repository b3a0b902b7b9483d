using OpenSts.Sts6;
using OpenSts.Vending.Customers;
using OpenSts.Vending.Issues;

namespace OpenSts.SystemTests.Vending;

/// <summary>The row of a meter's sales says what its issues say, whatever happens to them and whatever servers' clocks do.</summary>
public sealed class MeterSalesTests : IDisposable
{
    private static readonly DateTimeOffset BeforeMidnight = new(2026, 11, 30, 23, 59, 50, TimeSpan.Zero);
    private readonly Shop _shop = new();

    public void Dispose() => _shop.Dispose();

    [Fact]
    public async Task Row_SalesOverDaysAndAMonthsEnd_SaysWhatTheIssuesSay()
    {
        _shop.ChangeCustomer(customer => customer with
        {
            FreeAllocation = new FreeAllocation { Units = 50, Evidence = "E1", Expires = new DateOnly(2027, 1, 1), RegisteredBy = "a", ApprovedBy = "b" },
        });
        var sold = 0;
        foreach (var hours in new[] { -72, -71, -24, 0 })
        {
            _shop.Clock.Now = BeforeMidnight.AddHours(hours);
            Assert.Equal(IssueOutcome.Issued, (await _shop.SellAsync($"sale-{++sold:D4}", tender: 60)).Outcome);
            Assert.True(SaysWhatTheIssuesSay());
        }

        // Three times 30 units in the first block, then its last 10 and 10 in the second.
        Assert.Equal(new Bought(110_000, 6_000, true), Bought());
        _shop.Clock.Now = BeforeMidnight.AddSeconds(20);
        Assert.Equal(default, Bought());
        Assert.True(SaysWhatTheIssuesSay());
        var december = await _shop.SellAsync("sale-0005", tender: 60);

        Assert.Equal([OrderKind.Free, OrderKind.Credit], december.Issue!.Tokens.Select(made => made.Kind));
        Assert.Equal(new Bought(30_000, 6_000, true), Bought());
        Assert.True(SaysWhatTheIssuesSay());
    }

    [Fact]
    public async Task Row_SaleRefusedOrTakenBack_IsForgotten()
    {
        _ = await _shop.SellAsync("sale-0001", tender: 60);
        _shop.Module.Refuses = ResponseCode.KeyExpired;
        _ = await _shop.SellAsync("sale-0002", tender: 40);
        _shop.Module.Refuses = null;

        Assert.False(SaysWhatTheIssuesSay());
        Assert.Equal(new Bought(30_000, 6_000, false), Bought());

        _shop.Module.Before = _ => Task.FromException(new SecurityModuleException("gone"));
        _ = await _shop.SellAsync("sale-0003", tender: 20);
        _shop.Module.Before = null;
        Assert.Equal(new Bought(40_000, 8_000, false), Bought());
        _ = await _shop.Desk.ReverseAsync("sale-0003", Shop.Till, "customer left");

        Assert.False(SaysWhatTheIssuesSay());
        Assert.Equal(new Bought(30_000, 6_000, false), Bought());
        _ = await _shop.SellAsync("sale-0004", tender: 20);
        Assert.True(SaysWhatTheIssuesSay());
    }

    [Fact]
    public async Task Row_ServersOnBothSidesOfMidnight_EachCountsItsOwnMonthAndDay()
    {
        _shop.Clock.Now = BeforeMidnight;
        _ = await _shop.SellAsync("sale-0001", tender: 60);
        _shop.Clock.Now = BeforeMidnight.AddSeconds(12);
        _ = await _shop.SellAsync("sale-0002", tender: 40);
        // The other server's clock is a few seconds behind: to it, it is still November.
        _shop.Clock.Now = BeforeMidnight.AddSeconds(5);
        Assert.False(SaysWhatTheIssuesSay());
        Assert.Equal(30_000, Bought().MilliUnits);
        _ = await _shop.SellAsync("sale-0003", tender: 20);
        Assert.False(SaysWhatTheIssuesSay());
        Assert.Equal(40_000, Bought().MilliUnits);
        _shop.Clock.Now = BeforeMidnight.AddSeconds(13);

        Assert.False(SaysWhatTheIssuesSay());
        Assert.Equal(new Bought(20_000, 4_000, false), Bought());
        _ = await _shop.SellAsync("sale-0004", tender: 10);
        Assert.True(SaysWhatTheIssuesSay());
        Assert.Equal(new Bought(25_000, 5_000, false), Bought());
    }

    // True where the row answers, false where the issues must be asked; both answer the same.
    private bool SaysWhatTheIssuesSay() => _shop.Store.Read(session =>
    {
        var (byRow, byIssues) = (Sales(), Sales());
        session.Ask([byRow.Question]);
        var answers = byRow.Rest.Count == 0;
        session.Ask(byRow.Rest);
        session.Ask(byIssues.Rest);
        var pan = Shop.Pan.ToString();
        Assert.Equal((byIssues.Last(pan), byIssues.BoughtBy(pan)), (byRow.Last(pan), byRow.BoughtBy(pan)));
        return answers;
    });

    private Bought Bought() => _shop.Store.Read(session =>
    {
        var sales = Sales();
        session.Ask([sales.Question]);
        session.Ask(sales.Rest);
        return sales.BoughtBy(Shop.Pan.ToString());
    });

    private MeterSales Sales() => new(_shop.Settings, _shop.Clock.Now, [Shop.Pan.ToString()]);
}
