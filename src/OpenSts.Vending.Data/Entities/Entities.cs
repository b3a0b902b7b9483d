using OpenSts.Vending.Customers;
using OpenSts.Vending.Meters;
using OpenSts.Vending.SupplyGroups;
using OpenSts.Vending.Tariffs;

namespace OpenSts.Vending.Data.Entities;

/// <summary>A row of <c>ref.vendors</c>.</summary>
public sealed class VendorEntity
{
    public required string Id { get; set; }

    public required string Name { get; set; }

    public long FloorMinor { get; set; }

    public decimal CommissionPercent { get; set; }

    public bool Active { get; set; } = true;

    public long Version { get; set; } = 1;

    public ICollection<OutletEntity> Outlets { get; } = [];
}

/// <summary>A row of <c>ref.outlets</c>.</summary>
public sealed class OutletEntity
{
    public required string VendorId { get; set; }

    public required string Id { get; set; }

    public short Position { get; set; }

    public required string Name { get; set; }

    public bool Active { get; set; } = true;
}

/// <summary>A row of <c>ref.customers</c>.</summary>
public sealed class CustomerEntity
{
    public required string Id { get; set; }

    public required string Name { get; set; }

    public required string Account { get; set; }

    public string Address { get; set; } = "";

    public string Phone { get; set; } = "";

    public ArrearsRule? ArrearsRule { get; set; }

    public decimal? ArrearsValue { get; set; }

    public decimal? ArrearsKeepUnits { get; set; }

    public decimal? FreeUnits { get; set; }

    public string? FreeEvidence { get; set; }

    public DateOnly? FreeExpires { get; set; }

    public string? FreeRegisteredBy { get; set; }

    public string? FreeApprovedBy { get; set; }

    public DateTimeOffset? ErasedAt { get; set; }

    public long Version { get; set; } = 1;
}

/// <summary>A row of <c>ref.supply_groups</c>.</summary>
public sealed class SupplyGroupEntity
{
    public required string Code { get; set; }

    public required string Name { get; set; }

    public short CurrentKeyRevision { get; set; }

    public KeyChangePolicy KeyChangePolicy { get; set; }

    public long Version { get; set; } = 1;

    public ICollection<SupplyGroupKeyEntity> Keys { get; } = [];
}

/// <summary>A row of <c>ref.supply_group_keys</c>.</summary>
public sealed class SupplyGroupKeyEntity
{
    public required string SupplyGroup { get; set; }

    public short KeyRevision { get; set; }

    public KeyType KeyType { get; set; }

    public short KeyExpiryNumber { get; set; }

    public short BaseDate { get; set; }

    public short Register { get; set; }

    public DateTimeOffset? IssuedUntil { get; set; }
}

/// <summary>A row of <c>ref.tariffs</c>.</summary>
public sealed class TariffEntity
{
    public required string Id { get; set; }

    public CreditService Service { get; set; }

    public ICollection<TariffVersionEntity> Versions { get; } = [];
}

/// <summary>A row of <c>ref.tariff_versions</c>.</summary>
public sealed class TariffVersionEntity
{
    public required string TariffId { get; set; }

    public int Version { get; set; }

    public required string Name { get; set; }

    public TariffState State { get; set; }

    public DateOnly EffectiveFrom { get; set; }

    public decimal FixedChargesCapPercent { get; set; } = 100;

    public decimal TaxPercent { get; set; }

    public decimal MinimumTender { get; set; }

    public decimal MaximumTender { get; set; }

    public decimal? DailyMaximum { get; set; }

    public required string WrittenBy { get; set; }

    public string? ActivatedBy { get; set; }

    public DateTimeOffset? ActivatedAt { get; set; }

    public ICollection<TariffBlockEntity> Blocks { get; } = [];

    public ICollection<TariffFixedChargeEntity> FixedCharges { get; } = [];

    public ICollection<TariffChannelFeeEntity> ChannelFees { get; } = [];
}

/// <summary>A row of <c>ref.tariff_blocks</c>.</summary>
public sealed class TariffBlockEntity
{
    public required string TariffId { get; set; }

    public int TariffVersion { get; set; }

    public short Position { get; set; }

    public decimal? UpTo { get; set; }

    public decimal Rate { get; set; }
}

/// <summary>A row of <c>ref.tariff_fixed_charges</c>.</summary>
public sealed class TariffFixedChargeEntity
{
    public required string TariffId { get; set; }

    public int TariffVersion { get; set; }

    public short Position { get; set; }

    public required string Name { get; set; }

    public decimal Amount { get; set; }

    public ChargePeriod Period { get; set; }
}

/// <summary>A row of <c>ref.tariff_channel_fees</c>.</summary>
public sealed class TariffChannelFeeEntity
{
    public required string TariffId { get; set; }

    public int TariffVersion { get; set; }

    public required string Channel { get; set; }

    public decimal Amount { get; set; }

    public decimal Percent { get; set; }
}

/// <summary>A row of <c>ref.meters</c>.</summary>
public sealed class MeterEntity
{
    public required string Pan { get; set; }

    public required string Drn { get; set; }

    public required string SupplyGroup { get; set; }

    public short KeyRevision { get; set; }

    public KeyType KeyType { get; set; }

    public required string TariffIndex { get; set; }

    public string? NextSupplyGroup { get; set; }

    public short? NextKeyRevision { get; set; }

    public KeyType? NextKeyType { get; set; }

    public string? NextTariffIndex { get; set; }

    public string? KeyChangeVend { get; set; }

    public EncryptionAlgorithm EncryptionAlgorithm { get; set; }

    public short TokenCarrierType { get; set; }

    public CreditService Service { get; set; }

    public TokenForm TokenForm { get; set; }

    public required string TariffId { get; set; }

    public string? CustomerId { get; set; }

    public MeterState State { get; set; }

    public string StateReason { get; set; } = "";

    public DateOnly ChargesFrom { get; set; }

    public short KeyChangeTokens { get; set; }

    public SandboxOutcome? Sandbox { get; set; }

    public long Version { get; set; } = 1;
}

/// <summary>A row of <c>ref.utility_settings</c>.</summary>
public sealed class SettingsEntity
{
    public long Version { get; set; }

    public DateTimeOffset ChangedAt { get; set; }

    public required string ChangedBy { get; set; }

    public string? SecondPerson { get; set; }

    public required string Reason { get; set; }

    public required string UtilityName { get; set; }

    public required string UtilityAddress { get; set; }

    public required string TaxNumber { get; set; }

    public required string Currency { get; set; }

    public short CurrencyDecimals { get; set; }

    public required string TimeZone { get; set; }

    public required string HelpLine { get; set; }

    public required string ReceiptMessage { get; set; }

    public short TokensPerHour { get; set; }

    public short MaxReplacements { get; set; }
}

/// <summary>A row of <c>ops.api_keys</c>.</summary>
public sealed class ApiKeyEntity
{
    public required string Id { get; set; }

    public required string Name { get; set; }

    public required byte[] SecretHash { get; set; }

    public required string OwnerId { get; set; }

    public string? VendorId { get; set; }

    public required string Scopes { get; set; }

    public DateTimeOffset CreatedAt { get; set; }

    public DateTimeOffset ExpiresAt { get; set; }

    public DateTimeOffset? RevokedAt { get; set; }

    public DateTimeOffset? LastUsedAt { get; set; }
}
