using Microsoft.EntityFrameworkCore;
using OpenSts.Vending.Data.Entities;
using OpenSts.Vending.Data.Tests.Vends;

namespace OpenSts.Vending.Data.Tests.Entities;

public sealed class VendingDbContextTests(PostgresFixture fixture) : IClassFixture<PostgresFixture>
{
    private readonly PostgresServer _server = fixture.Required();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Model_OnARealStore_HasTheTablesColumnsAndNullability(bool postgres)
    {
        await using var site = await TestStore.CreateAsync(postgres ? _server : null);
        await using var context = Open(site);
        var stored = await site.ValuesAsync(postgres
            ? "SELECT table_name || '.' || column_name || CASE is_nullable WHEN 'YES' THEN '?' ELSE '' END "
                + "FROM information_schema.columns "
                + "WHERE table_schema IN ('ref', 'ops')"
            : "SELECT m.name || '.' || c.name || CASE c.\"notnull\" WHEN 0 THEN '?' ELSE '' END FROM sqlite_master m "
                + "JOIN pragma_table_info(m.name) c WHERE m.type = 'table'");

        foreach (var entity in context.Model.GetEntityTypes())
        {
            var table = entity.GetTableName()!;
            var mapped = entity.GetProperties()
                .Select(property => table + "." + property.GetColumnName() + (property.IsNullable ? "?" : ""));
            Assert.Equal(stored.Where(column => column.StartsWith(table + ".", StringComparison.Ordinal))
                .Order(StringComparer.Ordinal), mapped.Order(StringComparer.Ordinal));
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Save_MasterData_IsWhatVendsArePlannedFrom(bool postgres)
    {
        await using var site = await TestStore.CreateAsync(postgres ? _server : null);
        await using (var context = Open(site))
        {
            var version = new TariffVersionEntity
            {
                TariffId = "home",
                Version = 2,
                Name = "Home 2",
                State = OpenSts.Vending.Tariffs.TariffState.Active,
                EffectiveFrom = new DateOnly(2026, 11, 28),
                MinimumTender = 1,
                MaximumTender = 1_000,
                WrittenBy = "operator:ann",
                ActivatedBy = "operator:ben",
                ActivatedAt = new DateTimeOffset(2026, 11, 27, 10, 0, 0, TimeSpan.FromHours(2)),
            };
            version.Blocks.Add(
                new TariffBlockEntity { TariffId = "home", TariffVersion = 2, Position = 1, Rate = 0.5m });
            _ = context.Add(version);
            _ = await context.SaveChangesAsync(TestContext.Current.CancellationToken);
        }

        await using var store = await site.OpenAsync();
        var vend = await VendStoreContract.SellAsync(store, "vend-0001", VendStoreContract.Credit(tender: 5_000));

        Assert.Equal((100m, 2), (vend.Plan.Quote!.Units, vend.Plan.Parties.TariffVersion!.Value));
        await using var later = Open(site);
        var read = await later.Tariffs.Include(tariff => tariff.Versions).ThenInclude(item => item.Blocks)
            .SingleAsync(TestContext.Current.CancellationToken);
        Assert.Equal(new DateTimeOffset(2026, 11, 27, 8, 0, 0, TimeSpan.Zero),
            read.Versions.Single(item => item.Version == 2).ActivatedAt);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Save_TwoChangesOfOneVersion_TheSecondIsRefused(bool postgres)
    {
        await using var site = await TestStore.CreateAsync(postgres ? _server : null);
        await using var one = Open(site);
        await using var two = Open(site);
        var (first, second) = (await one.Vendors.FindAsync(["v1"], TestContext.Current.CancellationToken),
            await two.Vendors.FindAsync(["v1"], TestContext.Current.CancellationToken));
        (first!.Name, first.Version) = ("First", 2);
        (second!.Name, second.Version) = ("Second", 2);
        _ = await one.SaveChangesAsync(TestContext.Current.CancellationToken);

        _ = await Assert.ThrowsAsync<DbUpdateConcurrencyException>(() =>
            two.SaveChangesAsync(TestContext.Current.CancellationToken));

        Assert.Equal("First", await site.ValueAsync("SELECT name FROM ref.vendors WHERE id = 'v1'"));
    }

    private static VendingDbContext Open(TestStore site)
    {
        var builder = new DbContextOptionsBuilder<VendingDbContext>();
        _ = site.IsPostgres ? builder.UseNpgsql(site.Connection) : builder.UseSqlite(site.Connection);
        return new VendingDbContext(builder.Options);
    }
}
