using OpenSts.Vending.Api;

namespace OpenSts.Vending.Pages;

/// <summary>The rows of the API, for the pages whose forms are theirs.</summary>
internal sealed class ApiRows(IReadOnlyList<ApiRoute> rows)
{
    /// <summary>The row; a page that names one that is not there does not start.</summary>
    /// <exception cref="InvalidOperationException">There is no such row.</exception>
    public ApiRoute Find(string method, string path) => rows.FirstOrDefault(row => row.Method == method && row.Path == path)
        ?? throw new InvalidOperationException($"The API has no row {method} {path}.");
}
