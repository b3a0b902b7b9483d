using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using OpenSts.Vending.Contracts.Json;

namespace OpenSts.Vending.Contracts.Access;

/// <summary>What a person is.</summary>
[JsonConverter(typeof(KebabEnumConverter<OperatorRole>))]
public enum OperatorRole
{
    /// <summary>Sells.</summary>
    Clerk,

    /// <summary>Sells, approves, looks into reports.</summary>
    Supervisor,

    /// <summary>Looks after meters.</summary>
    Engineer,

    /// <summary>Reads everything, changes nothing.</summary>
    Auditor,

    /// <summary>Keeps master files, accounts and access.</summary>
    Administrator,
}

/// <summary>A person who signs in. A new one sets the password by a link that works once.</summary>
public sealed record OperatorResource
{
    /// <summary>What is typed at sign-in. Set by the path in a request.</summary>
    public string? Id { get; init; }

    /// <summary>Name.</summary>
    [Required]
    [PlainText(1, 100)]
    public string? Name { get; init; }

    /// <summary>The role.</summary>
    [Required]
    public OperatorRole? Role { get; init; }

    /// <summary>The vendor the person sells for; null for the utility.</summary>
    [PlainText(1, 40)]
    public string? Vendor { get; init; }

    /// <summary>en, fr, pt or sw; null in a request for en.</summary>
    [RegularExpression("^(en|fr|pt|sw)$")]
    public string? Language { get; init; }

    /// <summary>False ends every session; null in a request for true.</summary>
    public bool? Active { get; init; }
}

/// <summary>Makes an API key: <c>POST /v1/api-keys</c>.</summary>
public sealed record ApiKeyRequest
{
    /// <summary>For people.</summary>
    [Required]
    [PlainText(1, 100)]
    public string? Name { get; init; }

    /// <summary>The operator who answers for it; null for the caller.</summary>
    [PlainText(1, 40)]
    public string? Owner { get; init; }

    /// <summary>Scopes such as <c>vends:write</c>.</summary>
    [Required]
    [MinLength(1)]
    [MaxLength(40)]
    public IReadOnlyList<string>? Scopes { get; init; }

    /// <summary>The vendor it is tied to; null for the utility.</summary>
    [PlainText(1, 40)]
    public string? Vendor { get; init; }

    /// <summary>From when on it is refused; null for a year from now.</summary>
    public DateTimeOffset? Expires { get; init; }
}

/// <summary>An API key.</summary>
public sealed record ApiKeyResource
{
    /// <summary>Its id; no secret.</summary>
    public required string Id { get; init; }

    /// <summary>For people.</summary>
    public required string Name { get; init; }

    /// <summary>Who answers for it.</summary>
    public required string Owner { get; init; }

    /// <summary>Its scopes.</summary>
    public required IReadOnlyList<string> Scopes { get; init; }

    /// <summary>The vendor it is tied to; null for the utility.</summary>
    public string? Vendor { get; init; }

    /// <summary>When it was made.</summary>
    public required DateTimeOffset Created { get; init; }

    /// <summary>From when on it is refused.</summary>
    public required DateTimeOffset Expires { get; init; }

    /// <summary>When it was used last; null for never.</summary>
    public DateTimeOffset? LastUsed { get; init; }

    /// <summary>The key, <c>osk_...</c>: in the answer that made it, and never again.</summary>
    public string? Key { get; init; }
}

/// <summary>Opens a shift: <c>POST /v1/shifts</c>.</summary>
public sealed record ShiftOpenRequest
{
    /// <summary>Money in the till.</summary>
    [Required]
    [DecimalText("0", "100000000")]
    public string? Float { get; init; }
}

/// <summary>Closes the caller's shift: <c>POST /v1/shifts/closing</c>.</summary>
public sealed record ShiftCloseRequest
{
    /// <summary>Money counted.</summary>
    [Required]
    [DecimalText("0", "100000000")]
    public string? Counted { get; init; }
}

/// <summary>A shift; amounts are decimal strings.</summary>
public sealed record ShiftResource
{
    /// <summary>Its id.</summary>
    public required string Id { get; init; }

    /// <summary>Who opened it.</summary>
    public required string Operator { get; init; }

    /// <summary>The vendor.</summary>
    public string? Vendor { get; init; }

    /// <summary>When it was opened.</summary>
    public required DateTimeOffset Opened { get; init; }

    /// <summary>Money in the till at the start.</summary>
    public required string Float { get; init; }

    /// <summary>When it was closed; null while it is open.</summary>
    public DateTimeOffset? Closed { get; init; }

    /// <summary>Money counted.</summary>
    public string? Counted { get; init; }

    /// <summary>Cash of vends whose tokens are stored.</summary>
    public string? Sold { get; init; }

    /// <summary>Cash of vends whose outcome is not known; it counts as not sold.</summary>
    public string? Pending { get; init; }

    /// <summary>Counted less what should be there; below zero something is missing.</summary>
    public string? Difference { get; init; }
}
