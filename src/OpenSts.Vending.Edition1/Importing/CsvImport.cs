using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using OpenSts.Vending.Api;
using OpenSts.Vending.Documents;
using OpenSts.Vending.Storage;

namespace OpenSts.Vending.Importing;

/// <summary>What came of an import.</summary>
/// <param name="Added">Records that are new.</param>
/// <param name="Same">Lines whose record was stored before, just as the line has it: an import that was cut short is repeated as a whole.</param>
/// <param name="Refused">Lines that are not stored; each was reported.</param>
public sealed record ImportResult(long Added, long Same, long Refused);

/// <summary>What came of a line: added, stored before just so, or refused.</summary>
public readonly record struct ImportedLine(ImportedKind Kind, Refusal? Refusal = null)
{
    public static implicit operator ImportedLine(Refusal refusal) => new(ImportedKind.Refused, refusal);
}

/// <summary>What came of a line.</summary>
public enum ImportedKind
{
    Added,
    Same,
    Refused,
}

/// <summary>Reads resources from CSV by the same fields and checks as the API. A thousand lines are one transaction; refused lines stop nothing.</summary>
/// <param name="store">The store.</param>
/// <param name="fields">What a line may hold.</param>
/// <param name="add">Adds records and says what came of each, in order.</param>
public sealed class CsvImport(IStore store, IReadOnlyList<FieldSpec> fields, Func<IStoreSession, IReadOnlyList<RequestBody>, IReadOnlyList<ImportedLine>> add)
{
    private const int Chunk = 1000;

    /// <summary>Reads everything.</summary>
    /// <param name="lines">The file; its first line names the columns, in any order.</param>
    /// <param name="refused">Called for each refused line, in their order, with its number, counted from 1, and the reason.</param>
    /// <exception cref="FormatException">The first line does not name the columns.</exception>
    public ImportResult Run(TextReader lines, Action<long, string> refused)
    {
        ArgumentNullException.ThrowIfNull(lines);
        ArgumentNullException.ThrowIfNull(refused);
        var columns = Columns(lines.ReadLine());
        var (number, counts) = (1L, new long[3]);
        var chunk = new List<Line>(Chunk);
        var writing = Task.CompletedTask;
        // While a chunk is written the next one is read.
        void Flush()
        {
            writing.GetAwaiter().GetResult();
            var full = chunk;
            writing = Task.Run(() => Write(full, counts, refused));
            chunk = new List<Line>(Chunk);
        }

        try
        {
            while (lines.ReadLine() is { } line)
            {
                number++;
                if (line.Length == 0)
                    continue;
                var body = Read(line, columns, out var reason);
                chunk.Add(new Line(number, body, reason));
                if (chunk.Count == Chunk)
                    Flush();
            }

            Flush();
        }
        finally
        {
            // Also where the file breaks off: what is on its way is stored or not before anybody hears of it.
            writing.GetAwaiter().GetResult();
        }

        return new ImportResult(counts[(int)ImportedKind.Added], counts[(int)ImportedKind.Same], counts[(int)ImportedKind.Refused]);
    }

    // Whole or not at all: a chunk that was cut short is as if it had not been read.
    private void Write(List<Line> chunk, long[] counts, Action<long, string> refused)
    {
        var readable = chunk.Where(line => line.Body is not null).Select(line => line.Body!).ToList();
        var results = new Queue<ImportedLine>(readable.Count == 0 ? [] : store.Batch(session => add(session, readable)));
        foreach (var line in chunk)
        {
            var (kind, refusal) = line.Body is null ? new ImportedLine(ImportedKind.Refused) : results.Dequeue();
            counts[(int)kind]++;
            if (kind == ImportedKind.Refused)
                refused(line.Number, refusal?.Detail ?? line.Reason);
        }
    }

    private sealed record Line(long Number, RequestBody? Body, string Reason);

    private List<FieldSpec> Columns(string? head)
    {
        var names = CsvLine.TrySplit((head ?? "").TrimStart('\uFEFF'), out _) ?? [];
        var columns = names.ConvertAll(name => fields.FirstOrDefault(field => field.Name == name.Trim())
            ?? throw new FormatException($"The first line names a column '{(name.Length <= 40 ? name : name[..40])}'; known are {string.Join(", ", fields.Select(field => field.Name))}."));
        if (fields.FirstOrDefault(field => field.Required && !columns.Contains(field)) is { } missing)
            throw new FormatException($"The first line lacks the column {missing.Name}; needed are {string.Join(", ", fields.Where(field => field.Required).Select(field => field.Name))}.");
        return columns.Distinct().Count() == columns.Count ? columns : throw new FormatException("The first line names a column twice.");
    }

    private RequestBody? Read(string line, List<FieldSpec> columns, out string reason)
    {
        if (CsvLine.TrySplit(line, out reason) is not { } values)
            return null;
        if (values.Count != columns.Count)
        {
            reason = $"the line has {values.Count} fields; the first line has {columns.Count}";
            return null;
        }

        var record = new JsonObject();
        for (var i = 0; i < values.Count; i++)
        {
            // An empty field is a field left out.
            if (values[i].Length > 0)
                record[columns[i].Name] = columns[i].Form == FieldForm.Whole && long.TryParse(values[i], NumberStyles.None, CultureInfo.InvariantCulture, out var whole) ? whole : values[i];
        }

        var faults = new List<FieldFault>();
        var body = RequestBody.TryCreate(JsonSerializer.SerializeToElement(record), fields, faults);
        reason = string.Join("; ", faults.Select(fault => $"{fault.Field} held {fault.Held}; permitted is {fault.Permitted}"));
        return body;
    }
}
