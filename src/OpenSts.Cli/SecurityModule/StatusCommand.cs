using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using OpenSts.Cli.Terminal;
using OpenSts.SecurityModule;
using OpenSts.Sts6;

namespace OpenSts.Cli.SecurityModule;

/// <summary><c>sts sm status</c>: who a module is, what time it has, what it made and which registers are loaded.</summary>
internal static class StatusCommand
{
    private static readonly TimeSpan AnswersTimeout = TimeSpan.FromSeconds(30);

    public static Command Create()
    {
        var address = new ModuleAddress();
        var command = new Command("status", "Show identity, clock, counters and registers of a module");
        address.AddTo(command);
        return command.DoesWithModule(parsed => address.WithAsync(parsed, async asker =>
        {
            using var limit = new CancellationTokenSource(AnswersTimeout);
            var json = new JsonObject();
            foreach (var query in (string[])["SM?DI", "SM?QI", "SM?PD", "SM?QD", "SM?CQ"])
            {
                var answer = ModuleLine.Read(await asker.AskAsync(query, limit.Token));
                if (answer.Code != ResponseCode.Successful)
                {
                    Console.Error.WriteLine($"sts status: {query}: {answer.Code}: {answer.Code.Describe()}");
                    return ExitCode.Negative;
                }

                foreach (var (name, value) in answer.Fields)
                    json[name] = value;
            }

            var registers = new JsonObject();
            for (var number = 1; number <= SoftwareSecurityModule.GreatestRegister; number++)
            {
                var answer = ModuleLine.Read(await asker.AskAsync(string.Create(CultureInfo.InvariantCulture, $"SM?GAN{number}~"), limit.Token));
                if (answer.Code == ResponseCode.Successful)
                    registers[number.ToString(CultureInfo.InvariantCulture)] = answer.Fields[0].Value;
            }

            if (parsed.WantsJson())
            {
                json["registers"] = registers;
                Console.Out.WriteLine(json.ToJsonString(JsonText.Readable));
                return ExitCode.Good;
            }

            foreach (var (name, value) in json)
                Console.Out.WriteLine($"{name}: {value}");
            foreach (var (number, card) in registers)
                Console.Out.WriteLine($"register {number}: {card}");
            return ExitCode.Good;
        }));
    }
}
