using Microsoft.EntityFrameworkCore;

namespace OpenSts.Vending.Data.Entities;

/// <summary>Master data for what is not hot. It names no provider; the tables are those of the SQL scripts.</summary>
/// <param name="options">With PostgreSQL or SQLite.</param>
public sealed class VendingDbContext(DbContextOptions<VendingDbContext> options) : DbContext(options)
{
    public DbSet<VendorEntity> Vendors => Set<VendorEntity>();

    public DbSet<CustomerEntity> Customers => Set<CustomerEntity>();

    public DbSet<SupplyGroupEntity> SupplyGroups => Set<SupplyGroupEntity>();

    public DbSet<TariffEntity> Tariffs => Set<TariffEntity>();

    public DbSet<MeterEntity> Meters => Set<MeterEntity>();

    public DbSet<SettingsEntity> Settings => Set<SettingsEntity>();

    public DbSet<ApiKeyEntity> ApiKeys => Set<ApiKeyEntity>();

    /// <inheritdoc/>
    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        ArgumentNullException.ThrowIfNull(modelBuilder);
        _ = modelBuilder.ApplyConfigurationsFromAssembly(typeof(VendingDbContext).Assembly);
        StoreConversions.Apply(
            modelBuilder, isSqlite: Database.ProviderName == "Microsoft.EntityFrameworkCore.Sqlite");
    }
}
