using Spectre.Console;
using Spectre.Console.Rendering;

namespace OpenSts.Cli.Terminal;

/// <summary>
/// Tables without lines around them: wrapped to the terminal's width, or one line a row where the output goes to a
/// file or a pipe. Where the columns do not fit beside each other, each row is a list of names and values.
/// </summary>
internal static class Tables
{
    private const int ShortCell = 24;

    /// <summary>Writes a table of plain text. Without headings there is no line of them.</summary>
    public static void Write(IReadOnlyList<string> headings, IEnumerable<IReadOnlyList<string>> rows) =>
        WriteMarkup(headings, rows.Select(row => (IReadOnlyList<string>)[.. row.Select(Markup.Escape)]));

    /// <summary>Writes names and values, one pair a line.</summary>
    public static void WritePairs(IEnumerable<(string Name, string Value)> pairs) =>
        Write([], pairs.Select(pair => (IReadOnlyList<string>)[pair.Name, pair.Value]));

    /// <summary>Writes a table whose cells are markup of Spectre.Console.</summary>
    public static void WriteMarkup(IReadOnlyList<string> headings, IEnumerable<IReadOnlyList<string>> rows)
    {
        List<IReadOnlyList<string>> lines = headings.Count > 0 ? [headings, .. rows] : [.. rows];
        if (lines.Count == 0)
            return;
        var columns = lines.Max(line => line.Count);
        if (headings.Count > 0 && !Fits(lines, columns))
        {
            foreach (var (index, row) in lines.Skip(1).Index())
            {
                if (index > 0)
                    Console.Out.WriteLine();
                WriteMarkup([], headings.Zip(row, (heading, cell) => (IReadOnlyList<string>)[heading, cell]));
            }

            return;
        }

        var grid = new Grid();
        for (var i = 0; i < columns; i++)
        {
            var column = new GridColumn { Padding = new Padding(0, 0, i == columns - 1 ? 0 : 2, 0) };
            // A short column keeps its width: the long ones share what is left.
            column.NoWrap = Longest(lines, i) <= ShortCell && i < columns - 1;
            grid.AddColumn(column);
        }

        foreach (var line in lines)
            grid.AddRow(
                [.. Enumerable.Range(0, columns).Select(i => (IRenderable)new Markup(i < line.Count ? line[i] : ""))]);
        WriteTrimmed(grid);
    }

    // A table fits when its short columns have their width and each long one has room for a short cell.
    private static bool Fits(List<IReadOnlyList<string>> lines, int columns)
    {
        var width = Terminal.Width ?? int.MaxValue;
        return Enumerable.Range(0, columns).Sum(i => Math.Min(Longest(lines, i), ShortCell) + 2) - 2 <= width;
    }

    private static int Longest(List<IReadOnlyList<string>> lines, int column) =>
        lines.Max(line => column < line.Count ? Markup.Remove(line[column]).Length : 0);

    // Spectre.Console fills every line up to the table's width: spaces at the end of a line help nobody.
    private static void WriteTrimmed(Grid grid)
    {
        if (!Console.IsOutputRedirected)
        {
            Commands.Out.Write(grid);
            return;
        }

        using var text = new StringWriter();
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = AnsiSupport.No,
            ColorSystem = ColorSystemSupport.NoColors,
            Out = new AnsiConsoleOutput(text),
        });
        console.Profile.Width = Terminal.Width ?? 10_000;
        console.Write(grid);
        foreach (var line in text.ToString().TrimEnd('\n').Split('\n'))
            Console.Out.WriteLine(line.TrimEnd());
    }
}
