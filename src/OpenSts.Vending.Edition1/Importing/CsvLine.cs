using System.Text;

namespace OpenSts.Vending.Importing;

/// <summary>One record of a CSV file: commas, double quotes around what holds a comma or a quote; a record is one line.</summary>
internal static class CsvLine
{
    /// <summary>The longest line that is read, in characters.</summary>
    public const int Longest = 4096;

    /// <summary>The fields; null with the reason where the line is none.</summary>
    public static List<string>? TrySplit(string line, out string fault)
    {
        fault = "";
        if (line.Length > Longest)
        {
            fault = $"the line has {line.Length} characters; permitted are {Longest}";
            return null;
        }

        var fields = new List<string>();
        var field = new StringBuilder();
        var (quoted, at) = (false, 0);
        while (at < line.Length)
        {
            var c = line[at++];
            if (quoted && c == '"' && at < line.Length && line[at] == '"')
            {
                _ = field.Append('"');
                at++;
            }
            else if (c == '"' && (quoted || field.Length == 0))
            {
                quoted = !quoted;
            }
            else if (c == ',' && !quoted)
            {
                fields.Add(field.ToString());
                _ = field.Clear();
            }
            else
            {
                _ = field.Append(c);
            }
        }

        fields.Add(field.ToString());
        fault = quoted ? "a quote is not closed on its line" : "";
        return quoted ? null : fields;
    }
}
