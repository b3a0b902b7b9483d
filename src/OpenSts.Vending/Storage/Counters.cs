namespace OpenSts.Vending.Storage;

/// <summary>Numbers that count up by one and have no gaps: they are taken inside the transaction that uses them.</summary>
internal static class Counters
{
    /// <summary>The next number, 1 for the first.</summary>
    public static long Next(IStoreSession session, string name)
    {
        _ = session.Execute("INSERT INTO counters (name, value) VALUES ($1, 1) ON CONFLICT (name) DO UPDATE SET value = counters.value + 1", name);
        return session.Number("SELECT value FROM counters WHERE name = $1", name);
    }
}
