using OpenSts.Keys;
using OpenSts.Sts6;
using OpenSts.Vending.IssueLog;
using OpenSts.Vending.Issues;
using OpenSts.Vending.Meters;
using OpenSts.Vending.Money;
using OpenSts.Vending.Operations;
using OpenSts.Vending.Storage;
using OpenSts.Vending.Storage.Journal;

namespace OpenSts.SystemTests.Vending;

/// <summary>A shop where something goes wrong in each round, and the clients who never forget what they were told.</summary>
internal sealed class FaultyShop : IDisposable
{
    private const decimal MostTender = 40;
    private const long Deposit = 100_000;
    private readonly Premises _premises;
    private readonly Random _random;
    private readonly string _name;
    private readonly Dictionary<string, Order> _orders = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _told = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Pan, int Tid), string> _given = [];
    private readonly List<MeterPan> _meters = [];
    private MortalStore _mortal = null!;
    private JournaledStore _store = null!;
    private Shop _shop = null!;
    private int _serial = 100;
    private int _round;

    public FaultyShop(Premises premises, int seed)
    {
        (_premises, _random, _name) = (premises, new Random(seed), $"seed {seed}");
        Open(fill: true);
        for (var i = 0; i < 4; i++)
            AddMeter();
    }

    /// <summary>Where a shop is kept.</summary>
    /// <param name="Folder">For the journal and backups; deleted at the end.</param>
    /// <param name="Open">Opens the store.</param>
    /// <param name="Backup">Keeps the store as it is; nobody has it open.</param>
    /// <param name="Restore">Puts the last backup in its place.</param>
    public sealed record Premises(string Folder, Func<IStore> Open, Action Backup, Action Restore);

    private sealed record Order(MeterPan Pan, decimal Tender);

    private JournalPlace Place => new() { Folder = Path.Combine(_premises.Folder, "journal"), FileOctets = 200_000 };

    /// <summary>One fault, some work of clients meanwhile, and a look at the books afterwards.</summary>
    /// <returns>What went wrong.</returns>
    public async Task<string> RoundAsync()
    {
        _round++;
        var what = _random.Next(18) switch
        {
            <= 5 => await StoreFaultAsync(),
            6 => await ModuleFaultAsync("module gone", module => module.Before = _ => Task.FromException(new SecurityModuleException("gone"))),
            7 => await ModuleFaultAsync("answer lost", module => module.After = _ => Task.FromException(new SecurityModuleException("lost"))),
            8 => await ModuleFaultAsync("module hangs", module => module.After = _ => Task.Delay(Timeout.Infinite)),
            9 => await ModuleFaultAsync("module refuses", module => module.Refuses = ResponseCode.KeyExpired),
            10 => await ModuleFaultAsync("module answers with another class", module => module.Instead = TokenIssuer.IssueInClear(new InitiateMeterTest { FourDigitForm = false, Tests = MeterTests.Display })),
            11 => await ModuleFaultAsync("module is slow", module => module.Before = _ => Task.Delay(5)),
            12 => await ModuleFaultAsync("module clock a year away", module => module.ClockError = TimeSpan.FromDays(_random.Next(2) == 0 ? 365 : -365)),
            13 => await ClockStepAsync(),
            14 => await TwoServersAsync(),
            15 when _random.Next(3) == 0 => await LostJournalAsync(),
            16 => await PowerFailureAsync(),
            _ => await OldBackupAsync(),
        };
        BooksAreInOrder(what);
        return what;
    }

    /// <summary>Everything works again: every id that was ever asked for becomes decisive, and stays what it was.</summary>
    public async Task CloseAsync()
    {
        foreach (var id in _orders.Keys.ToList())
        {
            var answer = await AskAsync(id);
            Assert.True(answer.Outcome is IssueOutcome.Issued or IssueOutcome.Repeated or IssueOutcome.Refused || answer.Refusal?.Code is "clock-behind" or "vendor-credit-exhausted", $"{Where("the end")}: {id} is {answer.Outcome} {answer.Refusal}");
        }

        BooksAreInOrder("the end");
        foreach (var (id, told) in _told)
            Assert.True(Tokens(_store.Read(session => IssueTable.Find(session, id))!) == told, $"{Where("the end")}: {id} has other tokens than its client was told");
    }

    public void Dispose()
    {
        _shop.Dispose();
        Directory.Delete(_premises.Folder, recursive: true);
    }

    private async Task<string> StoreFaultAsync()
    {
        var fault = Enum.GetValues<WriteFault>()[_random.Next(1, 9)];
        _mortal.Arrange(fault, afterWrites: _random.Next(3), afterStatements: _random.Next(6));
        await WorkAsync(3);
        var happened = _mortal.Happened;
        // A server that only failed goes on as it is.
        if (_mortal.IsDead)
            Restart();
        else
            _mortal.Revive();
        return happened ? $"store: {fault}" : "nothing";
    }

    private async Task<string> ModuleFaultAsync(string what, Action<TestModule> arrange)
    {
        // A clock far away is noticed by a server that asks for it, as every server does when it starts.
        Restart();
        arrange(_shop.Module);
        await WorkAsync(2);
        Restart();
        return what;
    }

    // Server and module both believe a clock of the future, and sell; then it is set right again.
    private async Task<string> ClockStepAsync()
    {
        var right = _shop.Clock.Now;
        var step = new[] { TimeSpan.FromDays(365), TimeSpan.FromDays(-365), TimeSpan.FromDays(2), TimeSpan.FromMinutes(-3) }[_random.Next(4)];
        var before = _store.Read(session => session.Number("SELECT COUNT(*) FROM issues"));
        // A store without a single issue has nothing to compare with.
        if (before == 0)
            return "nothing";
        _shop.Clock.Now = right + step;
        await WorkAsync(2);
        var sold = _store.Read(session => session.Number("SELECT COUNT(*) FROM issues")) > before;
        _shop.Clock.Now = right;
        Assert.False(sold && step < TimeSpan.FromMinutes(-5), $"{Where("clock step")}: sold with a clock a year behind");
        if (sold && step > TimeSpan.Zero)
        {
            Restart();
            var refused = await _shop.SellAsync($"clock-{_round:D4}", 5, _meters[0]);
            Assert.Equal("clock-behind", refused.Refusal?.Code);
            _ = ClockGuard.Accept(_store, _shop.Settings, right);
            // The meters that were given tokens of the future are lost to this base date.
            for (var i = 0; i < _meters.Count; i++)
            {
                if (_given.Keys.Any(given => given.Pan == _meters[i].ToString() && TokenIdentifier.FromNumber(given.Tid).ToTime(BaseDate.Base2014) > right + TimeSpan.FromHours(12)))
                    AddMeter(at: i);
            }
        }

        return $"clock steps by {step.TotalMinutes:F0} minutes";
    }

    private async Task<string> TwoServersAsync()
    {
        var (one, other) = (_shop.Desk, _shop.NewDesk());
        var ids = Enumerable.Range(0, 6).Select(_ => NewOrder()).ToList();
        var asked = ids.SelectMany(id => new[] { (Desk: one, Id: id), (Desk: other, Id: id) }).ToList();
        _random.Shuffle(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(asked));
        var answers = await Task.WhenAll(asked.Select(pair => Task.Run(() => pair.Desk.SellAsync(pair.Id, Sale(pair.Id), Shop.Till))));
        for (var i = 0; i < asked.Count; i++)
            Hear(asked[i].Id, answers[i]);
        return "two servers at once";
    }

    // A backup is taken, work goes on, the backup is put back: the journal has all that it lacks.
    private async Task<string> OldBackupAsync()
    {
        Restart(_premises.Backup);
        var before = _store.Read(IssueLogTable.Head);
        await WorkAsync(3);
        var head = _store.Read(IssueLogTable.Head);
        Restart(_premises.Restore);
        Assert.True(_store.Refuses is null, $"{Where("old backup")}: {_store.Refuses}");
        Assert.True(_store.Read(IssueLogTable.Head) == head, $"{Where("old backup")}: the log's head is another");
        return head == before ? "backup of now" : "old backup";
    }

    // The same, and the journal is lost with the store: what was sold since is lost to the books, its identifiers must not be.
    private async Task<string> LostJournalAsync()
    {
        Restart(_premises.Backup);
        var told = _told.Keys.ToHashSet(StringComparer.Ordinal);
        var orders = _orders.Keys.ToHashSet(StringComparer.Ordinal);
        await WorkAsync(3);
        Restart(() =>
        {
            _premises.Restore();
            Directory.Delete(Place.Folder, recursive: true);
        });
        var refused = await _shop.SellAsync($"lost-{_round:D4}", 5, _meters[0]);
        Assert.True(refused.Refusal?.Code == "restored", $"{Where("lost journal")}: {refused.Outcome} {refused.Refusal}");
        Restart(() =>
        {
            using var store = _premises.Open();
            _ = new StoreOpening(store, Place, _shop.Clock).AcceptLoss();
        });
        foreach (var id in _told.Keys.Where(id => !told.Contains(id)).ToList())
            _ = _told.Remove(id);
        foreach (var id in _orders.Keys.Where(id => !orders.Contains(id)).ToList())
            _ = _orders.Remove(id);
        return "old backup without a journal";
    }

    // In the middle of writing the journal: what was written of it does not count.
    private async Task<string> PowerFailureAsync()
    {
        await WorkAsync(1);
        Restart(() =>
        {
            var file = Directory.GetFiles(Place.Folder, "*.journal").Order(StringComparer.Ordinal).Last();
            var octets = File.ReadAllBytes(file);
            var torn = _random.Next(2) == 0 ? new byte[_random.Next(1, 9000)] : octets[128..Math.Max(128, _random.Next(128, octets.Length))];
            File.WriteAllBytes(file, [.. octets, .. torn]);
        });
        await WorkAsync(1);
        return "power failure in the journal";
    }

    // Clients sell, ask again for what they do not know, take back, have keys changed; as clients they do not see why something fails.
    private async Task WorkAsync(int steps)
    {
        for (var i = 0; i < steps; i++)
        {
            var unknown = _orders.Keys.Where(id => !_told.ContainsKey(id)).ToList();
            await TryAsync(() => _random.Next(8) switch
            {
                0 when unknown.Count > 0 => AskAsync(unknown[_random.Next(unknown.Count)]),
                1 when _told.Count > 0 => AskAsync(_told.Keys.ElementAt(_random.Next(_told.Count))),
                2 when _orders.Count > 0 => _shop.Desk.ReverseAsync(_orders.Keys.ElementAt(_random.Next(_orders.Count)), Shop.Till, "left"),
                3 => ChangeKeyAsync(),
                _ => AskAsync(NewOrder()),
            });
            _shop.Clock.Now += TimeSpan.FromSeconds(_random.Next(90));
        }
    }

    private async Task<IssueAnswer> AskAsync(string id)
    {
        var answer = await _shop.Desk.SellAsync(id, Sale(id), Shop.Till);
        Hear(id, answer);
        return answer;
    }

    // The set that a meter waits for is confirmed, or else a new one is made.
    private async Task ChangeKeyAsync()
    {
        var pan = _meters[_random.Next(_meters.Count)];
        var stored = _store.Read(session => PaymentMeter.Find(session, pan)!);
        if (stored.Value.NextKey is { } next)
            _ = _store.Write(session => (stored.Value with { Key = next, NextKey = null, KeyChangeIssue = null }).TryReplace(session, stored.Version));
        else
            _ = await _shop.Desk.ChangeKeyAsync($"key-{_round:D4}-{_random.Next(100_000):D5}", new KeyChangeOrder(pan, stored.Value.Key with { KeyRevisionNumber = 3 - stored.Value.Key.KeyRevisionNumber }, "turn"), Shop.Till);
    }

    // A client whose server died or failed knows nothing; it asks again later.
    private static async Task TryAsync(Func<Task> work)
    {
        try
        {
            await work();
        }
        catch (Exception error) when (error is ProcessDiedException or StoreException)
        {
        }
    }

    private void Hear(string id, IssueAnswer answer)
    {
        if (answer.Issue is not { State: IssueState.Issued } issue || answer.Outcome is not (IssueOutcome.Issued or IssueOutcome.Repeated))
        {
            Assert.False(_told.ContainsKey(id) && answer.Outcome is not IssueOutcome.Unknown and not IssueOutcome.NotStarted, $"{Where(id)}: had tokens and is {answer.Outcome} {answer.Refusal}");
            return;
        }

        var tokens = Tokens(issue);
        Assert.True(_told.TryAdd(id, tokens) || _told[id] == tokens, $"{Where(id)}: had {_told[id]} and has {tokens}");
        foreach (var made in issue.Tokens.Where(made => made.Identifier is not null))
        {
            var given = (issue.Meter!.Pan.ToString(), made.Identifier!.Value);
            Assert.True(_given.TryAdd(given, id) || _given[given] == id, $"{Where(id)}: identifier {given} was given to {_given[given]} before");
        }
    }

    private void BooksAreInOrder(string what)
    {
        var (ledger, log, issues, wallet) = _store.Read(session => (Ledger.Verify(session), IssueLogVerifier.Verify(session), IssueTable.List(session, long.MaxValue, int.MaxValue), Ledger.Balance(session, Accounts.Wallet("shop"))));
        Assert.True(ledger is null, $"{Where(what)}: {ledger}");
        Assert.True(log.Fault == LogFault.None, $"{Where(what)}: {log}");
        var identifiers = issues.Where(issue => issue.Meter is not null).SelectMany(issue => issue.Orders.Where(order => order.Identifier is not null).Select(order => (issue.Meter!.Pan, order.Identifier))).ToList();
        Assert.True(identifiers.Count == identifiers.Distinct().Count(), $"{Where(what)}: an identifier twice");
        var sold = issues.Where(issue => issue is { Kind: IssueKind.Sale, State: IssueState.Pending or IssueState.Issued }).Sum(issue => issue.Quote!.Tender);
        var commission = _store.Read(session => Ledger.Balance(session, Accounts.Commission));
        Assert.True(wallet == Deposit - sold - commission && wallet >= 0, $"{Where(what)}: the wallet holds {wallet}, sold are {sold}, commission {commission}");
        var missing = _told.Keys.Except(issues.Where(issue => issue.State == IssueState.Issued).Select(issue => issue.Id), StringComparer.Ordinal).ToList();
        Assert.True(missing.Count == 0, $"{Where(what)}: acknowledged and not there: {string.Join(' ', missing)}");
    }

    private string NewOrder()
    {
        var id = $"sale-{_round:D3}-{_orders.Count:D4}-{_random.Next(100_000):D5}";
        _orders.Add(id, new Order(_meters[_random.Next(_meters.Count)], _random.Next(5, (int)MostTender)));
        return id;
    }

    private SaleRequest Sale(string id) => Shop.Sale(_orders[id].Tender, _orders[id].Pan);

    private static string Tokens(Issue issue) => string.Join(' ', issue.Tokens.SelectMany(made => made.Tokens));

    private string Where(string what) => $"{_name}, round {_round}, {what}";

    private Shop NewShop(bool fill) => new(_store, fill, patienceMilliseconds: 60);

    private void Restart(Action? whileClosed = null)
    {
        var clock = _shop.Clock.Now;
        _shop.Dispose();
        whileClosed?.Invoke();
        Open(fill: false, clock);
    }

    private void Open(bool fill, DateTimeOffset? now = null)
    {
        var clock = new TestClock();
        clock.Now = now ?? clock.Now;
        _mortal = new MortalStore(_premises.Open());
        _store = new StoreOpening(_mortal, Place, clock).Open(out _);
        _shop = NewShop(fill);
        _shop.Clock.Now = clock.Now;
    }

    private void AddMeter(int? at = null)
    {
        var pan = MeterPan.Create(DecoderReferenceNumber.Create(ManufacturerCode.Parse("04"), _serial++));
        Assert.True(_store.Write(session => Shop.NewMeter(pan).TryAdd(session)));
        if (at is { } index)
            _meters[index] = pan;
        else
            _meters.Add(pan);
    }
}
