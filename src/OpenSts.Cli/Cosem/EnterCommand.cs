using System.CommandLine;
using System.Text.Json.Nodes;
using OpenSts.Cli.Terminal;
using OpenSts.Cosem.Client;
using OpenSts.Cosem.Meters;
using OpenSts.Dlms.Apdu;
using OpenSts.Dlms.Client;
using OpenSts.Metering;

namespace OpenSts.Cli.Cosem;

/// <summary><c>sts cosem enter TOKEN</c>: recharges a meter.</summary>
internal static class EnterCommand
{
    private const int Executed = 3;

    public static Command Create()
    {
        var token = new Argument<string[]>("token")
        {
            Description = "20 digits; several tokens are entered in their order until one is refused"
        };
        var form = new Option<TokenForm>("--form")
        {
            Description = "How the token is sent: Ascii, Digits, Bcd or Binary",
            DefaultValueFactory = _ => TokenForm.Ascii,
        };
        var options = new CosemOptions();
        var command = new Command("enter", "Enter tokens and say what the meter answers") { token, form };
        options.AddTo(command);
        return command.Does(parsed =>
        {
            var tokens = new List<Token66>();
            foreach (var text in parsed.GetValue(token)!)
            {
                if (!Token66.TryParse(text, out var each, out var fault))
                    throw new CliException(fault.Describe());
                tokens.Add(each);
            }

            return options.Run(parsed,
                client => EnterAsync(client, tokens, parsed.GetValue(form), parsed.WantsJson()));
        });
    }

    private static async Task<int> EnterAsync(DlmsClient client, List<Token66> tokens, TokenForm form, bool json)
    {
        foreach (var each in tokens)
        {
            var (result, status) = await client.EnterAsync(each, form).ConfigureAwait(false);
            Print(each, result, status, json);
            if (status?.StatusCode != Executed)
                return ExitCode.Negative;
        }

        return ExitCode.Good;
    }

    private static void Print(Token66 token, ActionResult result, GatewayStatus? status, bool json)
    {
        var answer = status?.Result?.StandardName()
            ?? (status is null ? $"not entered: {result}" : $"status {status.StatusCode}");
        if (!json)
        {
            Console.Out.WriteLine($"{token.ToGroupedString()}  {answer}");
            return;
        }

        Console.Out.WriteLine(new JsonObject
        {
            ["token"] = token.ToString(),
            ["actionResult"] = result.ToString(),
            ["statusCode"] = status?.StatusCode,
            ["result"] = status?.Result?.StandardName(),
            ["description"] = status is null ? null : CosemJson.Value(status.Description),
        }.ToJsonString(JsonText.Readable));
    }
}
