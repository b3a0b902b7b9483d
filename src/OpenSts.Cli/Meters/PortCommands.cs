using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using OpenSts.Batch;
using OpenSts.Cli.Terminal;
using OpenSts.Meter.Carriers.LocalPort;
using OpenSts.Metering;

namespace OpenSts.Cli.Meters;

/// <summary><c>sts meter port</c>: a client of a meter's local port, ours or any manufacturer's.</summary>
internal static class PortCommands
{
    public static Command Create() =>
        new("port", "Talk to a meter through its local port (IEC 62055-52)") { Identity(), Read(), List(), Enter() };

    private static Command Identity() =>
        Talk(
            new Command("id", "Show manufacturer code and software version"),
            "Ask a meter for its identity",
            "sts meter port id --tcp 127.0.0.1:5205",
            async (client, parsed, stop) =>
    {
        var identity = await client.SignOnAsync(stop);
        await client.BreakAsync(stop);
        Console.Out.WriteLine(parsed.WantsJson()
            ? new JsonObject
            {
                ["manufacturerCode"] = identity.ManufacturerCode,
                ["softwareVersion"] = identity.SoftwareVersion
            }.ToJsonString()
            : $"manufacturer code {identity.ManufacturerCode}, software {identity.SoftwareVersion}");
        return ExitCode.Good;
    });

    private static Command Read()
    {
        var register = new Argument<string>("register") { Description = "Four hexadecimal digits, such as 2010" };
        var count = new Option<int>("--count")
        {
            Description = "How many from there, 1 to 15",
            DefaultValueFactory = _ => 1
        };
        return Talk(
            new Command("read", "Read registers") { register, count },
            "Read the credit over an optical head",
            "sts meter port read 2010 --serial /dev/ttyUSB0",
            async (client, parsed, stop) =>
        {
            var text = parsed.GetValue(register)!;
            if (text.Length != 4 || !int.TryParse(text, NumberStyles.AllowHexSpecifier, null, out var number))
                throw new CliException(
                    $"register: '{Excerpt.Of(text)}' is not a register number; use four hexadecimal digits, such as "
                        + "2010");
            if (parsed.GetValue(count) is < 1 or > 15)
                throw new CliException($"--count: {parsed.GetValue(count)} is out of range; use 1 to 15");
            var values = await client.ReadAsync(number, parsed.GetValue(count), stop);
            if (values is null)
            {
                var more = parsed.GetValue(count) > 1 ? ", or none of those after it" : "";
                Console.Error.WriteLine($"the meter has no register {text}{more}");
                return ExitCode.Negative;
            }

            if (parsed.WantsJson())
                Console.Out.WriteLine(new JsonArray([.. values.Select(v => (JsonNode)v)]).ToJsonString());
            else
                Console.Out.WriteLine(string.Join('\n', values));
            return ExitCode.Good;
        });
    }

    private static Command List() =>
        Talk(
            new Command("list", "Read every register this program knows by name"),
            "List the registers of a meter",
            "sts meter port list --tcp 127.0.0.1:5205",
            async (client, parsed, stop) =>
    {
        var found = new JsonObject();
        foreach (var (register, name) in LocalPortRegisters.All)
        {
            if (await client.ReadAsync(register, 1, stop) is not [var value])
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
        var token = new Argument<string[]>("token")
        {
            Description = "20 digits, in groups or not",
            Arity = ArgumentArity.OneOrMore
        };
        return Talk(
            new Command("enter", "Write a token and wait for its result") { token },
            "Enter a token over an optical head",
            "sts meter port enter --serial /dev/ttyUSB0 7063 0503 4700 2872 6114",
            async (client, parsed, stop) =>
        {
            if (!Token66.TryParse(string.Join(' ', parsed.GetValue(token)!), out var digits, out var fault))
                throw new CliException($"token: this is not a token; {fault.Describe()}");
            _ = await client.SignOnAsync(stop);
            var result = await client.EnterAsync(digits, stop);
            await client.BreakAsync(stop);
            var text = result?.StandardName() ?? "refused: the meter is busy with another token";
            Console.Out.WriteLine(
                parsed.WantsJson()
                    ? new JsonObject
                    {
                        ["result"] = result?.StandardName(),
                        ["tokenStatus"] = (int?)result
                    }.ToJsonString()
                    : text);
            return result?.IsTaken() == true ? ExitCode.Good : ExitCode.Negative;
        });
    }

    private static Command Talk(
        Command command,
        string meaning,
        string example,
        Func<LocalPortClient, ParseResult, CancellationToken, Task<int>> talk)
    {
        var line = new PortLine();
        line.AddTo(command);
        return command.Does(async (parsed, stop) =>
        {
            var (client, connection) = await line.ConnectAsync(parsed, stop);
            using (connection)
                return await talk(client, parsed, stop);
        }).WithExamples((meaning, example));
    }
}
