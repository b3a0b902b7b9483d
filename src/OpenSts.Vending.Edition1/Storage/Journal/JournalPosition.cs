namespace OpenSts.Vending.Storage.Journal;

/// <summary>A place in the one order of all transactions that changed a store.</summary>
/// <param name="Sequence">1 for the first transaction, 0 before it.</param>
/// <param name="Hash">SHA-256 over this transaction and, by its own link, over all before it: 64 hex digits.</param>
public sealed record JournalPosition(long Sequence, string Hash)
{
    /// <summary>Before the first transaction of a new store.</summary>
    public static JournalPosition Start { get; } = new(0, new string('0', 64));
}

/// <summary>How far each journal of a store has come, as the store itself has it: a row for each journal, written with its transactions.</summary>
internal static class JournalTable
{
    public static readonly Question Positions = new("SELECT id, sequence, hash FROM journals", _ => { });

    private static readonly RowShape Shape = RowShape.Insert("journals", "id TEXT, sequence INTEGER, hash TEXT", "(id) DO UPDATE SET sequence = excluded.sequence, hash = excluded.hash");

    /// <summary>The question for all positions.</summary>
    public static Question Into(Dictionary<string, JournalPosition> positions) =>
        Positions with { Read = row => positions[row.Text(0)] = new JournalPosition(row.Number(1), row.Text(2)) };

    /// <summary>All positions by the journals' ids.</summary>
    public static Dictionary<string, JournalPosition> Read(IStoreSession session)
    {
        var positions = new Dictionary<string, JournalPosition>(StringComparer.Ordinal);
        session.Each(Into(positions));
        return positions;
    }

    /// <summary>The last transaction of the store, whoever wrote it.</summary>
    public static JournalPosition Head(IReadOnlyDictionary<string, JournalPosition> positions) => positions.Values.MaxBy(position => position.Sequence) ?? JournalPosition.Start;

    /// <summary>The row of a journal.</summary>
    public static RowSet At(string id, JournalPosition position)
    {
        var rows = new RowSet(Shape);
        rows.Add(id, position.Sequence, position.Hash);
        return rows;
    }
}
