using OpenSts.SecurityModule;
using OpenSts.Vending.IssueLog;
using OpenSts.Vending.Issues;
using OpenSts.Vending.Money;
using OpenSts.Vending.Operations;
using OpenSts.Vending.Storage;
using OpenSts.Vending.Storage.Postgres;
using OpenSts.Vending.Storage.Sqlite;

namespace OpenSts.SystemTests.Vending;

/// <summary>An old backup comes back: nothing is issued until somebody looked, and then nothing comes twice. On every store.</summary>
public abstract class RestoreTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("opensts-vending-").FullName;
    private readonly List<int> _given = [];

    protected string Folder => _folder;

    private string Mark => Path.Combine(_folder, "witness");

    protected abstract IStore Open();

    /// <summary>Keeps the store as it is; nobody has it open.</summary>
    protected abstract void Backup();

    /// <summary>Puts the last backup in the place of the store.</summary>
    protected abstract void Restore();

    public void Dispose()
    {
        Directory.Delete(_folder, recursive: true);
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task Serve_OldBackup_NothingIsIssuedUntilReconciledAndNoIdentifierComesTwice()
    {
        _ = await SellAsync("sale-0001", fill: true);
        Backup();
        // Several in one minute: the identifiers run ahead of the clock.
        for (var i = 2; i <= 9; i++)
            _ = await SellAsync($"sale-{i:D4}");
        Restore();
        var refused = await SellAsync("sale-0010");
        var known = await SellAsync("sale-0001");
        Reconcile();

        var sold = await SellAsync("sale-0010");

        Assert.Equal("restored", refused.Refusal!.Code);
        // What the backup knows is still told: it was given out before.
        Assert.Equal(IssueOutcome.Repeated, known.Outcome);
        Assert.Equal(IssueOutcome.Issued, sold.Outcome);
        Assert.Equal(10, _given.Count);
        Assert.Equal(10, _given.Distinct().Count());
        InOrder();
    }

    [Fact]
    public async Task Serve_BackupWithASaleUnderWay_ThatSaleNeverHasSecondTokens()
    {
        _ = await SellAsync("sale-0001", fill: true);
        // The module is gone while the backup is made; afterwards the sale is issued, and its token given out.
        var pending = await SellAsync("sale-0002", module: module => module.Before = _ => Task.FromException(new SecurityModuleException("gone")));
        Backup();
        var issued = await SellAsync("sale-0002");
        Restore();
        var early = await SellAsync("sale-0002");
        Reconcile();
        var late = await SellAsync("sale-0002");

        Assert.Equal((IssueOutcome.Unknown, IssueOutcome.Issued), (pending.Outcome, issued.Outcome));
        Assert.Equal((IssueOutcome.Unknown, "restored"), (early.Outcome, early.Refusal!.Code));
        Assert.Equal((IssueOutcome.Refused, "lost-in-restore"), (late.Outcome, late.Refusal!.Code));
        using var store = Open();
        // One sale of 10 less commission of 2 %; the other's money is back.
        Assert.Equal(100_000 - 980, store.Read(session => Ledger.Balance(session, Accounts.Wallet("shop"))));
        InOrder(store);
    }

    [Fact]
    public async Task Serve_BackupComesBackWhileTheServerRuns_ItRefusesAtItsNextLook()
    {
        _ = await SellAsync("sale-0001", fill: true);
        Backup();
        _ = await SellAsync("sale-0002");
        using var first = Open();
        using var witness = new StoreWitness(Mark, first);
        witness.Check(first);
        Assert.Null(witness.Refuses);
        first.Dispose();
        Restore();
        using var second = Open();

        witness.Check(second);

        Assert.Equal("restored", witness.Refuses!.Code);
    }

    [Fact]
    public async Task Serve_WitnessThatACrashLeftBehind_IsNoObstacle()
    {
        _ = await SellAsync("sale-0001", fill: true);
        var behind = await File.ReadAllTextAsync(Mark, TestContext.Current.CancellationToken);
        _ = await SellAsync("sale-0002");
        await File.WriteAllTextAsync(Mark, behind, TestContext.Current.CancellationToken);

        Assert.Equal(IssueOutcome.Issued, (await SellAsync("sale-0003")).Outcome);
        InOrder();
    }

    [Fact]
    public async Task Serve_SecondServerAfterTheFirstReconciled_ReconcilesItsOwnWitnessToo()
    {
        _ = await SellAsync("sale-0001", fill: true);
        Backup();
        _ = await SellAsync("sale-0002");
        // The second server's witness saw the second sale as well.
        var other = Path.Combine(Folder, "witness-of-the-second");
        File.Copy(Mark, other);
        Restore();
        Reconcile();
        _ = await SellAsync("sale-0003");
        using var store = Open();
        using var witness = new StoreWitness(other, store);

        Assert.Equal("restored", witness.Refuses!.Code);
        witness.Accept(store, new TestClock().Now);
        Assert.Null(witness.Refuses);
        InOrder(store);
    }

    [Fact]
    public void Open_FileThatIsNoWitness_IsRefused()
    {
        File.WriteAllText(Mark, "something else");
        using var store = Open();

        var error = Assert.Throws<StoreException>(() => new StoreWitness(Mark, store));

        Assert.Contains(Mark, error.Message, StringComparison.Ordinal);
    }

    private void Reconcile()
    {
        using var store = Open();
        using var witness = new StoreWitness(Mark, store);
        Assert.NotNull(witness.Refuses);
        witness.Accept(store, new TestClock().Now);
    }

    private void InOrder()
    {
        using var store = Open();
        InOrder(store);
    }

    private static void InOrder(IStore store)
    {
        Assert.Equal(LogFault.None, store.Read(session => IssueLogVerifier.Verify(session)).Fault);
        Assert.Null(store.Read(Ledger.Verify));
    }

    private async Task<IssueAnswer> SellAsync(string id, bool fill = false, Action<TestModule>? module = null)
    {
        using var shop = new Shop(Open(), fill);
        using var witness = new StoreWitness(Mark, shop.Store);
        shop.Witness = witness;
        shop.Restart();
        module?.Invoke(shop.Module);
        var answer = await shop.SellAsync(id, tender: 10);
        if (answer.Outcome == IssueOutcome.Issued)
            _given.Add(answer.Issue!.Orders[0].Identifier!.Value);
        return answer;
    }
}

/// <summary>On the embedded store: the file is copied.</summary>
public sealed class SqliteRestoreTests : RestoreTests
{
    private string Database => Path.Combine(Folder, "v.db");

    protected override IStore Open() => new SqliteStore(Database);

    protected override void Backup() => File.Copy(Database, Database + ".backup");

    protected override void Restore() => File.Copy(Database + ".backup", Database, overwrite: true);
}

/// <summary>On PostgreSQL: the database is copied; skipped where it is not installed.</summary>
public sealed class PostgresRestoreTests(PostgresFixture fixture) : RestoreTests, IClassFixture<PostgresFixture>
{
    private string? _database;
    private string _backup = "";

    protected override IStore Open()
    {
        Assert.True(fixture.Server is not null, "PostgreSQL is not installed.");
        return new PostgresStore(_database ??= fixture.Server!.NewDatabase());
    }

    protected override void Backup() => _backup = fixture.Server!.NewDatabase(like: _database);

    protected override void Restore() => _database = _backup;
}
