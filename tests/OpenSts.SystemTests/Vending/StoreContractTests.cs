using OpenSts.Vending.Importing;
using OpenSts.Vending.IssueLog;
using OpenSts.Vending.Issues;
using OpenSts.Vending.Meters;
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

        _ = Assert.Throws<StoreException>(() => store.Write(session => session.Execute("INSERT INTO migrations (number, name) VALUES (1, 'a second first')")));
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

    [Fact]
    public void Batch_RowsAndLists_AreWrittenAndFoundAsOneByOne()
    {
        using var store = Open();
        var shape = RowShape.Insert("idempotency", "caller TEXT, key TEXT, digest TEXT, status INTEGER, answer TEXT, at INTEGER", "(caller, key) DO UPDATE SET status = excluded.status");
        string[] keys = ["plain", "it's", "\"quoted\"", "[1,2]", "漢字 😀", ""];
        var found = new Dictionary<string, long>(StringComparer.Ordinal);
        store.Batch(session =>
        {
            for (var round = 1; round <= 2; round++)
            {
                var rows = new RowSet(shape);
                foreach (var key in keys)
                    rows.Add("c", key, "d", round * key.Length, "", 0);
                session.Write([rows, new RowSet(shape)]);
            }

            session.Ask(
            [
                new("SELECT key, status FROM idempotency WHERE key = ANY($1)", row => found.Add(row.Text(0), row.Number(1)), SqlValue.Of([.. keys, "none"])),
                new("SELECT key FROM idempotency WHERE key = ANY($1) AND caller = $2", row => found.Add("second: " + row.Text(0), 0), SqlValue.Of(["plain", "none"]), "c"),
                new("SELECT key FROM idempotency WHERE key = ANY($1)", row => found.Add("third: " + row.Text(0), 0), SqlValue.Of([])),
            ]);
            return 0;
        });

        Assert.Equal(keys.ToDictionary(key => key, key => 2L * key.Length).Append(new("second: plain", 0)).OrderBy(pair => pair.Key, StringComparer.Ordinal), found.OrderBy(pair => pair.Key, StringComparer.Ordinal));
    }

    [Fact]
    public void Batch_ChangeOfARowThatIsNotThere_IsAStoreExceptionAndUndoesEverything()
    {
        using var store = Open();
        store.Write(session => session.Write([Counters.At("there", 1)]));
        var rows = new RowSet(RowShape.Update("counters", "name TEXT, value INTEGER"));
        rows.Add("there", 7);
        rows.Add("missing", 8);

        _ = Assert.Throws<StoreException>(() => store.Batch(session =>
        {
            session.Write([rows]);
            return 0;
        }));
        Assert.Equal(1, store.Read(session => Counters.Last(session, "there")));
    }

    [Fact]
    public async Task Sales_SomeOfManyAreRefused_TheOthersAreIssued()
    {
        using var shop = new Shop(Open());
        var answers = await Task.WhenAll(Enumerable.Range(0, 90).Select(i => shop.SellAsync($"sale-{i:D4}", tender: i % 3 == 2 ? 0.5m : 10, pan: i % 3 == 1 ? Pan(77) : null)));

        for (var i = 0; i < answers.Length; i++)
        {
            Assert.Equal((i % 3) switch { 0 => IssueOutcome.Issued, _ => IssueOutcome.NotStarted }, answers[i].Outcome);
            Assert.Equal((i % 3) switch { 0 => null, 1 => "meter-unknown", _ => "tender-out-of-limits" }, answers[i].Refusal?.Code);
        }

        Assert.Equal(Enumerable.Range(1, 30).Select(number => (long)number), shop.Store.Read(session => IssueTable.List(session, long.MaxValue, 100)).Select(issue => issue.Number).Order());
        InOrder(shop);
    }

    [Fact]
    public async Task Sales_OneBreaksARuleOfTheTables_OnlyItFails()
    {
        using var shop = new Shop(Open());
        // An entry that nothing but a sale of this id may write, and a meter whose record cannot be read.
        shop.Store.Write(session => Ledger.Post(session, shop.Clock.Now, "sale", "sale-0007", new Posting("a", 1), new Posting("b", -1)));
        shop.Store.Write(session => Shop.NewMeter(Pan(8)).TryAdd(session) && session.Execute("UPDATE meters SET body = 'damaged' WHERE pan = $1", Pan(8).ToString()) == 1);
        var sales = Enumerable.Range(0, 40).Select(i => (Id: $"sale-{i:D4}", Sale: shop.SellAsync($"sale-{i:D4}", tender: 10, pan: i == 9 ? Pan(8) : null))).ToList();

        foreach (var (id, sale) in sales)
        {
            if (id == "sale-0007")
                Assert.True((await Assert.ThrowsAsync<StoreException>(() => sale)).RuleBroken);
            else if (id == "sale-0009")
                _ = await Assert.ThrowsAsync<System.Text.Json.JsonException>(() => sale);
            else
                Assert.Equal(IssueOutcome.Issued, (await sale).Outcome);
        }

        Assert.Equal(38, shop.Store.Read(session => IssueTable.List(session, long.MaxValue, 100)).Count);
        InOrder(shop);
    }

    [Fact]
    public async Task Sales_TwoServersEmptyOneWallet_NeverBelowItsFloorAndNoMoneyLeft()
    {
        using var first = new Shop(Open());
        using var second = new Shop(Again(), fill: false);
        first.Store.Write(session =>
        {
            foreach (var meter in Enumerable.Range(10, 8))
                Assert.True(Shop.NewMeter(Pan(meter)).TryAdd(session));
        });
        var answers = await Task.WhenAll(Enumerable.Range(0, 200).Select(i => (i % 2 == 0 ? first : second).SellAsync($"sale-{i:D4}", tender: 10, pan: Pan(10 + (i % 8)))));

        // Each sale takes 10.00 less 2 % of the 1,000.00, and needs 10.00 to be there.
        Assert.Equal(102, answers.Count(answer => answer.Outcome == IssueOutcome.Issued));
        Assert.All(answers.Where(answer => answer.Outcome != IssueOutcome.Issued), answer => Assert.Equal("vendor-credit-exhausted", answer.Refusal?.Code));
        Assert.Equal(100_000 - (102 * 980), first.Wallet);
        var issues = first.Store.Read(session => IssueTable.List(session, long.MaxValue, 1000));
        Assert.Equal(102, issues.Select(issue => (issue.Meter!.Pan, issue.Orders[0].Identifier)).Distinct().Count());
        InOrder(first);
    }

    [Theory]
    [InlineData(WriteFault.FailsInside)]
    [InlineData(WriteFault.FailsAfter)]
    internal async Task Sales_StoreFailsInTheMiddleOfBatches_EveryIdHasOneTokenOnceItIsAskedForAgain(WriteFault fault)
    {
        using var store = new MortalStore(Open());
        using var shop = new Shop(store);
        var told = new Dictionary<string, Token66>(StringComparer.Ordinal);
        var failed = 0;
        for (var round = 0; round < 20; round++)
        {
            // A batch of intents or one of results fails, while it reads or while it writes; then another server takes over.
            var failing = round < 12;
            if (failing)
                store.Arrange(fault, afterWrites: round % 2, afterStatements: round / 2 % 2);
            shop.Restart();
            var sales = Enumerable.Range(0, 60).Select(i => (Id: $"sale-{i:D4}", Sale: shop.SellAsync($"sale-{i:D4}", tender: 10))).ToList();
            foreach (var (id, sale) in sales)
            {
                try
                {
                    var token = (await sale).Issue!.Tokens[0].Tokens[0];
                    Assert.True(!told.TryGetValue(id, out var before) || before == token, $"{fault}: {id} had another token before");
                    told[id] = token;
                }
                catch (StoreException)
                {
                    Assert.True(failing, $"{fault} in round {round}");
                }
            }

            failed += store.Happened ? 1 : 0;
            store.Revive();
        }

        Assert.Equal(60, told.Count);
        Assert.True(failed >= 6, $"{failed} faults");
        Assert.Equal(100_000 - (60 * 980), shop.Wallet);
        var issues = shop.Store.Read(session => IssueTable.List(session, long.MaxValue, 1000));
        Assert.Equal(60, issues.Select(issue => issue.Orders[0].Identifier).Distinct().Count());
        InOrder(shop);
    }

    [Fact]
    public void Import_CutShortAndRepeated_EveryLineOnceAndTheRefusedOnesNamed()
    {
        using var shop = new Shop(Open());
        var text = new System.Text.StringBuilder("meter,supplyGroup,keyRevisionNumber,tariffIndex,tariff,customer\n");
        for (var i = 0; i < 2_600; i++)
            _ = text.Append(System.Globalization.CultureInfo.InvariantCulture, $"{Pan(100 + i).DecoderReferenceNumber},{(i == 700 ? "999999" : "123457")},1,01,home,{(i == 1_700 ? "nobody" : "c1")}\n");
        var refused = new List<long>();
        ImportResult Import(TextReader file) => new CsvImport(shop.Store, MeterRoutes.FileFields, (session, bodies) => MeterRoutes.Import(session, bodies, new DateOnly(2026, 11, 21)))
            .Run(file, (line, reason) =>
            {
                refused.Add(line);
                Assert.Contains(line == 702 ? "supplyGroup held 999999; permitted is" : "customer held 'nobody'; permitted is", reason, StringComparison.Ordinal);
            });

        _ = Assert.Throws<IOException>(() => Import(new BrokenFile(text.ToString(), lines: 2_300)));
        var stored = shop.Store.Read(session => session.Number("SELECT COUNT(*) FROM meters WHERE tariff = 'home' AND drn LIKE '07%'"));
        var again = Import(new StringReader(text.ToString()));

        Assert.Equal(1_998, stored);
        Assert.Equal(new ImportResult(600, 1_998, 2), again);
        Assert.Equal([702, 1_702, 702, 1_702], refused);
        Assert.Equal(new ImportResult(0, 2_598, 2), Import(new StringReader(text.ToString())));
    }

    private static MeterPan Pan(int serial) => MeterPan.Create(DecoderReferenceNumber.Create(ManufacturerCode.Parse("07"), serial));

    private static void InOrder(Shop shop)
    {
        Assert.Null(shop.Store.Read(Ledger.Verify)?.Detail);
        Assert.Equal(LogFault.None, shop.Store.Read(session => IssueLogVerifier.Verify(session)).Fault);
    }

    private sealed class BrokenFile(string text, int lines) : StringReader(text)
    {
        private int _left = lines;

        public override string? ReadLine() => _left-- > 0 ? base.ReadLine() : throw new IOException("The file breaks off.");
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
        Assert.True(fixture.Server is not null, "PostgreSQL is not installed.");
        _connection = fixture.Server!.NewDatabase();
        return new PostgresStore(_connection);
    }

    protected override IStore Again() => new PostgresStore(_connection);
}
