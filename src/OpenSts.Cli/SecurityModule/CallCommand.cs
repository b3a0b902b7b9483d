using System.CommandLine;
using OpenSts.Cli.Terminal;
using OpenSts.Sts6;

namespace OpenSts.Cli.SecurityModule;

/// <summary><c>sts sm call 'SM?VC...'</c>: one line to a module, with its check; the answer in words.</summary>
internal static class CallCommand
{
    private static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(10);

    public static Command Create()
    {
        var request = new Argument<string>("request") { Description = "Header and fields, such as 'SM?GAN1~'; the check is added" };
        var address = new ModuleAddress();
        var command = new Command("call", "Send a line to a module and explain its answer") { request };
        address.AddTo(command);
        return command.DoesWithModule(parsed => address.WithAsync(parsed, async asker =>
        {
            var line = parsed.GetValue(request)!;
            if (line.Length < 5 || line.Any(letter => letter is < ' ' or > '~'))
                throw new CliException("a request begins with five characters such as SM?VC and holds printable characters only");
            using var limit = new CancellationTokenSource(AnswerTimeout);
            var answer = ModuleLine.Read(await asker.AskAsync(line, limit.Token));
            if (parsed.WantsJson())
                Console.Out.WriteLine(answer.ToJson().ToJsonString(JsonText.Readable));
            else
                answer.Print(Console.Out);
            return answer.Code == ResponseCode.Successful ? ExitCode.Good : ExitCode.Negative;
        }));
    }

    /// <summary>A module that cannot be asked becomes one line on standard error and exit status 1.</summary>
    public static Command DoesWithModule(this Command command, Func<ParseResult, Task<int>> work) => command.DoesWithVault(async (parsed, stop) =>
    {
        try
        {
            return await work(parsed);
        }
        catch (Exception error) when (error is SecurityModuleException or OperationCanceledException)
        {
            Console.Error.WriteLine($"sts {command.Name}: {(error is OperationCanceledException ? "the security module did not answer" : error.Message)}");
            return ExitCode.Negative;
        }
    });
}
