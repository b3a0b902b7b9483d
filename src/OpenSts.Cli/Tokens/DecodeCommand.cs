using System.CommandLine;
using System.Text.Json.Nodes;
using OpenSts.Cli.Terminal;

namespace OpenSts.Cli.Tokens;

/// <summary><c>sts decode TOKEN</c>: a token's meaning under a key.</summary>
internal static class DecodeCommand
{
    public static Command Create()
    {
        var token = TokenArgument.Create();
        var showKeyBits =
            new Option<bool>("--show-key-bits") { Description = "Show the key bits of a key change token" };
        var keys = new KeyOptions();
        var command = new Command("decode", "Read a token under its meter's key") { token, showKeyBits };
        keys.AddTo(command);
        return command.Does(parsed =>
        {
            var request = new JsonObject { ["op"] = "decode", ["token"] = TokenArgument.Text(parsed, token) };
            var hasKey = keys.HasKey(parsed);
            if (hasKey)
                keys.Write(parsed, request);
            var names = keys.AddNames(new OptionNames(), parsed);
            IReadOnlyList<Assumption> assumed = hasKey ? keys.Assumed(parsed) : [];
            var status = Requests.Run(parsed, request, names, answer => Print(answer, assumed),
                answer => Assumptions.AddTo(answer, assumed), parsed.GetValue(showKeyBits));
            if (status == ExitCode.Negative && !parsed.WantsJson())
                Assumptions.WriteTo(Console.Error, assumed);
            return status;
        }).WithExamples(
            ("Read a credit token of a demonstration meter",
                "sts decode 7063 0503 4700 2872 6114 --pan 600727000000000009 --sgc 201457 --vending-key "
                    + "abababababababab949494949494949401234567"),
            ("Read a token of class 1, which is not encrypted", "sts decode 1844 6744 0738 4377 2416"));
    }

    private static void Print(JsonObject answer, IReadOnlyList<Assumption> assumed)
    {
        Tables.WritePairs(answer.Where(member => member.Key != Assumptions.Member)
            .Select(member => (member.Key, member.Value?.ToString() ?? "")));
        Assumptions.WriteTo(Console.Out, assumed);
    }
}
