namespace OpenSts.Vending.Client;

/// <summary>Why the server did not do something, in its own words (RFC 9457).</summary>
public sealed record Problem
{
    /// <summary>Stable and machine readable, such as <c>meter-blocked</c>; every one has a page at the server's <c>/problems/{code}</c>.</summary>
    public required string Code { get; init; }

    /// <summary>One line about the kind of problem.</summary>
    public string Title { get; init; } = "";

    /// <summary>The HTTP status, 400 to 599.</summary>
    public int Status { get; init; }

    /// <summary>A sentence about this case.</summary>
    public string Detail { get; init; } = "";

    /// <summary>The field it is about; null for none.</summary>
    public string? Field { get; init; }

    /// <summary>Every field that is not permitted; null or empty for none.</summary>
    public IReadOnlyList<FieldFault>? Errors { get; init; }

    /// <inheritdoc/>
    public override string ToString() => $"{Code}: {Detail}";
}

/// <summary>A field that is not permitted: which, what it held, what it may hold.</summary>
public sealed record FieldFault(string Field, string Held, string Permitted);

/// <summary>The server refused a question, or did not answer it.</summary>
/// <remarks>Never thrown for the outcome of a sale: that is a value, see <see cref="VendOutcome"/>.</remarks>
public sealed class VendingServerException : Exception
{
    internal VendingServerException(string message, Problem? problem = null, Exception? inner = null)
        : base(message, inner) => Problem = problem;

    /// <summary>What the server said; null where nothing was heard of it, or nothing that it would say.</summary>
    public Problem? Problem { get; }
}
