using System.Collections.Frozen;
using System.Reflection;

namespace OpenSts.Vending.Data.Stores;

/// <summary>Named statements of an embedded SQL file: each follows a line <c>-- name: the-name</c>.</summary>
internal sealed class SqlStatements
{
    private const string Mark = "-- name: ";
    private readonly FrozenDictionary<string, string> _texts;

    /// <param name="resource">The file, such as <c>Vends/Postgres.sql</c>.</param>
    public SqlStatements(string resource)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(resource)
            ?? throw new ArgumentException($"There is no embedded file {resource}.", nameof(resource));
        using var reader = new StreamReader(stream);
        _texts = reader.ReadToEnd().Split(Mark)[1..].Select(part => part.Split('\n', 2))
            .ToFrozenDictionary(part => part[0].Trim(), part => part[1].Trim().TrimEnd(';'), StringComparer.Ordinal);
    }

    /// <summary>The names.</summary>
    public IEnumerable<string> Names => _texts.Keys;

    /// <summary>The statement of a name.</summary>
    /// <exception cref="KeyNotFoundException">The file has no such name.</exception>
    public string this[string name] => _texts[name];
}
