using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using OpenSts.Batch;
using OpenSts.Cli.Terminal;
using OpenSts.Meter.Carriers.LocalPort;
using OpenSts.Metering;

namespace OpenSts.Cli.Meters;

/// <summary><c>sts meter port</c>: a client of a meter's local port, ours or any maker's.</summary>
internal static class PortCommands
{
    public static Command Create() => new("port", "Talk to a meter through its local port (IEC 62055-52)") { Identity(), Read(), List(), Enter() };

    private static Command Identity() => Talk(new Command("id", "Ask who the meter is"), async (client, parsed) =>
    {
        var identity = await client.SignOnAsync();
        await client.BreakAsync();
        Console.Out.WriteLine(parsed.WantsJson()
            ? new JsonObject { ["manufacturerCode"] = identity.Maker, ["softwareVersion"] = identity.SoftwareVersion }.ToJsonString()
            : $"manufacturer code {identity.Maker}, software {identity.SoftwareVersion}");
        return ExitCode.Good;
    });

    private static Command Read()
    {
        var register = new Argument<string>("register") { Description = "Four hexadecimal digits, such as 2010" };
        var count = new Option<int>("--count") { Description = "How many from there, 1 to 15", DefaultValueFactory = _ => 1 };
        return Talk(new Command("read", "Read registers") { register, count }, async (client, parsed) =>
        {
            var text = parsed.GetValue(register)!;
            if (text.Length != 4 || !int.TryParse(text, NumberStyles.AllowHexSpecifier, null, out var number))
                throw new CliException($"register held '{Excerpt.Of(text)}'; permitted are four hexadecimal digits");
            if (parsed.GetValue(count) is < 1 or > 15)
                throw new CliException($"--count held {parsed.GetValue(count)}; permitted is 1 to 15");
            var values = await client.ReadAsync(number, parsed.GetValue(count));
            if (values is null)
            {
                Console.Error.WriteLine($"the meter has no register {text}{(parsed.GetValue(count) > 1 ? ", or none of those after it" : "")}");
                return ExitCode.Negative;
            }

            if (parsed.WantsJson())
                Console.Out.WriteLine(new JsonArray([.. values.Select(v => (JsonNode)v)]).ToJsonString());
            else
                Console.Out.WriteLine(string.Join('\n', values));
            return ExitCode.Good;
        });
    }

    private static Command List() => Talk(new Command("list", "Read every register this program knows the name of"), async (client, parsed) =>
    {
        var found = new JsonObject();
        foreach (var (register, name) in LocalPortRegisters.All)
        {
            if (await client.ReadAsync(register) is not [var value])
                continue;
            found[register.ToString("X4")] = value;
            if (!parsed.WantsJson())
                Console.Out.WriteLine($"{register:X4}  {name,-52}{value}");
        }

        if (parsed.WantsJson())
            Console.Out.WriteLine(found.ToJsonString());
        return ExitCode.Good;
    });

    private static Command Enter()
    {
        var token = new Argument<string[]>("token") { Description = "20 digits; groups may be apart", Arity = ArgumentArity.OneOrMore };
        return Talk(new Command("enter", "Write a token and wait for the verdict") { token }, async (client, parsed) =>
        {
            if (!Token66.TryParse(string.Join(' ', parsed.GetValue(token)!), out var digits, out var fault))
                throw new CliException($"token: {fault.Describe()}");
            _ = await client.SignOnAsync();
            var result = await client.EnterAsync(digits);
            await client.BreakAsync();
            var text = result?.StandardName() ?? "refused: the meter is busy with another token";
            Console.Out.WriteLine(parsed.WantsJson() ? new JsonObject { ["result"] = result?.StandardName(), ["tokenStatus"] = (int?)result }.ToJsonString() : text);
            return result?.IsTaken() == true ? ExitCode.Good : ExitCode.Negative;
        });
    }

    private static Command Talk(Command command, Func<LocalPortClient, ParseResult, Task<int>> talk)
    {
        var line = new PortLine();
        line.AddTo(command);
        return command.Does(parsed =>
        {
            var (client, connection) = line.Connect(parsed);
            using (connection)
                return talk(client, parsed).GetAwaiter().GetResult();
        });
    }
}
