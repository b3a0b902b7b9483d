using OpenSts.Vending.Access;

namespace OpenSts.Vending.Api;

/// <summary>One route: how it is called, who may, what it takes. The server, the OpenAPI document and the tests read the same rows.</summary>
/// <param name="Method">GET, PUT, POST or DELETE.</param>
/// <param name="Path">With parameters in braces.</param>
/// <param name="Needs">The scope.</param>
/// <param name="Summary">One line for the documentation.</param>
/// <param name="Handle">The work.</param>
public sealed record ApiRoute(string Method, string Path, Permission Needs, string Summary, Func<ApiCall, Task<ApiAnswer>> Handle)
{
    /// <summary>The fields of its body; none where it takes no body.</summary>
    public IReadOnlyList<FieldSpec> Body { get; init; } = [];

    /// <summary>Parameters behind the question mark, with a word on each.</summary>
    public IReadOnlyList<(string Name, string Says)> Query { get; init; } = [];

    /// <summary>The answer holds a secret, which is never stored for repetition.</summary>
    public bool AnswersSecret { get; init; }

    /// <summary>A route whose work does not wait.</summary>
    public static ApiRoute Of(string method, string path, Permission needs, string summary, Func<ApiCall, ApiAnswer> handle) =>
        new(method, path, needs, summary, call => Task.FromResult(handle(call)));

    /// <summary>The two parameters of every list.</summary>
    public static IReadOnlyList<(string Name, string Says)> Paging { get; } = [("limit", "1 to 200, usually 50"), ("cursor", "next of the page before")];
}
