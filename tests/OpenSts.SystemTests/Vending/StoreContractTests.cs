using OpenSts.Vending.IssueLog;
using OpenSts.Vending.Issues;
using OpenSts.Vending.Money;
using OpenSts.Vending.Operations;
using OpenSts.Vending.Storage;
using OpenSts.Vending.Storage.Postgres;
using OpenSts.Vending.Storage.Sqlite;
using OpenSts.Vending.Vendors;

namespace OpenSts.SystemTests.Vending;

/// <summary>What every store must do, and what the server does on it.</summary>
public abstract class StoreContractTests
{
    protected abstract IStore Open();

    /// <summary>The same store opened a second time, as by another server.</summary>
    protected abstract IStore Again();

    [Fact]
    public void Write_Exception_UndoesEverything()
    {
        using var store = Open();
        _ = Assert.Throws<InvalidOperationException>(() => store.Write(session =>
        {
            Assert.True(Vendor.Table.TryAdd(session, "v", NewVendor()));
            throw new InvalidOperationException();
        }));

        Assert.Null(store.Read(session => Vendor.Table.Find(session, "v")));
    }

    [Fact]
    public void Write_StatementThatBreaksARule_IsAStoreException()
    {
        using var store = Open();

        _ = Assert.Throws<StoreException>(() => store.Write(session => session.Execute("INSERT INTO postings (entry, line, account, minor) VALUES (99, 1, 'a', 1)")));
        _ = Assert.Throws<StoreException>(() => store.Write(session => session.Execute("no statement")));
    }

    [Fact]
    public void Documents_VersionsAndOrder_AreKept()
    {
        using var store = Open();
        store.Write(session =>
        {
            foreach (var id in (string[])["b", "B", "a", "é", "a.1", "_"])
                Assert.True(Vendor.Table.TryAdd(session, id, NewVendor()));
            Assert.False(Vendor.Table.TryAdd(session, "a", NewVendor()));
            Assert.True(Vendor.Table.TryReplace(session, "a", 1, NewVendor() with { Name = "'; DROP TABLE documents; --" }));
            Assert.False(Vendor.Table.TryReplace(session, "a", 1, NewVendor()));
        });

        var rows = store.Read(session => Vendor.Table.List(session));
        Assert.Equal(["B", "_", "a", "a.1", "b", "é"], rows.Select(row => row.Id));
        Assert.Equal(["a.1", "b"], store.Read(session => Vendor.Table.List(session, "a", 2)).Select(row => row.Id));
        Assert.Equal((2L, "'; DROP TABLE documents; --"), (rows[2].Version, rows[2].Value.Name));
    }

    [Fact]
    public void Values_NothingAndExtremes_ComeBack()
    {
        using var store = Open();
        store.Write(session => session.Execute("INSERT INTO idempotency (caller, key, digest, status, answer, at) VALUES ($1, $2, $3, $4, $5, $6)",
            "", "k", "漢字 😀 \u0001", long.MinValue, "", DateTimeOffset.MaxValue));

        var (caller, digest, status, at, missing) = store.Read(session => session.First(
            "SELECT caller, digest, status, at, (SELECT MAX(created) FROM issues) FROM idempotency WHERE key = $1", row => (row.Text(0), row.Text(1), row.Number(2), row.Time(3), row.IsNull(4)), "k"));

        Assert.Equal(("", "漢字 😀 \u0001", long.MinValue), (caller, digest, status));
        Assert.Equal(DateTimeOffset.MaxValue.ToUnixTimeMilliseconds(), at.ToUnixTimeMilliseconds());
        Assert.True(missing);
    }

    [Fact]
    public async Task Counters_ManyWritersOnTwoServers_NoNumberTwiceAndNoGap()
    {
        using var first = Open();
        using var second = Again();
        var numbers = await Task.WhenAll(Enumerable.Range(0, 200).Select(i => Task.Run(() => (i % 2 == 0 ? first : second).Write(session => Counters.Next(session, "n")))));

        Assert.Equal(Enumerable.Range(1, 200).Select(i => (long)i), numbers.Order());
    }

    [Fact]
    public void Ledger_EntryThatDoesNotSumToZero_IsNotWritten()
    {
        using var store = Open();

        _ = Assert.Throws<InvalidOperationException>(() => store.Write(session => Ledger.Post(session, default, "x", "1", new Posting("a", 1), new Posting("b", -2))));
        Assert.Null(store.Read(Ledger.Verify));
        store.Write(session => session.Execute("INSERT INTO balances (account, minor) VALUES ('a', 5)"));
        Assert.Contains("Account a holds 5", store.Read(Ledger.Verify)!.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Sales_TwoServersOneStore_OneTokenForEachIdAndNoIdentifierTwice()
    {
        using var first = new Shop(Open());
        using var second = new Shop(Again(), fill: false);
        var answers = await Task.WhenAll(Enumerable.Range(0, 120).Select(i => Task.Run(() => (i % 2 == 0 ? first : second).SellAsync($"sale-{i / 4:D4}", tender: 20))));

        Assert.All(answers, answer => Assert.True(answer.Issue is { State: IssueState.Issued }, answer.ToString()));
        var issues = first.Store.Read(session => IssueTable.List(session, long.MaxValue, 1000));
        Assert.Equal(30, issues.Count);
        Assert.Equal(30, issues.Select(issue => issue.Orders[0].Identifier).Distinct().Count());
        foreach (var same in answers.GroupBy(answer => answer.Issue!.Id))
            _ = Assert.Single(same.Select(answer => answer.Issue!.Tokens[0].Tokens[0]).Distinct());
        Assert.Equal(100_000 - (30 * 1_960), first.Wallet);
        Assert.Null(first.Store.Read(Ledger.Verify));
        Assert.Equal(LogFault.None, first.Store.Read(session => IssueLogVerifier.Verify(session)).Fault);
        Assert.True(Reconciliation.Run(first.Store, first.Clock.Now).InOrder);
        Assert.Equal(30, SalesReport.Run(first.Store, first.Settings, new DateOnly(2026, 11, 20), new DateOnly(2026, 11, 22), null).Sum(day => day.Sales));
        Assert.Equal(30, SalesReport.Run(first.Store, first.Settings, new DateOnly(2026, 11, 21), new DateOnly(2026, 11, 21), "shop").Sum(day => day.Sales));
    }

    private static Vendor NewVendor() => new() { Id = "v", Name = "V", Floor = 0, CommissionPercent = 0, Active = true };
}

/// <summary>The embedded store.</summary>
public sealed class SqliteContractTests : StoreContractTests, IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("opensts-vending-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    protected override IStore Open() => new SqliteStore(Path.Combine(_folder, "v.db"));

    protected override IStore Again() => Open();
}

/// <summary>PostgreSQL; skipped where it is not installed.</summary>
public sealed class PostgresContractTests(PostgresFixture fixture) : StoreContractTests, IClassFixture<PostgresFixture>
{
    private string _connection = "";

    protected override IStore Open()
    {
        Assert.SkipWhen(fixture.Server is null, "PostgreSQL is not installed.");
        _connection = fixture.Server!.NewDatabase();
        return new PostgresStore(_connection);
    }

    protected override IStore Again() => new PostgresStore(_connection);
}
