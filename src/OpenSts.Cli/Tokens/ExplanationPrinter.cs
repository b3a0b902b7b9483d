using System.Text;
using OpenSts.Batch;
using OpenSts.Cli.Terminal;
using OpenSts.Explaining;
using Spectre.Console;

namespace OpenSts.Cli.Tokens;

/// <summary>Draws a token explanation for a terminal.</summary>
internal static class ExplanationPrinter
{
    private static readonly string[] Colours =
        ["deepskyblue1", "orange1", "green3", "mediumpurple1", "yellow3", "hotpink", "aqua", "salmon1"];

    public static void Print(TokenExplanation explanation)
    {
        var console = Commands.Out;
        console.MarkupLine(
            $"[bold]{explanation.Token.ToGroupedString()}[/]   66 bits {explanation.Token.ToHexString()}");
        console.WriteLine();
        PrintBits(explanation);
        PrintFields(explanation);
        PrintIdentifier(explanation);
        var good = explanation.Answer is "Accept" or "1stKCT" or "2ndKCT" or "3rdKCT" or "4thKCT";
        var colour = good ? "green" : explanation.Answer == "unknown" ? "grey" : "red";
        console.MarkupLine($"A meter would answer [bold {colour}]{Markup.Escape(explanation.Answer)}[/].");
        foreach (var reason in explanation.Reasons)
            console.MarkupLine($"  {Markup.Escape(reason)}");
    }

    private static void PrintBits(TokenExplanation explanation)
    {
        var line = new StringBuilder();
        for (var i = 0; i < explanation.Fields.Count; i++)
        {
            var field = explanation.Fields[i];
            var bits = field.Value is { } value ? Convert.ToString(unchecked((long)value), 2).PadLeft(field.Bits, '0')
                : new string('x', field.Bits);
            line.Append($"[{Colours[i % Colours.Length]}]{bits}[/] ");
        }

        if (explanation.Depth is ExplanationDepth.Encrypted or ExplanationDepth.Reserved)
            line.Append($"[grey]{Convert.ToString(unchecked((long)explanation.Block), 2).PadLeft(64, '0')}[/]");
        Commands.Out.MarkupLine(line.ToString());
        Commands.Out.WriteLine();
    }

    private static void PrintFields(TokenExplanation explanation)
    {
        var rows = new List<IReadOnlyList<string>>();
        for (var i = 0; i < explanation.Fields.Count; i++)
        {
            var field = explanation.Fields[i];
            var hex = field.Value is { } value ? value.ToString("X" + ((field.Bits + 3) / 4)) : "hidden";
            rows.Add([$"[{Colours[i % Colours.Length]}]{Markup.Escape(field.Name)}[/]", field.Bits.ToString(), hex,
                Markup.Escape(field.Meaning)]);
        }

        Tables.WriteMarkup(["field", "bits", "hex", "meaning"], rows);
        Commands.Out.WriteLine();
    }

    private static void PrintIdentifier(TokenExplanation explanation)
    {
        foreach (var reading in explanation.Identifier)
            Commands.Out.MarkupLine(
                $"made on [bold]{Rfc3339.Format(reading.Time)}[/] if the key's base date is {reading.BaseDate}");
        if (explanation.Identifier.Count > 0)
            Commands.Out.WriteLine();
    }
}
