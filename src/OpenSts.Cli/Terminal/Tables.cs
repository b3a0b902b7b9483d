using Spectre.Console;
using Spectre.Console.Rendering;

namespace OpenSts.Cli.Terminal;

/// <summary>
/// Tables without lines around them: wrapped to the terminal's width, or one line a row where the output goes to a
/// file or a pipe.
/// </summary>
internal static class Tables
{
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
        var grid = new Grid();
        for (var i = 0; i < columns; i++)
        {
            var column = new GridColumn { Padding = new Padding(0, 0, i == columns - 1 ? 0 : 2, 0) };
            // A short column keeps its width: the long ones share what is left.
            var longest = lines.Max(line => i < line.Count ? Markup.Remove(line[i]).Length : 0);
            column.NoWrap = longest <= 24 && i < columns - 1;
            grid.AddColumn(column);
        }

        foreach (var line in lines)
            grid.AddRow(
                [.. Enumerable.Range(0, columns).Select(i => (IRenderable)new Markup(i < line.Count ? line[i] : ""))]);
        WriteTrimmed(grid);
    }

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
