using OpenSts.Vending.Access;
using OpenSts.Vending.Data.Stores;
using OpenSts.Vending.Data.Vends;
using OpenSts.Vending.Meters;
using OpenSts.Vending.TokenIdentifiers;
using OpenSts.Vending.Vends;

namespace OpenSts.Vending.Data.Tests.Vends;

/// <summary>What both stores do alike.</summary>
public abstract class VendStoreContract(PostgresServer? server)
{
    private static readonly Caller Till = new()
    {
        Id = "key:till",
        Name = "Till",
        Person = "ann",
        IsApiKey = true,
        Permissions = Enum.GetValues<Permission>().ToHashSet(),
    };

    private static readonly Caller Supervisor = new()
    {
        Id = "operator:ben",
        Name = "Ben",
        Person = "ben",
        Permissions = Caller.PermissionsOf(Role.Supervisor, Tenant.Utility),
    };

    [Fact]
    public async Task Begin_ThenFinish_IssuedWithReceiptMoneyAndToken()
    {
        await using var site = await TestStore.CreateAsync(server);
        await using var store = await site.OpenAsync();

        var vend = await SellAsync(store, "vend-0001");

        Assert.Equal((VendState.Issued, 1L, 1), (vend.State, vend.ReceiptNumber!.Value, vend.Tokens.Count));
        Assert.Equal(
            "90200", await site.ValueAsync("SELECT balance_minor FROM ledger.accounts WHERE code = 'wallet:v1'"));
        var stored = (await store.FindAsync("vend-0001"))!;
        Assert.Equal(vend.Tokens, stored.Tokens);
        Assert.Equal(vend.Plan.Quote!.Lines, stored.Plan.Quote!.Lines);
        Assert.Equal(vend.Plan.Orders, stored.Plan.Orders);
        Assert.Equal((vend.CompletedAt, vend.ReleasedAt, vend.Plan.CreatedAt),
            (stored.CompletedAt, stored.ReleasedAt, stored.Plan.CreatedAt));
        Assert.Null(await store.VerifyLedgerAsync());
    }

    [Fact]
    public async Task Begin_SameIdAgain_SameVendAlsoAfterARestart()
    {
        await using var site = await TestStore.CreateAsync(server);
        StoredVend first;
        await using (var store = await site.OpenAsync())
        {
            first = await SellAsync(store, "vend-0001");
            var again = await store.BeginAsync("vend-0001", Credit(), Till, "api");
            Assert.Equal((false, first.Tokens[0]), (again.Fresh, again.Vend!.Tokens[0]));
        }

        await using var later = await site.OpenAsync();
        var outcome = await later.BeginAsync("vend-0001", Credit(), Till, "api");

        Assert.Equal((first.Number, first.Tokens[0]), (outcome.Vend!.Number, outcome.Vend.Tokens[0]));
        Assert.Equal("1", await site.ValueAsync("SELECT count(*) FROM vend.vends"));
    }

    [Fact]
    public async Task Begin_SameIdOtherContentOrOtherVendor_ConflictAndNothingMoves()
    {
        await using var site = await TestStore.CreateAsync(server);
        await using var store = await site.OpenAsync();
        _ = await SellAsync(store, "vend-0001");

        var other = await store.BeginAsync("vend-0001", Credit(tender: 10_001), Till, "api");
        var stranger = await store.BeginAsync("vend-0001", Credit(), Till with { Vendor = "v2" }, "api");

        Assert.Equal(ErrorCodes.VendExistsWithDifferentContent, other.Refusal!.Code);
        Assert.Equal(ErrorCodes.VendExistsWithDifferentContent, stranger.Refusal!.Code);
        Assert.Equal(
            "90200", await site.ValueAsync("SELECT balance_minor FROM ledger.accounts WHERE code = 'wallet:v1'"));
    }

    [Fact]
    public async Task Begin_Refused_NothingIsStored()
    {
        await using var site = await TestStore.CreateAsync(server);
        await using var store = await site.OpenAsync();

        var outcome = await store.BeginAsync("vend-0001", Credit(tender: 900_000), Till, "api");

        Assert.Equal(ErrorCodes.VendorCreditExhausted, outcome.Refusal!.Code);
        Assert.Null(await store.FindAsync("vend-0001"));
        foreach (var table in new[] { "vend.vend_ids", "vend.vends", "vend.token_identifiers", "audit.audit_queue",
            "ops.outbox" })
            Assert.Equal("0", await site.ValueAsync("SELECT count(*) FROM " + table));
    }

    [Fact]
    public async Task Begin_HundredAtOnceWithOneId_OneVend()
    {
        await using var site = await TestStore.CreateAsync(server);
        await using var store = await site.OpenAsync();

        var outcomes = await Task.WhenAll(
            Enumerable.Range(0, 100).Select(_ => store.BeginAsync("vend-0001", Credit(), Till, "api")));

        _ = Assert.Single(outcomes, outcome => outcome.Fresh);
        _ = Assert.Single(outcomes.Select(outcome => outcome.Vend!.Number).Distinct());
        Assert.Equal("1", await site.ValueAsync("SELECT count(*) FROM vend.vends"));
    }

    [Fact]
    public async Task Begin_WalletRunsDryUnderManyVendsOfTwoStores_NeverBelowItsFloor()
    {
        await using var site = await TestStore.CreateAsync(server);
        await using var one = await site.OpenAsync();
        await using var two = await site.OpenAsync();
        VendStore[] stores = [one, two];
        MeterPan[] pans = [TestStore.Pan, TestStore.SecondPan, TestStore.ThirdPan];

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 120).Select(i => TryAsync(() =>
            stores[i % 2].BeginAsync($"vend-{i:D4}", Credit(tender: 4_000) with { Pan = pans[i % 3] }, Till, "api"))));

        Assert.Contains(outcomes, outcome => outcome?.Refusal?.Code == ErrorCodes.VendorCreditExhausted);
        Assert.Equal(25, outcomes.Count(outcome => outcome?.Vend is not null));
        Assert.InRange(int.Parse(
            await site.ValueAsync("SELECT balance_minor FROM ledger.accounts WHERE code = 'wallet:v1'")), 0, 4_000);
        Assert.Null(await one.VerifyLedgerAsync());
    }

    [Fact]
    public async Task Begin_ManyForOneMeterFromTwoStores_IdentifiersAreUniqueAndRise()
    {
        await using var site = await TestStore.CreateAsync(server);
        await using var one = await site.OpenAsync();
        await using var two = await site.OpenAsync();
        VendStore[] stores = [one, two];

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 40).Select(i => TryAsync(() =>
            stores[i % 2].BeginAsync($"vend-{i:D4}", Credit(tender: 100), Till, "api"))));

        var made = outcomes.Where(outcome => outcome?.Vend is not null).Select(outcome => outcome!.Vend!)
            .OrderBy(vend => vend.Number).ToList();
        Assert.True(made.Count > 20);
        var identifiers = made.Select(vend => vend.Plan.Orders[0].Identifier!.Value.Value).ToList();
        Assert.Equal(identifiers.Count, identifiers.Distinct().Count());
        Assert.Equal(made.Count.ToString(), await site.ValueAsync("SELECT count(*) FROM vend.token_identifiers"));
    }

    [Fact]
    public async Task Finish_ServerDiedBetweenIntentAndResult_SameIdentifierOneTokenOneMoney()
    {
        await using var site = await TestStore.CreateAsync(server);
        StoredVend intent;
        await using (var store = await site.OpenAsync())
            intent = (await store.BeginAsync("vend-0001", Credit(), Till, "api")).Vend!;

        await using var later = await site.OpenAsync();
        Assert.Equal(["vend-0001"], await later.ListPendingAsync(10));
        var again = (await later.BeginAsync("vend-0001", Credit(), Till, "api")).Vend!;
        Assert.Equal((VendState.Pending, intent.Plan.Orders[0]), (again.State, again.Plan.Orders[0]));
        var issued = await later.FinishAsync(again, TokensOf(again), null, releases: true);
        var second = await later.FinishAsync(
            again, [new VendToken(0, 0, SandboxMeter.Token("another", 0))], null, releases: true);

        Assert.Equal(issued.Tokens, second.Tokens);
        Assert.Empty(await later.ListPendingAsync(10));
        Assert.Equal(
            "90200", await site.ValueAsync("SELECT balance_minor FROM ledger.accounts WHERE code = 'wallet:v1'"));
    }

    [Fact]
    public async Task Finish_ModuleRefuses_MoneyIdentifierUnitsChargesAndFreeUnitsAreBack()
    {
        await using var site = await TestStore.CreateAsync(server);
        await using var store = await site.OpenAsync();
        site.Time.Advance(TimeSpan.FromDays(2));
        var request = Credit() with { Pan = TestStore.SecondPan };
        var first = (await store.BeginAsync("vend-0001", request, Till, "api")).Vend!;
        Assert.Equal([TokenPurpose.Free, TokenPurpose.Credit], first.Plan.Orders.Select(order => order.Purpose));

        var refused = await store.FinishAsync(first, null,
            new Refusal(ErrorCodes.ModuleRefused, null, RefusalArgument.Text("code", "KeyExpired")), true);

        Assert.Equal((VendState.Refused, ErrorCodes.ModuleRefused, "KeyExpired"),
            (refused.State, refused.Refusal!.Code, refused.Refusal["code"]));
        Assert.Equal(
            "100000", await site.ValueAsync("SELECT balance_minor FROM ledger.accounts WHERE code = 'wallet:v1'"));
        Assert.Equal(
            "-3000", await site.ValueAsync("SELECT balance_minor FROM ledger.accounts WHERE code = 'arrears:c2'"));
        Assert.Equal("0", await site.ValueAsync("SELECT count(*) FROM vend.token_identifiers"));
        var second = (await store.BeginAsync("vend-0002", request, Till, "api")).Vend!;
        Assert.Equal(first.Plan.Orders, second.Plan.Orders);
        Assert.Equal(first.Plan.Quote!.Lines, second.Plan.Quote!.Lines);
        Assert.Equal(ErrorCodes.ModuleRefused, (await store.FindAsync("vend-0001"))!.Refusal!.Code);
        Assert.Null(await store.VerifyLedgerAsync());
    }

    [Fact]
    public async Task Finish_ClockStoodAYearAheadAndTheModuleRefused_VendsGoOn()
    {
        await using var site = await TestStore.CreateAsync(server);
        await using var store = await site.OpenAsync();
        await site.ExecuteAsync("DELETE FROM ref.tariff_fixed_charges");
        site.Time.Advance(TimeSpan.FromDays(365));
        var ahead = (await store.BeginAsync("vend-0001", Credit(), Till, "api")).Vend!;
        _ = await store.FinishAsync(ahead, null, new Refusal(ErrorCodes.ModuleRefused), true);
        site.Time.AdjustTime(TestStore.Start.AddMinutes(5));

        var now = await store.BeginAsync("vend-0002", Credit(), Till, "api");

        Assert.Null(now.Refusal);
    }

    [Fact]
    public async Task Finish_ManyAtOnceSomeRefused_ReceiptsOfEachOutletHaveNoGaps()
    {
        await using var site = await TestStore.CreateAsync(server);
        await using var one = await site.OpenAsync();
        await using var two = await site.OpenAsync();
        VendStore[] stores = [one, two];
        for (var serial = 10; serial < 40; serial++)
            await site.AddMeterAsync(TestStore.PanOf(serial));

        _ = await Task.WhenAll(Enumerable.Range(10, 30).Select(async i =>
        {
            var store = stores[i % 2];
            var request =
                Credit(tender: 1_000) with { Pan = TestStore.PanOf(i), Outlet = i % 3 == 0 ? "side" : "main" };
            var vend = (await Retried(() => store.BeginAsync($"vend-{i:D4}", request, Till, "api"))).Vend!;
            return i % 5 == 0
                ? await Retried(() => store.FinishAsync(vend, null, new Refusal(ErrorCodes.ModuleRefused), true))
                : await Retried(() => store.FinishAsync(vend, TokensOf(vend), null, true));
        }));

        foreach (var outlet in new[] { "main", "side" })
        {
            var numbers =
                await site.ValuesAsync(
                "SELECT r.receipt_number FROM vend.vend_results r "
                + "JOIN vend.vends v ON v.month = r.month AND v.number = r.number "
                + $"WHERE v.outlet_id = '{outlet}' AND r.state = 'issued' ORDER BY r.receipt_number");
            Assert.Equal(Enumerable.Range(1, numbers.Count).Select(number => number.ToString()), numbers);
        }

        Assert.Equal("24", await site.ValueAsync("SELECT count(*) FROM vend.vend_results WHERE state = 'issued'"));
        Assert.Null(await one.VerifyLedgerAsync());
    }

    [Fact]
    public async Task Begin_FreeUnitsAndBlocks_GoOnFromVendToVend()
    {
        await using var site = await TestStore.CreateAsync(server);
        await using var store = await site.OpenAsync();
        var request = Credit(tender: 24_000) with { Pan = TestStore.SecondPan };

        var first = await SellAsync(store, "vend-0001", request);
        var second = await SellAsync(store, "vend-0002", request with { TenderMinor = 6_000 });

        // A quarter pays arrears of 30.00 first: 210.00 buy 100 units at 2.00 and 2.5 at 4.00; then 60.00 buy 15 at
        // 4.00.
        Assert.Equal((102.5m, 15m), (first.Plan.Quote!.Units, second.Plan.Quote!.Units));
        Assert.Equal([TokenPurpose.Free, TokenPurpose.Credit], first.Plan.Orders.Select(order => order.Purpose));
        Assert.Equal([TokenPurpose.Credit], second.Plan.Orders.Select(order => order.Purpose));
        Assert.Equal("operator:ben", first.Plan.ApprovedBy);
    }

    [Fact]
    public async Task Finish_KeyChangeSet_MeterRemembersItAndTheNextVendRepeatsIt()
    {
        await using var site = await TestStore.CreateAsync(server);
        await using var store = await site.OpenAsync();
        await site.ExecuteAsync("UPDATE ref.supply_groups SET current_key_revision = 2");

        var first = await SellAsync(store, "vend-0001", Credit(tender: 1_000));
        var second = await SellAsync(store, "vend-0002", Credit(tender: 1_000));

        Assert.Equal([TokenPurpose.KeyChange, TokenPurpose.Credit], first.Plan.Orders.Select(order => order.Purpose));
        Assert.Equal(3, first.Tokens.Count);
        Assert.Equal(("vend-0001", 999), (second.Plan.RepeatedKeyChange, Assert.Single(second.Plan.Orders).Register));
    }

    [Fact]
    public async Task Begin_KeyChangeWithoutOutcome_NoSecondSet()
    {
        await using var site = await TestStore.CreateAsync(server);
        await using var store = await site.OpenAsync();
        await site.ExecuteAsync("UPDATE ref.supply_groups SET current_key_revision = 2");
        _ = await store.BeginAsync("vend-0001", Credit(tender: 1_000), Till, "api");

        var second = await store.BeginAsync("vend-0002", Credit(tender: 1_000), Till, "api");

        Assert.Equal(ErrorCodes.KeyChangeNotConfirmed, second.Refusal!.Code);
    }

    [Fact]
    public async Task Approve_Replacement_OncePerVersionAndWithANewIdentifier()
    {
        await using var site = await TestStore.CreateAsync(server);
        await using var store = await site.OpenAsync();
        var sold = await SellAsync(store, "vend-0001");
        var asked = (await store.BeginAsync(
            "repl-0001", new ReplacementRequest("vend-0001", "lost", null), Till, "api")).Vend!;
        var open = await store.BeginAsync(
            "repl-0002", new ReplacementRequest("vend-0001", "lost again", null), Till, "api");

        var blind = await store.ApproveAsync("repl-0001", Supervisor, null);
        var stale = await store.ApproveAsync("repl-0001", Supervisor, asked.Version + 1);
        var own = await store.ApproveAsync("repl-0001", Till, asked.Version);
        var approved = await store.ApproveAsync("repl-0001", Supervisor, asked.Version);
        var twice = await store.ApproveAsync("repl-0001", Supervisor, asked.Version + 1);

        Assert.Equal((VendState.AwaitingApproval, ErrorCodes.ReplacementOpen), (asked.State, open.Refusal!.Code));
        Assert.Equal(
            (ErrorCodes.VersionNeeded, ErrorCodes.VersionMismatch), (blind.Refusal!.Code, stale.Refusal!.Code));
        Assert.Equal((ErrorCodes.SecondPersonNeeded, ErrorCodes.NotAwaitingApproval),
            (own.Refusal!.Code, twice.Refusal!.Code));
        Assert.True(approved.TryGet(out var pending, out _));
        var issued = await store.FinishAsync(pending, TokensOf(pending), null, true);
        Assert.True(issued.Plan.Orders[0].Identifier > sold.Plan.Orders[0].Identifier);
        var stored = (await store.FindAsync("repl-0001"))!;
        Assert.Equal((VendState.Issued, "operator:ben", "key:till"),
            (stored.State, stored.Plan.ApprovedBy, stored.Plan.RequestedBy.CallerId));
        Assert.Equal(
            "90200", await site.ValueAsync("SELECT balance_minor FROM ledger.accounts WHERE code = 'wallet:v1'"));
    }

    [Fact]
    public async Task Reverse_BeforeAndAfterRelease_OnlyBefore()
    {
        await using var site = await TestStore.CreateAsync(server);
        await using var store = await site.OpenAsync();
        var pending = (await store.BeginAsync("vend-0001", Credit(), Till, "api")).Vend!;
        var unseen = (await store.BeginAsync("vend-0002", Credit(), Till, "api")).Vend!;
        _ = await store.FinishAsync(unseen, TokensOf(unseen), null, releases: false);
        _ = await SellAsync(store, "vend-0003");

        var first = await store.ReverseAsync("vend-0001", Till, "customer left");
        var second = await store.ReverseAsync("vend-0002", Till, "customer left");
        var third = await store.ReverseAsync("vend-0003", Till, "customer left");
        var late = await store.FinishAsync(pending, TokensOf(pending), null, true);

        Assert.True(first.TryGet(out var one, out _) && second.TryGet(out var two, out _) && one.State == two.State
            && two.State == VendState.Reversed);
        Assert.Equal(ErrorCodes.TokenReleased, third.Refusal!.Code);
        Assert.Equal((VendState.Reversed, 0), (late.State, late.Tokens.Count));
        Assert.Empty((await store.FindAsync("vend-0002"))!.Tokens);
        Assert.Equal(
            "90200", await site.ValueAsync("SELECT balance_minor FROM ledger.accounts WHERE code = 'wallet:v1'"));
        // The token of vend-0002 exists: its identifier stays used.
        Assert.Equal("2", await site.ValueAsync("SELECT count(*) FROM vend.token_identifiers"));
        Assert.Null(await store.VerifyLedgerAsync());
    }

    [Fact]
    public async Task Find_ByToken_GivesTheVend()
    {
        await using var site = await TestStore.CreateAsync(server);
        await using var store = await site.OpenAsync();
        var vend = await SellAsync(store, "vend-0001");

        Assert.Equal("vend-0001", Assert.Single(await store.FindAsync(vend.Tokens[0].Token)).Id);
        Assert.Empty(await store.FindAsync(SandboxMeter.Token("nobody", 0)));
    }

    [Fact]
    public async Task Begin_ClockBehindTheLastHeartbeat_NothingIsStored()
    {
        await using var site = await TestStore.CreateAsync(server);
        var clock = new ClockCheck(TimeSpan.FromMinutes(5), TimeSpan.FromDays(7));
        await using var store = await site.OpenAsync(new VendStoreOptions { Clock = clock });
        await store.BeatAsync("one");
        site.Time.AdjustTime(TestStore.Start.AddHours(-1));

        var outcome = await store.BeginAsync("vend-0001", Credit(), Till, "api");

        Assert.Equal(ErrorCodes.ClockBehind, outcome.Refusal!.Code);
        Assert.Null(await store.FindAsync("vend-0001"));
    }

    [Fact]
    public async Task Commit_EveryOutcome_HasItsAuditEntryAndMessage()
    {
        await using var site = await TestStore.CreateAsync(server);
        await using var store = await site.OpenAsync();
        _ = await SellAsync(store, "vend-0001");
        var refused = (await store.BeginAsync("vend-0002", Credit(), Till, "api")).Vend!;
        _ = await store.FinishAsync(refused, null, new Refusal(ErrorCodes.ModuleRefused), true);

        Assert.Equal(["intent", "issued", "intent", "refused"],
            await site.ValuesAsync("SELECT kind FROM audit.audit_queue ORDER BY id"));
        Assert.Equal(
            ["vend.issued", "vend.refused"], await site.ValuesAsync("SELECT topic FROM ops.outbox ORDER BY id"));
    }

    [Fact]
    public async Task Number_QueueWithALateTransaction_NumbersWithoutGapsOrLoss()
    {
        await using var site = await TestStore.CreateAsync(server);
        await using var one = await site.OpenAsync();
        await using var two = await site.OpenAsync();
        _ = await SellAsync(one, "vend-0001");
        _ = await SellAsync(two, "vend-0002");
        // An entry of a transaction that began first and commits last.
        await site.ExecuteAsync(
            "UPDATE audit.audit_queue SET id = 1000 WHERE id = (SELECT min(id) FROM audit.audit_queue)");

        var counts = await Task.WhenAll(Enumerable.Range(0, 8)
            .Select(i => Retried(() => new AuditSequencer(i % 2 == 0 ? one : two).NumberAsync(3))));
        var numbered = counts.Sum();
        while (numbered < 4)
            numbered += await new AuditSequencer(one).NumberAsync(3);

        Assert.Equal(["0", "1", "2", "3"],
            await site.ValuesAsync("SELECT sequence FROM audit.audit_entries ORDER BY sequence"));
        Assert.Equal("0", await site.ValueAsync("SELECT count(*) FROM audit.audit_queue"));
        Assert.Equal(4, numbered);
    }

    [Theory]
    [InlineData("UPDATE ledger.postings SET debit_minor = debit_minor + 1 WHERE debit_minor > 0")]
    [InlineData("DELETE FROM ledger.journal_entries")]
    [InlineData("UPDATE vend.vend_ids SET id = 'x'")]
    [InlineData("UPDATE ledger.accounts SET balance_minor = -1 WHERE code = 'wallet:v1'")]
    [InlineData("UPDATE ref.supply_group_keys SET register = 1000")]
    public async Task Rules_OfTheTables_HoldAgainstEverybody(string sql)
    {
        await using var site = await TestStore.CreateAsync(server);
        await using var store = await site.OpenAsync();
        _ = await SellAsync(store, "vend-0001");

        _ = await Assert.ThrowsAnyAsync<System.Data.Common.DbException>(() => site.ExecuteAsync(sql));

        Assert.Null(await store.VerifyLedgerAsync());
    }

    internal static CreditRequest Credit(long tender = 10_000) =>
        new(TestStore.Pan, tender, null, "counter", "v1", null, null, null);

    internal static Caller Seller => Till;

    internal static async Task<StoredVend> SellAsync(VendStore store, string id, CreditRequest? request = null)
    {
        var outcome = await store.BeginAsync(id, request ?? Credit(), Till, "api");
        Assert.True(outcome.Vend is not null, outcome.Refusal?.Code.Text);
        return await store.FinishAsync(outcome.Vend, TokensOf(outcome.Vend), null, releases: true);
    }

    internal static IReadOnlyList<VendToken> TokensOf(StoredVend vend) =>
    [
        .. vend.Plan.Orders.SelectMany((order, at) => Enumerable.Range(0, order.Count)
            .Select(part => new VendToken(at, part, SandboxMeter.Token(vend.Id, (at * 10) + part)))),
    ];

    // On two stores a row may be held for longer than the time-out: the client sends the same id again.
    private static async Task<T> Retried<T>(Func<Task<T>> work)
    {
        while (true)
        {
            try
            {
                return await work();
            }
            catch (StoreException error) when (error.Fault == StoreFault.Busy)
            {
                await Task.Delay(20);
            }
        }
    }

    private static async Task<BeginOutcome?> TryAsync(Func<Task<BeginOutcome>> work) => await Retried(work);
}

/// <summary>The contract on SQLite files.</summary>
public sealed class SqliteVendStoreTests() : VendStoreContract(null)
{
    [Fact]
    public async Task Finish_Token_IsNowhereInTheFilesInClear()
    {
        await using var site = await TestStore.CreateAsync(null);
        StoredVend vend;
        await using (var store = await site.OpenAsync())
            vend = await SellAsync(store, "vend-0001");

        var octets = site.Octets();
        Assert.True(octets.AsSpan().IndexOf(System.Text.Encoding.ASCII.GetBytes("vend-0001")) >= 0);
        Assert.True(octets.AsSpan().IndexOf(System.Text.Encoding.ASCII.GetBytes(vend.Tokens[0].Token.ToString())) < 0);
    }
}
