using OpenSts.Sts6;
using OpenSts.Vending.IssueLog;
using OpenSts.Vending.Issues;
using OpenSts.Vending.Money;
using OpenSts.Vending.Storage;
using OpenSts.Vending.Storage.Journal;
using OpenSts.Vending.Storage.Postgres;
using OpenSts.Vending.Storage.Sqlite;

namespace OpenSts.SystemTests.Vending;

/// <summary>An old backup comes back: the journal puts back what it lacks; without one nothing is sold until an operator has decided. On every store.</summary>
public abstract class RestoreTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("opensts-vending-").FullName;
    private readonly List<int> _given = [];
    private long _fileOctets = 64 << 20;
    private TimeSpan _kept = TimeSpan.FromDays(35);

    protected string Folder => _folder;

    private string Journal => Path.Combine(_folder, "journal");

    private JournalPlace Place => new() { Folder = Journal, FileOctets = _fileOctets, Kept = _kept };

    private IReadOnlyList<string> Files => [.. Directory.GetFiles(Journal, "*.journal").Order(StringComparer.Ordinal)];

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
    public async Task Serve_OldBackup_EverySaleIsThereAgainUnderItsIdAndTheLogGoesOn()
    {
        _ = await SellAsync("sale-0001", fill: true);
        Backup();
        // Several in one minute: the identifiers run ahead of the clock.
        var sold = new List<IssueAnswer>();
        for (var i = 2; i <= 9; i++)
            sold.Add(await SellAsync($"sale-{i:D4}"));
        Deposit("d2");
        var before = Picture();
        Restore();

        var after = Picture();
        var again = await SellAsync("sale-0005");
        var fresh = await SellAsync("sale-0010");

        Assert.Equal(before, after);
        Assert.Equal(IssueOutcome.Repeated, again.Outcome);
        Assert.Equal(Tokens(sold[3]), Tokens(again));
        Assert.Equal(IssueOutcome.Issued, fresh.Outcome);
        NoIdentifierTwice(10);
    }

    [Fact]
    public async Task Serve_StoreThatIsGone_IsThereAgainFromItsFirstTransactionOn()
    {
        Backup();
        var sold = await SellAsync("sale-0001", fill: true);
        var before = Picture();
        Restore();

        Assert.Equal(before, Picture());
        Assert.Equal(Tokens(sold), Tokens(await SellAsync("sale-0001")));
    }

    [Fact]
    public async Task Serve_BackupWithASaleUnderWay_ThatSaleHasTheTokensThatWereGivenOut()
    {
        _ = await SellAsync("sale-0001", fill: true);
        // The module is gone while the backup is made; afterwards the sale is issued, and its token given out.
        var pending = await SellAsync("sale-0002", module: module => module.Before = _ => Task.FromException(new SecurityModuleException("gone")));
        Backup();
        var issued = await SellAsync("sale-0002");
        Restore();

        var late = await SellAsync("sale-0002");

        Assert.Equal((IssueOutcome.Unknown, IssueOutcome.Issued, IssueOutcome.Repeated), (pending.Outcome, issued.Outcome, late.Outcome));
        Assert.Equal(Tokens(issued), Tokens(late));
        InOrder();
    }

    [Fact]
    public async Task Serve_BackupComesBackWhileTheServerRuns_NothingIsWrittenUntilItsNextStart()
    {
        _ = await SellAsync("sale-0001", fill: true);
        Backup();
        _ = await SellAsync("sale-0002");
        var (inner, time) = (new Exchangeable(Open()), new TestClock());
        using (var running = new StoreOpening(inner, Place, time).Open(out _))
        {
            inner.Close();
            Restore();
            inner.Store = Open();

            _ = Assert.Throws<StoreException>(() => running.Write(session => Counters.Next(session, Counters.Health)));

            Assert.Equal("restored", running.Refuses!.Code);
        }

        Assert.Equal(IssueOutcome.Repeated, (await SellAsync("sale-0002")).Outcome);
        InOrder();
    }

    [Theory]
    [InlineData("nothing", 0)]
    [InlineData("empty blocks", 4096)]
    [InlineData("half a frame", 300)]
    public async Task Serve_JournalThatAPowerFailureCutOff_IsNoObstacle(string what, int octets)
    {
        _ = await SellAsync("sale-0001", fill: true);
        var whole = await File.ReadAllBytesAsync(Files[^1], TestContext.Current.CancellationToken);
        await File.WriteAllBytesAsync(Files[^1], [.. whole, .. what == "half a frame" ? whole[128..(128 + octets)] : new byte[octets]], TestContext.Current.CancellationToken);

        Assert.Equal(IssueOutcome.Issued, (await SellAsync("sale-0002")).Outcome);
        Assert.Equal(IssueOutcome.Repeated, (await SellAsync("sale-0001")).Outcome);
        InOrder();
    }

    [Fact]
    public async Task Serve_JournalLost_NothingIsSoldUntilTheLossIsAcceptedAndThenNoIdentifierComesTwice()
    {
        _ = await SellAsync("sale-0001", fill: true);
        var pending = await SellAsync("sale-0002", module: module => module.Before = _ => Task.FromException(new SecurityModuleException("gone")));
        Backup();
        _ = await SellAsync("sale-0002");
        for (var i = 3; i <= 9; i++)
            _ = await SellAsync($"sale-{i:D4}");
        Restore();
        Directory.Delete(Journal, recursive: true);
        var lost = await SellAsync("sale-0003");
        var known = await SellAsync("sale-0001");
        var early = await SellAsync("sale-0002");
        Decide(opening => opening.AcceptLoss());

        var late = await SellAsync("sale-0002");
        var sold = await SellAsync("sale-0010");
        var next = await SellAsync("sale-0011");

        Assert.Equal((IssueOutcome.NotStarted, "restored"), (lost.Outcome, lost.Refusal!.Code));
        // What the backup knows is still told: it was given out before.
        Assert.Equal(IssueOutcome.Repeated, known.Outcome);
        Assert.Equal(IssueOutcome.Unknown, pending.Outcome);
        Assert.Equal((IssueOutcome.Unknown, "restored"), (early.Outcome, early.Refusal!.Code));
        Assert.Equal((IssueOutcome.Refused, "lost-in-restore"), (late.Outcome, late.Refusal!.Code));
        Assert.Equal((IssueOutcome.Issued, IssueOutcome.Issued), (sold.Outcome, next.Outcome));
        NoIdentifierTwice(11);
        using var store = Open();
        // Three sales of 10 less commission of 2 %; the other's money is back.
        Assert.Equal(100_000 - (3 * 980), store.Read(session => Ledger.Balance(session, Accounts.Wallet("shop"))));
    }

    [Fact]
    public async Task Serve_JournalOfWhichTheEndIsLost_IsRefusedUntilAnOperatorSaysThatTheStoreIsComplete()
    {
        _ = await SellAsync("sale-0001", fill: true);
        var early = await File.ReadAllBytesAsync(Files[^1], TestContext.Current.CancellationToken);
        var sold = await SellAsync("sale-0002");
        _ = await SellAsync("sale-0003");
        await File.WriteAllBytesAsync(Files[^1], early, TestContext.Current.CancellationToken);
        var refused = await SellAsync("sale-0004");
        Decide(opening => opening.Join());

        Assert.Equal("restored", refused.Refusal!.Code);
        Assert.Equal(Tokens(sold), Tokens(await SellAsync("sale-0002")));
        Assert.Equal(IssueOutcome.Issued, (await SellAsync("sale-0004")).Outcome);
        InOrder();
    }

    [Fact]
    public async Task Serve_TwoServers_OneAloneDoesNotGoOnAndBothTogetherLoseNothing()
    {
        _ = await SellAsync("sale-0001", fill: true);
        var other = new JournalPlace { Folder = Path.Combine(Folder, "journal-of-the-second") };
        var alone = await SellAsync("sale-0002", place: other);
        Decide(opening => opening.Join(), other);
        _ = await SellAsync("sale-0002", place: other);
        Backup();
        for (var i = 3; i <= 8; i++)
            _ = await SellAsync($"sale-{i:D4}", place: i % 2 == 0 ? other : Place);
        var before = Picture();
        Restore();
        var first = await SellAsync("sale-0009");
        var second = await SellAsync("sale-0009", place: other);

        var after = Picture(Place with { Others = [other.Folder] });

        Assert.All([alone, first, second], answer => Assert.Equal("restored", answer.Refusal!.Code));
        Assert.Equal(before, after);
        Assert.Equal(IssueOutcome.Issued, (await SellAsync("sale-0009", place: other)).Outcome);
        Assert.Equal(IssueOutcome.Issued, (await SellAsync("sale-0010")).Outcome);
        NoIdentifierTwice(10);
    }

    [Fact]
    public async Task Serve_JournalOfManyFiles_IsReplayedThroughAllAndABackupOlderThanTheFirstIsRefused()
    {
        _fileOctets = 4000;
        _ = await SellAsync("sale-0001", fill: true);
        Backup();
        for (var i = 2; i <= 6; i++)
            _ = await SellAsync($"sale-{i:D4}");
        var (before, files) = (Picture(), Files.Count);
        Restore();
        Assert.Equal(before, Picture());
        Assert.True(files > 3, $"{files} files");

        // From now on no file is kept but the last.
        _kept = TimeSpan.Zero;
        for (var i = 7; i <= 12; i++)
            _ = await SellAsync($"sale-{i:D4}");
        Assert.True(Files.Count <= 2, $"{Files.Count} files");
        Restore();

        Assert.Equal("restored", (await SellAsync("sale-0013")).Refusal?.Code);
    }

    [Fact]
    public async Task Serve_JournalDamagedInItsMiddle_SaysWhere()
    {
        _ = await SellAsync("sale-0001", fill: true);
        _ = await SellAsync("sale-0002");
        var octets = await File.ReadAllBytesAsync(Files[0], TestContext.Current.CancellationToken);
        octets[400] ^= 1;
        await File.WriteAllBytesAsync(Files[0], octets, TestContext.Current.CancellationToken);
        using var store = Open();

        var error = Assert.Throws<StoreException>(() => new StoreOpening(store, Place, new TestClock()).Open(out _));

        Assert.Contains("damaged at octet", error.Message, StringComparison.Ordinal);
        Assert.Contains(Files[0], error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_FileThatIsNoJournal_IsRefused()
    {
        _ = Directory.CreateDirectory(Journal);
        File.WriteAllText(Path.Combine(Journal, "00000001.journal"), new string('x', 500));
        using var store = Open();

        var error = Assert.Throws<StoreException>(() => new StoreOpening(store, Place, new TestClock()).Open(out _));

        Assert.Contains(Journal, error.Message, StringComparison.Ordinal);
    }

    private static string Tokens(IssueAnswer answer) => string.Join(' ', answer.Issue!.Tokens.SelectMany(made => made.Tokens));

    private void Decide(Func<StoreOpening, string> decision, JournalPlace? place = null)
    {
        using var store = Open();
        var opening = new StoreOpening(store, place ?? Place, new TestClock());
        Assert.DoesNotContain("nothing is to be done", decision(opening), StringComparison.Ordinal);
        Assert.Contains("nothing is to be done", decision(opening), StringComparison.Ordinal);
    }

    private void Deposit(string reference)
    {
        using var store = new StoreOpening(Open(), Place, new TestClock()).Open(out _);
        store.Write(session => Ledger.Post(session, new TestClock().Now, "deposit", reference, new Posting(Accounts.Wallet("shop"), 500), new Posting(Accounts.Bank, -500)));
    }

    // What a restore must bring back: the log's head, the money, the last identifiers and every issue.
    private string Picture(JournalPlace? place = null)
    {
        using var store = new StoreOpening(Open(), place ?? Place, new TestClock()).Open(out _);
        Assert.Null(store.Refuses);
        InOrder(store);
        return store.Read(session => string.Join('\n',
        [
            IssueLogTable.Head(session).ToString(),
            .. session.Query("SELECT account, minor FROM balances ORDER BY account", row => $"{row.Text(0)} {row.Number(1)}"),
            .. session.Query("SELECT pan, base_date, last FROM identifier_marks ORDER BY pan", row => $"{row.Text(0)} {row.Number(1)} {row.Number(2)}"),
            .. session.Query("SELECT id, state, released, body, tokens FROM issues ORDER BY number", row => $"{row.Text(0)} {row.Text(1)} {row.Number(2)} {row.Text(3)} {row.Text(4)}"),
        ]));
    }

    private void NoIdentifierTwice(int count)
    {
        Assert.Equal(count, _given.Count);
        Assert.Equal(count, _given.Distinct().Count());
        InOrder();
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

    private async Task<IssueAnswer> SellAsync(string id, bool fill = false, Action<TestModule>? module = null, JournalPlace? place = null)
    {
        var clock = new TestClock();
        using var shop = new Shop(new StoreOpening(Open(), place ?? Place, clock).Open(out _), fill);
        module?.Invoke(shop.Module);
        var answer = await shop.SellAsync(id, tender: 10);
        if (answer.Outcome == IssueOutcome.Issued)
            _given.Add(answer.Issue!.Orders[0].Identifier!.Value);
        return answer;
    }

    /// <summary>A store that another is put in the place of while it is open.</summary>
    private sealed class Exchangeable(IStore store) : IStore
    {
        public IStore Store { get; set; } = store;

        public string Kind => Store.Kind;

        public void Close() => Store.Dispose();

        public T Write<T>(Func<IStoreSession, T> work) => Store.Write(work);

        public T Batch<T>(Func<IStoreSession, T> work) => Store.Batch(work);

        public T Read<T>(Func<IStoreSession, T> work) => Store.Read(work);

        public T Look<T>(Func<IStoreSession, T> work) => Store.Look(work);

        public void Dispose() => Store.Dispose();
    }
}

/// <summary>On the embedded store: the file is copied.</summary>
public sealed class SqliteRestoreTests : RestoreTests
{
    private string Database => Path.Combine(Folder, "v.db");

    protected override IStore Open() => new SqliteStore(Database);

    protected override void Backup()
    {
        Open().Dispose();
        File.Copy(Database, Database + ".backup");
    }

    protected override void Restore() => File.Copy(Database + ".backup", Database, overwrite: true);
}

/// <summary>On PostgreSQL: the database is copied.</summary>
public sealed class PostgresRestoreTests(PostgresFixture fixture) : RestoreTests, IClassFixture<PostgresFixture>
{
    private string? _database;
    private string _backup = "";

    protected override IStore Open()
    {
        Assert.True(fixture.Server is not null, "PostgreSQL is not installed.");
        return new PostgresStore(_database ??= fixture.Server!.NewDatabase());
    }

    protected override void Backup()
    {
        Open().Dispose();
        _backup = fixture.Server!.NewDatabase(like: _database);
    }

    // A copy of the copy: the same backup may come back twice.
    protected override void Restore() => _database = fixture.Server!.NewDatabase(like: _backup);
}
