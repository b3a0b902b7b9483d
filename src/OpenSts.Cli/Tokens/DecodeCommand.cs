using System.CommandLine;
using System.Text.Json.Nodes;
using OpenSts.Cli.Terminal;
using Spectre.Console;

namespace OpenSts.Cli.Tokens;

/// <summary><c>sts decode TOKEN</c>: a token's meaning under a key.</summary>
internal static class DecodeCommand
{
    public static Command Create()
    {
        var token = new Argument<string>("token") { Description = "20 digits; quote them when they are grouped by spaces" };
        var showKeyBits = new Option<bool>("--show-key-bits") { Description = "Show the key bits of a key change token" };
        var keys = new KeyOptions();
        var command = new Command("decode", "Read a token under its meter's key") { token, showKeyBits };
        keys.AddTo(command);
        return command.Does(parsed =>
        {
            var request = new JsonObject { ["op"] = "decode", ["token"] = parsed.GetValue(token) };
            if (keys.HasKey(parsed))
                keys.Write(parsed, request);
            return Requests.Run(request, parsed.WantsJson(), Print, parsed.GetValue(showKeyBits));
        });
    }

    private static void Print(JsonObject answer)
    {
        var table = new Table().HideHeaders().Border(TableBorder.None).AddColumns("field", "value");
        foreach (var (name, value) in answer)
            table.AddRow(Markup.Escape(name), Markup.Escape(value?.ToString() ?? ""));
        Commands.Out.Write(table);
    }
}
