using Npgsql;
using OpenSts.Vending.Data.Stores;
using OpenSts.Vending.Data.Vends;

namespace OpenSts.Vending.Data.Tests.Vends;

/// <summary>The contract on a real PostgreSQL, and what only it can show.</summary>
public sealed class PostgresVendStoreTests(PostgresFixture fixture)
    : VendStoreContract(fixture.Required()), IClassFixture<PostgresFixture>
{
    private readonly PostgresServer _server = fixture.Required();

    [Theory]
    [InlineData("SELECT 1 FROM ref.meters WHERE pan = '{0}' FOR UPDATE", Label = "the meter's row")]
    [InlineData("SELECT 1 FROM ledger.accounts WHERE code = 'wallet:v1' FOR UPDATE", Label = "the wallet's row")]
    public async Task Begin_AnotherSessionHoldsARow_OnlyVendsThatNeedItWait(string hold)
    {
        await using var site = await TestStore.CreateAsync(_server);
        await using var store = await site.OpenAsync(new VendStoreOptions { LockTimeout = TimeSpan.FromSeconds(4) });
        await using var session = new NpgsqlConnection(site.Connection);
        await session.OpenAsync(TestContext.Current.CancellationToken);
        await using var transaction = await session.BeginTransactionAsync(TestContext.Current.CancellationToken);
        await using (var command = new NpgsqlCommand(string.Format(hold, TestStore.Pan), session, transaction))
            _ = await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);

        var held = store.BeginAsync("vend-held", Credit(), Seller, "api");
        var free = Credit(tender: 100) with { Pan = TestStore.SecondPan, Vendor = "v2" };
        for (var i = 0; i < 20; i++)
            Assert.NotNull((await store.BeginAsync($"vend-{i:D4}", free, Seller, "api")).Vend);

        Assert.False(held.IsCompleted);
        var error = await Assert.ThrowsAsync<StoreException>(() => held);
        Assert.Equal(StoreFault.Busy, error.Fault);
        Assert.Null(await store.FindAsync("vend-held"));
        await transaction.RollbackAsync(TestContext.Current.CancellationToken);
        Assert.NotNull((await store.BeginAsync("vend-held", Credit(), Seller, "api")).Vend);
    }

    [Fact]
    public async Task Begin_DatabaseStopsAndComesBack_UnavailableThenTheSameIdGoesOn()
    {
        using var server = PostgresServer.TryStart()!;
        await using var site = await TestStore.CreateAsync(server);
        await using var store = await site.OpenAsync();
        var first = await SellAsync(store, "vend-0001");
        server.Crash();

        var error = await Assert.ThrowsAsync<StoreException>(() =>
            store.BeginAsync("vend-0002", Credit(), Seller, "api"));
        server.Start();

        Assert.Contains(error.Fault, new[] { StoreFault.Unavailable, StoreFault.CommitUnknown });
        Assert.Equal(first.Tokens, (await store.FindAsync("vend-0001"))!.Tokens);
        _ = await SellAsync(store, "vend-0002");
        Assert.Null(await store.VerifyLedgerAsync());
    }
}

/// <summary>PostgreSQL, which the tests of this project need.</summary>
internal static class PostgresFixtures
{
    public static PostgresServer Required(this PostgresFixture fixture) =>
        fixture.Server ?? throw new InvalidOperationException("PostgreSQL is not installed; see CONTRIBUTING.md.");
}
