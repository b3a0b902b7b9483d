using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using OpenSts.Vending.Contracts.Json;
using OpenSts.Vending.Contracts.Meters;

namespace OpenSts.Vending.Contracts.Money;

/// <summary>Whether a version is sold by.</summary>
[JsonConverter(typeof(KebabEnumConverter<TariffResourceState>))]
public enum TariffResourceState
{
    /// <summary>Can be tried, not sold by.</summary>
    Draft,

    /// <summary>In force from its date.</summary>
    Active,
}

/// <summary>How often a fixed charge falls due.</summary>
[JsonConverter(typeof(KebabEnumConverter<ChargeInterval>))]
public enum ChargeInterval
{
    /// <summary>With each day.</summary>
    Daily,

    /// <summary>With the first day of each month.</summary>
    Monthly,
}

/// <summary>A step of an inclining block tariff.</summary>
public sealed record TariffBlockResource
{
    /// <summary>The units of the month up to which the rate holds; null for the last block.</summary>
    [DecimalText("0.000001", "1000000000")]
    public string? UpTo { get; init; }

    /// <summary>Money for one unit, without tax.</summary>
    [Required]
    [DecimalText("0.000001", "1000000000")]
    public string? Rate { get; init; }
}

/// <summary>A charge that falls due with time.</summary>
public sealed record FixedChargeResource
{
    /// <summary>As the receipt shows it.</summary>
    [Required]
    [PlainText(1, 40)]
    public string? Name { get; init; }

    /// <summary>Money for each period, without tax.</summary>
    [Required]
    [DecimalText("0", "100000000")]
    public string? Amount { get; init; }

    /// <summary>How often.</summary>
    [Required]
    public ChargeInterval? Period { get; init; }
}

/// <summary>What a channel costs the customer.</summary>
public sealed record ChannelFeeResource
{
    /// <summary>The channel's name.</summary>
    [Required]
    [PlainText(1, 20)]
    public string? Channel { get; init; }

    /// <summary>Money for each vend, without tax; null in a request for 0.</summary>
    [DecimalText("0", "100000000")]
    public string? Amount { get; init; }

    /// <summary>Percent of the tender, in addition; null in a request for 0.</summary>
    [DecimalText("0", "100")]
    public string? Percent { get; init; }
}

/// <summary>A version of a tariff.</summary>
public sealed record TariffResource
{
    /// <summary>Set by the path in a request.</summary>
    public string? Id { get; init; }

    /// <summary>Set by the server: 1 and up.</summary>
    public int? Version { get; init; }

    /// <summary>For people.</summary>
    [Required]
    [PlainText(1, 100)]
    public string? Name { get; init; }

    /// <summary>Null in a request for electricity.</summary>
    public MeterService? Service { get; init; }

    /// <summary>The first local day on which it is sold by.</summary>
    [Required]
    public DateOnly? EffectiveFrom { get; init; }

    /// <summary>Blocks whose bounds rise; only the last has none.</summary>
    [Required]
    [MinLength(1)]
    [MaxLength(20)]
    public IReadOnlyList<TariffBlockResource>? Blocks { get; init; }

    /// <summary>Charges that are collected first; null for none.</summary>
    [MaxLength(20)]
    public IReadOnlyList<FixedChargeResource>? FixedCharges { get; init; }

    /// <summary>The most of a purchase that fixed charges may take, percent; null in a request for 100.</summary>
    [DecimalText("0", "100")]
    public string? FixedChargesCapPercent { get; init; }

    /// <summary>Fees of channels; null for none.</summary>
    [MaxLength(20)]
    public IReadOnlyList<ChannelFeeResource>? Fees { get; init; }

    /// <summary>Percent; null in a request for 0.</summary>
    [DecimalText("0", "100")]
    public string? TaxPercent { get; init; }

    /// <summary>The least that may be tendered; null in a request for 0.</summary>
    [DecimalText("0", "100000000")]
    public string? Minimum { get; init; }

    /// <summary>The most that may be tendered in one vend; null in a request for 1000000.</summary>
    [DecimalText("0", "100000000")]
    public string? Maximum { get; init; }

    /// <summary>The most for a meter in one local day; null for no limit.</summary>
    [DecimalText("0", "100000000")]
    public string? DailyMaximum { get; init; }

    /// <summary>Set by the server.</summary>
    public TariffResourceState? State { get; init; }

    /// <summary>Set by the server: who wrote it.</summary>
    public string? WrittenBy { get; init; }

    /// <summary>Set by the server: the second person.</summary>
    public string? ActivatedBy { get; init; }
}

/// <summary>A price by a tariff, for trying: <c>POST /v1/tariffs/{id}/trials</c>.</summary>
public sealed record TariffTrialRequest
{
    /// <summary>Money.</summary>
    [Required]
    [DecimalText("0", "100000000")]
    public string? Tender { get; init; }

    /// <summary>Units bought before in the month; null for 0.</summary>
    [DecimalText("0", "100000000")]
    public string? BoughtThisMonth { get; init; }

    /// <summary>Fixed charges due; null for 0.</summary>
    [DecimalText("0", "100000000")]
    public string? FixedChargesDue { get; init; }

    /// <summary>Null for counter.</summary>
    [PlainText(1, 20)]
    public string? Channel { get; init; }
}
