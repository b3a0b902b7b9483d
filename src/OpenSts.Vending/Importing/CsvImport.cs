using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using OpenSts.Vending.Api;
using OpenSts.Vending.Documents;
using OpenSts.Vending.Storage;

namespace OpenSts.Vending.Importing;

/// <summary>What came of an import.</summary>
/// <param name="Added">Records that are now stored.</param>
/// <param name="Refused">Lines that are not; each was reported.</param>
public sealed record ImportResult(long Added, long Refused);

/// <summary>Reads resources from CSV by the same fields and checks as the API. A thousand lines are one transaction; refused lines stop nothing.</summary>
public sealed class CsvImport(IStore store, IReadOnlyList<FieldSpec> fields, Func<IStoreSession, RequestBody, Refusal?> add)
{
    private const int Chunk = 1000;

    /// <summary>Reads everything.</summary>
    /// <param name="lines">The file; its first line names the columns, in any order.</param>
    /// <param name="refused">Called for each refused line with its number, counted from 1, and the reason.</param>
    /// <exception cref="FormatException">The first line does not name the columns.</exception>
    public ImportResult Run(TextReader lines, Action<long, string> refused)
    {
        ArgumentNullException.ThrowIfNull(lines);
        ArgumentNullException.ThrowIfNull(refused);
        var columns = Columns(lines.ReadLine());
        var (number, added, bad) = (1L, 0L, 0L);
        var batch = new List<(long Number, RequestBody Body)>(Chunk);
        void Refuse(long line, string reason)
        {
            bad++;
            refused(line, reason);
        }

        void Flush()
        {
            var results = store.Write(session => batch.ConvertAll(item => (item.Number, Refusal: add(session, item.Body))));
            foreach (var (line, refusal) in results)
            {
                if (refusal is null)
                    added++;
                else
                    Refuse(line, refusal.Detail);
            }

            batch.Clear();
        }

        while (lines.ReadLine() is { } line)
        {
            number++;
            if (line.Length == 0)
                continue;
            if (Read(line, columns, out var reason) is { } body)
                batch.Add((number, body));
            else
                Refuse(number, reason);
            if (batch.Count == Chunk)
                Flush();
        }

        Flush();
        return new ImportResult(added, bad);
    }

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
