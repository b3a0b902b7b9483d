using System.Globalization;
using System.Reflection;

namespace OpenSts.Vending.Storage;

/// <summary>Brings a store's tables up to date: numbered scripts, each run once, in order, each in its own transaction.</summary>
internal static class Migrations
{
    private const string Prefix = "migrations/";

    /// <param name="store">The store.</param>
    /// <param name="translate">Turns a statement of the common script into the store's dialect; null where it is of another kind of store.</param>
    /// <exception cref="StoreException">The store was made by a newer program.</exception>
    public static void Apply(IStore store, Func<string, string?> translate)
    {
        store.Write(session => session.Execute("CREATE TABLE IF NOT EXISTS migrations (number INTEGER PRIMARY KEY, name TEXT NOT NULL)"));
        var scripts = Scripts();
        var done = store.Read(session => session.Number("SELECT COALESCE(MAX(number), 0) FROM migrations"));
        if (done > scripts.Count)
            throw new StoreException($"The store is at migration {done}; this program knows {scripts.Count}. Use the newer program.");
        foreach (var (number, name, text) in scripts.Where(script => script.Number > done))
        {
            store.Write(session =>
            {
                foreach (var statement in text.Split(";\n", StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
                {
                    if (translate(statement.TrimEnd(';')) is { } translated)
                        _ = session.Execute(translated);
                }

                _ = session.Execute("INSERT INTO migrations (number, name) VALUES ($1, $2)", number, name);
            });
        }
    }

    private static List<(int Number, string Name, string Text)> Scripts()
    {
        var assembly = Assembly.GetExecutingAssembly();
        var scripts = new List<(int, string, string)>();
        foreach (var name in assembly.GetManifestResourceNames().Where(name => name.StartsWith(Prefix, StringComparison.Ordinal)).Order(StringComparer.Ordinal))
        {
            using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
            scripts.Add((int.Parse(name.AsSpan(Prefix.Length, 3), CultureInfo.InvariantCulture), name[Prefix.Length..], reader.ReadToEnd()));
        }

        return scripts;
    }
}
