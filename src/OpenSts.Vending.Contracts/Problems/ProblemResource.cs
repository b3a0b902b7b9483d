using System.Text.Json.Serialization;
using OpenSts.Vending.Contracts.Json;

namespace OpenSts.Vending.Contracts.Problems;

/// <summary>Whether the request changed anything.</summary>
[JsonConverter(typeof(KebabEnumConverter<ProblemEffect>))]
public enum ProblemEffect
{
    /// <summary>Nothing was stored. The same id may be sent again.</summary>
    None,

    /// <summary>The refusal is stored: the id is used and never gets a token.</summary>
    Decided,

    /// <summary>Whether it was done is not known. Send the same id again.</summary>
    Unknown,
}

/// <summary>A field that is not permitted.</summary>
/// <param name="Field">Its JSON name, with dots and indexes for nested fields, such as
/// <c>keys[0].register</c>.</param>
/// <param name="Held">What it held, at most 40 characters.</param>
/// <param name="Permitted">What it may hold, in the reader's language.</param>
public sealed record FieldProblem(string Field, string Held, string Permitted);

/// <summary>Why a request was not done: <c>application/problem+json</c> (RFC 9457) with a code that clients
/// compare.</summary>
public sealed record ProblemResource
{
    /// <summary>The URI of the code's page, <c>/problems/{code}</c>.</summary>
    public required string Type { get; init; }

    /// <summary>One line about the kind of problem, in the reader's language.</summary>
    public required string Title { get; init; }

    /// <summary>The HTTP status, 400 to 599.</summary>
    public required int Status { get; init; }

    /// <summary>A sentence about this case, in the reader's language.</summary>
    public string Detail { get; init; } = "";

    /// <summary>Stable for ever, one of <see cref="ProblemCodes"/>.</summary>
    public required string Code { get; init; }

    /// <summary>Whether anything was done.</summary>
    public ProblemEffect Effect { get; init; }

    /// <summary>The JSON name of the field it is about; null for none.</summary>
    public string? Field { get; init; }

    /// <summary>Every field that is not permitted; null for none.</summary>
    public IReadOnlyList<FieldProblem>? Errors { get; init; }

    /// <summary>The values of the sentence by name: money as decimal strings, times as RFC 3339. Null for
    /// none.</summary>
    public IReadOnlyDictionary<string, string>? Arguments { get; init; }

    /// <summary>The id of the request in the server's log.</summary>
    public string? TraceId { get; init; }
}
