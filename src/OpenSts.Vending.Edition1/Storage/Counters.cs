namespace OpenSts.Vending.Storage;

/// <summary>Numbers that count up by one and have no gaps: they are taken inside the transaction that uses them.</summary>
internal static class Counters
{
    /// <summary>Counts the writes that only try whether the store can be written.</summary>
    public const string Health = "health";

    private static readonly RowShape Shape = RowShape.Insert("counters", "name TEXT, value INTEGER", "(name) DO UPDATE SET value = excluded.value");

    /// <summary>The row that says how far a counter has come, for whoever took several numbers at once.</summary>
    public static RowSet At(string name, long value) => At([(name, value)]);

    /// <summary>The same for several counters.</summary>
    public static RowSet At(IEnumerable<(string Name, long Value)> counters)
    {
        var rows = new RowSet(Shape);
        foreach (var (name, value) in counters)
            rows.Add(name, value);
        return rows;
    }

    /// <summary>The last number that was taken, 0 for none.</summary>
    public static long Last(IStoreSession session, string name) => session.Number("SELECT value FROM counters WHERE name = $1", name);

    /// <summary>The next number, 1 for the first.</summary>
    public static long Next(IStoreSession session, string name)
    {
        var next = Last(session, name) + 1;
        session.Write([At(name, next)]);
        return next;
    }
}
