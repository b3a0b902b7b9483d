using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace OpenSts.Vending.Data.Entities;

internal sealed class VendorConfiguration : IEntityTypeConfiguration<VendorEntity>
{
    public void Configure(EntityTypeBuilder<VendorEntity> builder)
    {
        _ = builder.ToTable("vendors", "ref").HasKey(vendor => vendor.Id);
        _ = builder.Property(vendor => vendor.Version).IsConcurrencyToken();
        _ = builder.HasMany(vendor => vendor.Outlets).WithOne().HasForeignKey(outlet => outlet.VendorId);
    }
}

internal sealed class OutletConfiguration : IEntityTypeConfiguration<OutletEntity>
{
    public void Configure(EntityTypeBuilder<OutletEntity> builder) =>
        builder.ToTable("outlets", "ref").HasKey(outlet => new { outlet.VendorId, outlet.Id });
}

internal sealed class CustomerConfiguration : IEntityTypeConfiguration<CustomerEntity>
{
    public void Configure(EntityTypeBuilder<CustomerEntity> builder)
    {
        _ = builder.ToTable("customers", "ref").HasKey(customer => customer.Id);
        _ = builder.Property(customer => customer.Version).IsConcurrencyToken();
    }
}

internal sealed class SupplyGroupConfiguration : IEntityTypeConfiguration<SupplyGroupEntity>
{
    public void Configure(EntityTypeBuilder<SupplyGroupEntity> builder)
    {
        _ = builder.ToTable("supply_groups", "ref").HasKey(group => group.Code);
        _ = builder.Property(group => group.Version).IsConcurrencyToken();
        _ = builder.HasMany(group => group.Keys).WithOne().HasForeignKey(key => key.SupplyGroup);
    }
}

internal sealed class SupplyGroupKeyConfiguration : IEntityTypeConfiguration<SupplyGroupKeyEntity>
{
    public void Configure(EntityTypeBuilder<SupplyGroupKeyEntity> builder) =>
        builder.ToTable("supply_group_keys", "ref")
            .HasKey(key => new { key.SupplyGroup, key.KeyRevision, key.KeyType });
}

internal sealed class TariffConfiguration : IEntityTypeConfiguration<TariffEntity>
{
    public void Configure(EntityTypeBuilder<TariffEntity> builder)
    {
        _ = builder.ToTable("tariffs", "ref").HasKey(tariff => tariff.Id);
        _ = builder.HasMany(tariff => tariff.Versions).WithOne().HasForeignKey(version => version.TariffId);
    }
}

internal sealed class TariffVersionConfiguration : IEntityTypeConfiguration<TariffVersionEntity>
{
    public void Configure(EntityTypeBuilder<TariffVersionEntity> builder)
    {
        _ = builder.ToTable("tariff_versions", "ref").HasKey(version => new { version.TariffId, version.Version });
        _ = builder.HasMany(version => version.Blocks).WithOne()
            .HasForeignKey(block => new { block.TariffId, block.TariffVersion });
        _ = builder.HasMany(version => version.FixedCharges).WithOne()
            .HasForeignKey(charge => new { charge.TariffId, charge.TariffVersion });
        _ = builder.HasMany(version => version.ChannelFees).WithOne()
            .HasForeignKey(fee => new { fee.TariffId, fee.TariffVersion });
    }
}

internal sealed class TariffBlockConfiguration : IEntityTypeConfiguration<TariffBlockEntity>
{
    public void Configure(EntityTypeBuilder<TariffBlockEntity> builder) =>
        builder.ToTable("tariff_blocks", "ref")
            .HasKey(block => new { block.TariffId, block.TariffVersion, block.Position });
}

internal sealed class TariffFixedChargeConfiguration : IEntityTypeConfiguration<TariffFixedChargeEntity>
{
    public void Configure(EntityTypeBuilder<TariffFixedChargeEntity> builder) =>
        builder.ToTable("tariff_fixed_charges", "ref")
        .HasKey(charge => new { charge.TariffId, charge.TariffVersion, charge.Position });
}

internal sealed class TariffChannelFeeConfiguration : IEntityTypeConfiguration<TariffChannelFeeEntity>
{
    public void Configure(EntityTypeBuilder<TariffChannelFeeEntity> builder) =>
        builder.ToTable("tariff_channel_fees", "ref")
        .HasKey(fee => new { fee.TariffId, fee.TariffVersion, fee.Channel });
}

internal sealed class MeterConfiguration : IEntityTypeConfiguration<MeterEntity>
{
    public void Configure(EntityTypeBuilder<MeterEntity> builder)
    {
        _ = builder.ToTable("meters", "ref").HasKey(meter => meter.Pan);
        _ = builder.Property(meter => meter.Version).IsConcurrencyToken();
        _ = builder.HasOne<SupplyGroupEntity>().WithMany().HasForeignKey(meter => meter.SupplyGroup);
        _ = builder.HasOne<SupplyGroupEntity>().WithMany().HasForeignKey(meter => meter.NextSupplyGroup);
        _ = builder.HasOne<CustomerEntity>().WithMany().HasForeignKey(meter => meter.CustomerId);
    }
}

internal sealed class SettingsConfiguration : IEntityTypeConfiguration<SettingsEntity>
{
    public void Configure(EntityTypeBuilder<SettingsEntity> builder)
    {
        _ = builder.ToTable("utility_settings", "ref").HasKey(settings => settings.Version);
        _ = builder.Property(settings => settings.Version).ValueGeneratedNever();
    }
}

internal sealed class ApiKeyConfiguration : IEntityTypeConfiguration<ApiKeyEntity>
{
    public void Configure(EntityTypeBuilder<ApiKeyEntity> builder) =>
        builder.ToTable("api_keys", "ops").HasKey(key => key.Id);
}
