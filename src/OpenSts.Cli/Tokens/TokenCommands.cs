using System.CommandLine;
using System.Text.Json.Nodes;
using OpenSts.Batch;
using OpenSts.Cli.Terminal;

namespace OpenSts.Cli.Tokens;

/// <summary><c>sts token ...</c>: makes one token of any kind.</summary>
internal static class TokenCommands
{
    private const int Finest = 10;
    private static readonly string[] Services = ["electricity", "water", "gas", "time"];

    public static Command Create() => new("token", "Make one token")
    {
        Credit(),
        Test(),
        Extension("read-control", "Token that shows a control element of STS 202-5", 62, index => (long)index << 30),
        Extension("read-flag", "Token that shows a flag of STS 202-5", 511, index => (63L << 30)
            | ((long)index << 21)),
        Management("power-limit", "Set the maximum power limit", 0, Number("watts", "Limit in W, 0 to 18201624"),
            5000),
        Management("clear-credit", "Clear credit registers", 1,
            Number("register", "0 to 3 units, 4 to 7 currency (electricity, water, gas, time), 65535 all")),
        Management("tariff-rate", "Set the tariff rate", 2, Number("value", "16 bits, 0 to 65535"), 100),
        Management("clear-tamper", "Clear the tamper condition", 5, Number("value", "16 bits, normally 0", 0)),
        Management("phase-unbalance-limit", "Set the maximum phase power unbalance limit", 6,
            Number("watts", "Limit in W, 0 to 18201624"), 5000),
        Management("water-factor", "Set the water meter factor", 7, Number("value", "16 bits, 0 to 65535"), 100),
        Element("control", "Set a control element of STS 202-5",
            new Option<int>("--value") { Description = "0 to 1023", Required = true }, v => v),
        Element("flag", "Set a flag of STS 202-5",
            new Option<string>("--value") { Description = "on or off", Required = true }.AcceptOnlyFromAmong("on",
            "off"), v => v == "on"),
    };

    private static Command Credit()
    {
        var amount = new Option<string>("--amount")
        {
            Description = "kWh, m3 or minutes; with --currency base units of money",
            Required = true,
        };
        var service = new Option<string>("--service")
        {
            Description = "electricity, water, gas or time",
            DefaultValueFactory = _ => "electricity",
        }.AcceptOnlyFromAmong(Services);
        var currency = new Option<bool>("--currency") { Description = "Transfer money instead of units" };
        return Timed("credit", "Transfer credit", [amount, service, currency], (parsed, token) =>
        {
            var money = parsed.GetValue(currency);
            token["class"] = 0;
            token["subclass"] = Array.IndexOf(Services, parsed.GetValue(service)) + (money ? 4 : 0);
            token["amount"] = parsed.GetValue(amount);
        }).WithExamples(
            ("Make a token of 25.6 kWh",
                "sts token credit --amount 25.6 --pan 600727000000000009 --sgc 201457 --vending-key-file vending.key"),
            ("Make a token of 100 base units of money, and show its fields",
                "sts token credit --currency --amount 100 --json --pan 600727000000000009 --sgc 201457 "
                    + "--vending-key-file vending.key"));
    }

    private static Command Test()
    {
        var tests = new Option<string>("--tests")
        {
            Description = "'all', or test numbers such as 4 or 4,5,16",
            DefaultValueFactory = _ => "all",
        };
        var fourDigits =
            new Option<bool>("--four-digit") { Description = "The form for makers with four-digit codes" };
        var maker = new Option<string?>("--manufacturer") { Description = "Maker's code; left out: every maker" };
        var command =
            new Command("test", "Token that runs tests or shows values, for every meter") { tests, fourDigits, maker };
        return command.Does(parsed =>
        {
            var four = parsed.GetValue(fourDigits);
            var token = new JsonObject
            {
                ["class"] = 1,
                ["subclass"] = four ? 1 : 0,
                ["control"] = Control(parsed.GetValue(tests)!, four ? 28 : 36),
                ["manufacturerCode"] = parsed.GetValue(maker) ?? (four ? "0000" : "00"),
            };
            var names = new OptionNames().Add("token.manufacturerCode", maker.Name).Add("token.control", tests.Name);
            return Issue(parsed, new JsonObject { ["op"] = "issue", ["token"] = token }, names);
        }).WithExamples(
            ("Make the token that runs every test", "sts token test"),
            ("Make the token that runs test 4, for meters of one manufacturer",
                "sts token test --tests 4 --manufacturer 96"));
    }

    private static long Control(string tests, int bits)
    {
        if (tests == "all")
            return (1L << bits) - 1;
        var control = 0L;
        foreach (var number in tests.Split(','))
        {
            if (!int.TryParse(number, out var test) || test < 1 || test > bits)
                throw new CliException($"--tests: '{number}' is not 'all' or a number from 1 to {bits}");
            control |= 1L << (test - 1);
        }

        return control;
    }

    private static Command Extension(string name, string description, int highest, Func<int, long> control)
    {
        var index = new Option<int>("--index") { Description = $"0 to {highest}", Required = true };
        return new Command(name, description) { index }.Does(parsed =>
        {
            var value = parsed.GetValue(index);
            if (value < 0 || value > highest)
                throw new CliException($"--index: {value} is not a whole number from 0 to {highest}");
            var token = new JsonObject
            {
                ["class"] = 1,
                ["subclass"] = 2,
                ["control"] = control(value),
                ["manufacturerCode"] = "00",
            };
            return Issue(parsed, new JsonObject { ["op"] = "issue", ["token"] = token }, new OptionNames());
        }).WithExamples(
            ($"Make the token that shows number {highest / 2}", $"sts token {name} --index {highest / 2}"));
    }

    private static Command Management(string name, string description, int subclass, Option<long> payload,
        int example = 0) =>
        Timed(name, description, [payload], (parsed, token) =>
        {
            token["class"] = 2;
            token["subclass"] = subclass;
            token[payload.Name[2..]] = parsed.GetValue(payload);
        }).WithExamples((description, $"sts token {name}{(payload.Required ? $" {payload.Name} {example}" : "")} "
            + "--pan 600727000000000009 --sgc 201457 --vending-key-file vending.key"));

    private static Command Element<T>(string name, string description, Option<T> value, Func<T, JsonNode> form)
    {
        var index =
            new Option<int>("--index") { Description = name == "flag" ? "0 to 511" : "0 to 62", Required = true };
        return Timed(name, description, [index, value], (parsed, token) =>
        {
            token["class"] = 2;
            token["subclass"] = 10;
            token[name] =
                new JsonObject { ["index"] = parsed.GetValue(index), ["value"] = form(parsed.GetValue(value)!) };
        }).WithExamples((description, $"sts token {name} --index 0 --value {(name == "flag" ? "on" : "3")} --pan "
            + "600727000000000009 --sgc 201457 --vending-key-file vending.key"));
    }

    private static Command Timed(string name, string description, Option[] options,
        Action<ParseResult, JsonObject> fill)
    {
        var keys = new KeyOptions();
        var at = new Option<string?>("--at") { Description = "Time of issue, RFC 3339; left out: now" };
        var random = new Option<int?>("--random") { Description = "The four random bits, 0 to 15; left out: drawn" };
        var command = new Command(name, description) { at, random };
        foreach (var option in options)
            command.Options.Add(option);
        keys.AddTo(command);
        return command.Does(parsed =>
        {
            var token = new JsonObject();
            fill(parsed, token);
            token["issuedAt"] = parsed.GetValue(at) ?? Rfc3339.Format(DateTimeOffset.UtcNow);
            if (parsed.GetValue(random) is { } bits)
                token["random"] = bits;
            var request = new JsonObject { ["op"] = "issue", ["token"] = token };
            keys.Write(parsed, request);
            var names = keys.AddNames(new OptionNames(), parsed).Add("token.issuedAt", at.Name)
                .Add("token.random", random.Name);
            foreach (var option in options)
                names.Add($"token.{option.Name[2..]}", option.Name);
            names.Add($"token.{name}.index", "--index").Add($"token.{name}.value", "--value");
            return Issue(parsed, request, names);
        });
    }

    private static Option<long> Number(string name, string description, long? usual = null)
    {
        var option = new Option<long>($"--{name}") { Description = description, Required = usual is null };
        if (usual is { } value)
            option.DefaultValueFactory = _ => value;
        return option;
    }

    // The answer of the contract holds the token alone; what a person asked for is read back out of the token itself.
    private static int Issue(ParseResult parsed, JsonObject request, OptionNames names) =>
        Requests.Run(parsed, request, names, Print, answer =>
    {
        var reading = new JsonObject { ["op"] = "decode", ["token"] = answer["token"]!.DeepClone() };
        foreach (var name in (string[])["meter", "vendingKey", "decoderKey"])
        {
            if (request[name] is { } value)
                reading[name] = value.DeepClone();
        }

        foreach (var (name, value) in Requests.Answer(reading))
            answer[name] = value?.DeepClone();
        var token = request["token"]!.AsObject();
        TellRounding(parsed, "amount", token["amount"]?.ToString(), answer["amount"]?.ToString());
        TellRounding(parsed, "watts", token["watts"]?.ToString(), answer["watts"]?.ToString());
    });

    // IEC 62055-41: what a token cannot carry exactly is rounded up, in the customer's favour. An amount of money is
    // nearly always rounded by less than one part in ten thousand, which is the field's precision and not worth a
    // line.
    private static void TellRounding(ParseResult parsed, string option, string? asked, string? issued)
    {
        if (asked is null || issued is null || !ExactDecimal.TryReadRoundedUp(asked, Finest, out var wanted)
            || !ExactDecimal.TryReadRoundedUp(issued, Finest, out var carried)
                || (carried - wanted) * 10_000 <= Int128.Abs(carried))
            return;
        Console.Error.WriteLine(
            $"{parsed.CommandResult.Command.Path()}: --{option}: {asked} is rounded up to {issued}, the next value a "
                + "token can carry");
    }

    private static void Print(JsonObject answer) =>
        Console.Out.WriteLine(Token66.Parse(answer["token"]!.GetValue<string>()).ToGroupedString());
}
