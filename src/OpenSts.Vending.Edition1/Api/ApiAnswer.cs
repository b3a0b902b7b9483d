using OpenSts.Vending.Documents;
using OpenSts.Vending.Receipts;

namespace OpenSts.Vending.Api;

/// <summary>What goes back to a caller.</summary>
public sealed record ApiAnswer
{
    public required int Status { get; init; }

    /// <summary>The body as JSON text; null for none.</summary>
    public string? Json { get; init; }

    /// <summary>The body as octets of another kind; null for none.</summary>
    public byte[]? Octets { get; init; }

    public string ContentType { get; init; } = "application/json";

    /// <summary>The version of a mutable resource.</summary>
    public long? Version { get; init; }

    /// <summary>Where the new resource is.</summary>
    public string? Location { get; init; }

    /// <summary>Seconds until a repetition makes sense.</summary>
    public int? RetryAfter { get; init; }

    /// <summary>Why not, where it is a problem: the pages say it to a person.</summary>
    public Refusal? Refusal { get; init; }

    /// <summary>The fields that are not permitted, where it is a problem about fields.</summary>
    public IReadOnlyList<FieldFault> Errors { get; init; } = [];

    public static ApiAnswer Ok<T>(T value, long? version = null) => new() { Status = 200, Json = StoredJson.Write(value), Version = version };

    public static ApiAnswer Created<T>(string location, T value, long? version = null) => new() { Status = 201, Json = StoredJson.Write(value), Location = location, Version = version };

    public static ApiAnswer Nothing { get; } = new() { Status = 204 };

    /// <summary>A problem of RFC 9457.</summary>
    public static ApiAnswer Problem(Refusal refusal, IReadOnlyList<FieldFault>? errors = null)
    {
        ArgumentNullException.ThrowIfNull(refusal);
        var kind = ProblemCatalogue.Of(refusal.Code);
        return new ApiAnswer
        {
            Status = kind.Status,
            ContentType = "application/problem+json",
            Json = Told(refusal, errors, Words.English),
            RetryAfter = kind.Status is 503 or 504 ? 5 : null,
            Refusal = refusal,
            Errors = errors ?? [],
        };
    }

    /// <summary>The body of a problem in a language: title, detail and what is permitted are said in it, the codes stay.</summary>
    internal static string Told(Refusal refusal, IReadOnlyList<FieldFault>? errors, Words words)
    {
        var kind = ProblemCatalogue.Of(refusal.Code);
        var told = errors is { Count: > 0 } ? errors.Select(error => error with { Held = words.Told(error.Held), Permitted = words.Told(error.Permitted) }).ToList() : null;
        return StoredJson.Write(new ProblemBody($"/problems/{kind.Code}", words.Told(kind.Title), kind.Status, words.Told(refusal.Detail), kind.Code, refusal.Field, told));
    }

    /// <summary>The problem of a body whose fields are not permitted; there is at least one.</summary>
    public static ApiAnswer Problem(IReadOnlyList<FieldFault> errors)
    {
        ArgumentNullException.ThrowIfNull(errors);
        return Problem(new Refusal("field-invalid", $"{errors[0].Field} held {errors[0].Held}; permitted is {errors[0].Permitted}.", errors[0].Field), errors);
    }

    /// <summary>A problem without more to say.</summary>
    public static ApiAnswer Problem(string code, string detail, string? field = null) => Problem(new Refusal(code, detail, field));
}

/// <summary>The members of a problem.</summary>
public sealed record ProblemBody(string Type, string Title, int Status, string Detail, string Code, string? Field, IReadOnlyList<FieldFault>? Errors);

/// <summary>One page of a list; <paramref name="Next"/> is the cursor of the next one, or null.</summary>
public sealed record ListPage<T>(IReadOnlyList<T> Items, string? Next);
