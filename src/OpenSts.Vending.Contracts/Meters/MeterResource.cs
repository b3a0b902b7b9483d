using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using OpenSts.Vending.Contracts.Json;

namespace OpenSts.Vending.Contracts.Meters;

/// <summary>Whether a meter can be sold to.</summary>
[JsonConverter(typeof(KebabEnumConverter<MeterResourceState>))]
public enum MeterResourceState
{
    /// <summary>It can.</summary>
    Active,

    /// <summary>Not until somebody unblocks it.</summary>
    Blocked,

    /// <summary>Another meter stands in its place.</summary>
    Replaced,
}

/// <summary>What a credit token counts.</summary>
[JsonConverter(typeof(KebabEnumConverter<MeterTokenForm>))]
public enum MeterTokenForm
{
    /// <summary>kWh, m3 or minutes.</summary>
    Units,

    /// <summary>Money; the meter has the tariff.</summary>
    Currency,
}

/// <summary>What a meter sells.</summary>
[JsonConverter(typeof(KebabEnumConverter<MeterService>))]
public enum MeterService
{
    /// <summary>Electricity in kWh.</summary>
    Electricity,

    /// <summary>Water in m3.</summary>
    Water,

    /// <summary>Gas in m3.</summary>
    Gas,

    /// <summary>Time in minutes.</summary>
    Time,
}

/// <summary>How tokens get into a meter.</summary>
[JsonConverter(typeof(KebabEnumConverter<MeterTokenCarrier>))]
public enum MeterTokenCarrier
{
    /// <summary>A magnetic card.</summary>
    MagneticCard,

    /// <summary>Digits on a keypad.</summary>
    Numeric,
}

/// <summary>Which key a meter holds: everything about it but the key. The same in requests and answers.</summary>
public sealed record MeterKeyResource
{
    /// <summary>6 digits.</summary>
    [Required]
    [RegularExpression("^[0-9]{6}$")]
    public string? SupplyGroup { get; init; }

    /// <summary>1 to 9.</summary>
    [Required]
    [Range(1, 9)]
    public int? KeyRevisionNumber { get; init; }

    /// <summary>DITK, DDTK, DUTK or DCTK; null in a request for DUTK.</summary>
    [RegularExpression("^(DITK|DDTK|DUTK|DCTK)$")]
    public string? KeyType { get; init; }

    /// <summary>2 digits.</summary>
    [Required]
    [RegularExpression("^[0-9]{2}$")]
    public string? TariffIndex { get; init; }
}

/// <summary>A meter. What GET gives, PUT accepts: fields that only the server sets are passed over in a
/// request.</summary>
public sealed record MeterResource
{
    /// <summary>MeterPAN, 18 digits. Set by the path in a request.</summary>
    public string? Meter { get; init; }

    /// <summary>The key it holds. A meter that has tokens changes it by a key change set only.</summary>
    [Required]
    public MeterKeyResource? Key { get; init; }

    /// <summary>EA07 or EA11; null in a request for EA07.</summary>
    [RegularExpression("^(EA07|EA11)$")]
    public string? EncryptionAlgorithm { get; init; }

    /// <summary>Null in a request for numeric.</summary>
    public MeterTokenCarrier? TokenCarrierType { get; init; }

    /// <summary>Null in a request for electricity.</summary>
    public MeterService? Service { get; init; }

    /// <summary>Null in a request for units.</summary>
    public MeterTokenForm? Form { get; init; }

    /// <summary>The id of its tariff.</summary>
    [Required]
    [PlainText(1, 40)]
    public string? Tariff { get; init; }

    /// <summary>The id of its customer; null for none.</summary>
    [PlainText(1, 40)]
    public string? Customer { get; init; }

    /// <summary>Fixed charges begin on the day after; null in a request for today.</summary>
    public DateOnly? ChargesFrom { get; init; }

    /// <summary>The most key change tokens it takes: 2 or 3; 0 where it is not known.</summary>
    [Range(0, 3)]
    public int? KeyChangeTokens { get; init; }

    /// <summary>Set by the server.</summary>
    public MeterResourceState? State { get; init; }

    /// <summary>Set by the server: why it is blocked, or which meter replaced it.</summary>
    public string? StateReason { get; init; }

    /// <summary>Set by the server: the key that an issued set moves it to.</summary>
    public MeterKeyResource? NextKey { get; init; }

    /// <summary>Set by the server: the vend that holds that set.</summary>
    public string? KeyChangeVend { get; init; }

    /// <summary>Set by the server: true for a sandbox meter.</summary>
    public bool? Sandbox { get; init; }
}

/// <summary>Another meter stands in a meter's place: <c>POST /v1/meters/{pan}/exchange</c>.</summary>
public sealed record MeterExchangeRequest
{
    /// <summary>11, 13 or 18 digits of another registered, active meter.</summary>
    [Required]
    [PlainText(11, 40)]
    public string? Replacement { get; init; }

    /// <summary>Why.</summary>
    [Required]
    [PlainText(3, 200)]
    public string? Reason { get; init; }
}

/// <summary>When a meter whose key is not the group's current one is given a key change set.</summary>
[JsonConverter(typeof(KebabEnumConverter<SupplyGroupPolicy>))]
public enum SupplyGroupPolicy
{
    /// <summary>With its next vend, before the credit token.</summary>
    WithNextVend,

    /// <summary>Only when somebody asks for it.</summary>
    Separately,

    /// <summary>By the field team; a vend is refused until it is confirmed.</summary>
    FieldTeam,
}

/// <summary>A vending key and the module's register that holds it.</summary>
public sealed record SupplyGroupKeyResource
{
    /// <summary>1 to 9.</summary>
    [Required]
    [Range(1, 9)]
    public int? KeyRevisionNumber { get; init; }

    /// <summary>DITK, DDTK, DUTK or DCTK; null in a request for DUTK.</summary>
    [RegularExpression("^(DITK|DDTK|DUTK|DCTK)$")]
    public string? KeyType { get; init; }

    /// <summary>0 to 255.</summary>
    [Required]
    [Range(0, 255)]
    public int? KeyExpiryNumber { get; init; }

    /// <summary>1993, 2014 or 2035.</summary>
    [Required]
    [AllowedValues(1993, 2014, 2035)]
    public int? BaseDate { get; init; }

    /// <summary>1 to 999.</summary>
    [Required]
    [Range(1, 999)]
    public int? Register { get; init; }

    /// <summary>Set by the server: until when the module makes tokens with it; null where it names no time.</summary>
    public DateTimeOffset? IssuedUntil { get; init; }
}

/// <summary>Meters that share vending keys.</summary>
public sealed record SupplyGroupResource
{
    /// <summary>6 digits. Set by the path in a request.</summary>
    public string? Code { get; init; }

    /// <summary>For people.</summary>
    [Required]
    [PlainText(1, 100)]
    public string? Name { get; init; }

    /// <summary>The revision that new keys have: that of one of the keys.</summary>
    [Required]
    [Range(1, 9)]
    public int? CurrentKeyRevision { get; init; }

    /// <summary>Null in a request for with-next-vend.</summary>
    public SupplyGroupPolicy? KeyChangePolicy { get; init; }

    /// <summary>One for each revision and type.</summary>
    [Required]
    [MinLength(1)]
    [MaxLength(36)]
    public IReadOnlyList<SupplyGroupKeyResource>? Keys { get; init; }
}
