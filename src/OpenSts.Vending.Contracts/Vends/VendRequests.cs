using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using OpenSts.Vending.Contracts.Json;
using OpenSts.Vending.Contracts.Meters;

namespace OpenSts.Vending.Contracts.Vends;

/// <summary>Under which key a vend is made while a key change is not confirmed.</summary>
[JsonConverter(typeof(KebabEnumConverter<VendKeyChoice>))]
public enum VendKeyChoice
{
    /// <summary>The key the meter had.</summary>
    Old,

    /// <summary>The key it is moving to.</summary>
    New,
}

/// <summary>How the customer pays.</summary>
[JsonConverter(typeof(KebabEnumConverter<VendPayment>))]
public enum VendPayment
{
    /// <summary>Banknotes and coins; counted at the end of a shift.</summary>
    Cash,

    /// <summary>A payment card.</summary>
    Card,

    /// <summary>A mobile money account.</summary>
    MobileMoney,

    /// <summary>A bank transfer.</summary>
    BankTransfer,

    /// <summary>A cheque.</summary>
    Cheque,
}

/// <summary>Money for units: <c>PUT /v1/vends/{id}</c> and <c>POST /v1/vend-trials</c>.</summary>
public sealed record CreditVendRequest
{
    /// <summary>11 or 13 digits from the meter's face, or a MeterPAN of 18.</summary>
    [Required]
    [PlainText(11, 40)]
    public string? Meter { get; init; }

    /// <summary>Money for the vend; 0 takes a free allocation alone.</summary>
    [Required]
    [DecimalText("0", "100000000")]
    public string? Tender { get; init; }

    /// <summary>Money handed over, where it is more than the tender.</summary>
    [DecimalText("0", "100000000")]
    public string? Cash { get; init; }

    /// <summary>Decides the fee; null for <c>counter</c>.</summary>
    [PlainText(1, 20)]
    public string? Channel { get; init; }

    /// <summary>Who sells; null for the caller's own vendor.</summary>
    [PlainText(1, 40)]
    public string? Vendor { get; init; }

    /// <summary>Where; null for the caller's outlet or the vendor's first.</summary>
    [PlainText(1, 40)]
    public string? Outlet { get; init; }

    /// <summary>The terminal, for the receipt.</summary>
    [PlainText(1, 40)]
    public string? Terminal { get; init; }

    /// <summary>Null for the key that the server takes: the new one.</summary>
    public VendKeyChoice? Key { get; init; }

    /// <summary>Null for cash.</summary>
    public VendPayment? Payment { get; init; }
}

/// <summary>A key change set on its own: <c>PUT /v1/key-changes/{id}</c>.</summary>
public sealed record KeyChangeVendRequest
{
    /// <summary>11, 13 or 18 digits.</summary>
    [Required]
    [PlainText(11, 40)]
    public string? Meter { get; init; }

    /// <summary>The key to move to.</summary>
    [Required]
    public MeterKeyResource? To { get; init; }

    /// <summary>Why.</summary>
    [Required]
    [PlainText(3, 200)]
    public string? Reason { get; init; }
}

/// <summary>The value of an earlier vend again: <c>PUT /v1/replacements/{id}</c>. A second person approves
/// it.</summary>
public sealed record ReplacementVendRequest
{
    /// <summary>The id of that vend.</summary>
    [Required]
    [RegularExpression(VendIds.Pattern)]
    public string? Original { get; init; }

    /// <summary>Why.</summary>
    [Required]
    [PlainText(3, 200)]
    public string? Reason { get; init; }

    /// <summary>The document behind it.</summary>
    [PlainText(1, 40)]
    public string? WorkOrder { get; init; }
}

/// <summary>Which engineering token.</summary>
[JsonConverter(typeof(KebabEnumConverter<EngineeringTokenKind>))]
public enum EngineeringTokenKind
{
    /// <summary>Empties a register: value 0 to 7, or 65535 for all.</summary>
    ClearCredit,

    /// <summary>Ends the tamper state; no value.</summary>
    ClearTamper,

    /// <summary>The maximum power: value in W, 0 to 18201624.</summary>
    PowerLimit,

    /// <summary>The maximum phase unbalance: value in W, 0 to 18201624.</summary>
    PhaseUnbalance,

    /// <summary>The tariff rate: value 0 to 65535.</summary>
    TariffRate,

    /// <summary>The water factor: value 0 to 65535.</summary>
    WaterFactor,

    /// <summary>A flag: index 0 to 511, value 0 or 1.</summary>
    Flag,

    /// <summary>A control element: index 0 to 62, value 0 to 1023.</summary>
    Control,

    /// <summary>A test or display: value 1 to 36, 0 or none for all. Needs no meter and no approval.</summary>
    Test,
}

/// <summary>A management or test token: <c>PUT /v1/engineering-tokens/{id}</c>. A second person approves all but
/// tests.</summary>
public sealed record EngineeringVendRequest
{
    /// <summary>11, 13 or 18 digits; null for a test token only.</summary>
    [PlainText(11, 40)]
    public string? Meter { get; init; }

    /// <summary>Which.</summary>
    [Required]
    public EngineeringTokenKind? Kind { get; init; }

    /// <summary>See <see cref="EngineeringTokenKind"/>; a kind that carries a value needs one.</summary>
    [Range(0, 18_201_624)]
    public long? Value { get; init; }

    /// <summary>Of a flag or control element.</summary>
    [Range(0, 511)]
    public int? Index { get; init; }

    /// <summary>Why.</summary>
    [Required]
    [PlainText(3, 200)]
    public string? Reason { get; init; }

    /// <summary>The document behind it.</summary>
    [PlainText(1, 40)]
    public string? WorkOrder { get; init; }
}

/// <summary>A reason: of a reversal, a block, a refusal to approve.</summary>
public sealed record ReasonRequest
{
    /// <summary>Why.</summary>
    [Required]
    [PlainText(3, 200)]
    public string? Reason { get; init; }
}

/// <summary>An approval. The header <c>If-Match</c> names the version that was looked at.</summary>
public sealed record ApprovalRequest
{
    /// <summary>A remark for the log.</summary>
    [PlainText(3, 200)]
    public string? Remark { get; init; }
}

/// <summary>A receipt: <c>POST /v1/vends/{id}/receipts</c>.</summary>
public sealed record ReceiptRequest
{
    /// <summary>text48, text32, html-a4, html80, html58, esc-pos80, esc-pos58, pdf-a4, pdf80, pdf58; null for what
    /// Accept asks for.</summary>
    [RegularExpression("^(text48|text32|html-a4|html80|html58|esc-pos80|esc-pos58|pdf-a4|pdf80|pdf58)$")]
    public string? Form { get; init; }

    /// <summary>en, fr, pt or sw; null for the caller's.</summary>
    [RegularExpression("^(en|fr|pt|sw)$")]
    public string? Language { get; init; }
}

/// <summary>The ids that clients give to vends.</summary>
public static class VendIds
{
    /// <summary>8 to 64 letters, digits, dots, hyphens and underscores.</summary>
    public const string Pattern = "^[A-Za-z0-9._-]{8,64}$";
}
