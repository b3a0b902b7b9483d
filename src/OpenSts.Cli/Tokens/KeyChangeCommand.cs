using System.CommandLine;
using System.Text.Json.Nodes;
using OpenSts.Cli.Terminal;
using Spectre.Console;

namespace OpenSts.Cli.Tokens;

/// <summary><c>sts keychange</c>: the tokens that move a meter from one key to another.</summary>
internal static class KeyChangeCommand
{
    private static readonly string[] Ordinals = ["1st", "2nd", "3rd", "4th"];

    public static Command Create()
    {
        var from = new KeyOptions();
        var to = new KeyOptions("to-");
        var count = new Option<int?>("--tokens") { Description = "2 or 3 for EA07, 4 for EA11" };
        var command = new Command("keychange", "Make the key change set of a meter; what --to- does not name stays as it is") { count };
        from.AddTo(command);
        to.AddTo(command);
        return command.Does(parsed =>
        {
            var old = new JsonObject();
            from.Write(parsed, old);
            var fresh = new JsonObject();
            to.Write(parsed, fresh, old);
            var request = new JsonObject { ["op"] = "keyChange", ["from"] = old, ["to"] = fresh };
            if (parsed.GetValue(count) is { } tokens)
                request["tokens"] = tokens;
            return Requests.Run(request, parsed.WantsJson(), answer =>
            {
                var digits = answer["tokens"]!.AsArray();
                for (var i = 0; i < digits.Count; i++)
                    Commands.Out.WriteLine($"{Ordinals[i]}  {Token66.Parse(digits[i]!.GetValue<string>()).ToGroupedString()}");
            });
        });
    }
}
