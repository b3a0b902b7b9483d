using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using OpenSts.Batch;
using OpenSts.Cli.Terminal;
using OpenSts.Vending.Client;

namespace OpenSts.Cli.Audit;

/// <summary><c>sts audit ...</c>: verifies the issue log of a vending server without trusting the server.</summary>
internal static class AuditCommands
{
    public static Command Create() => new("audit", "The issue log of a vending server") { Verify() };

    private static Command Verify()
    {
        var file = new Argument<FileInfo?>("file")
        {
            Description = "What 'sts-vending export-log' wrote; left out where --server is given",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var server = new Option<string?>("--server") { Description = "Read the log from this server" };
        var key = VendingServerOptions.KeyFile();
        var checkpoint = new Option<string?>("--witness")
        {
            Description =
                "Checkpoint kept outside the server: the head that an earlier verification printed, as number, colon "
                    + "and 64 hexadecimal digits; a log that was cut or rewritten before it is reported"
        };
        return new Command("verify", "Name the first entry that was altered, removed, reordered or is missing")
        {
            file,
            server,
            key,
            checkpoint,
        }.Does(parsed =>
        {
            var kept = parsed.GetValue(checkpoint) is { } text ? Checkpoint(text) : null;
            return (parsed.GetValue(file), parsed.GetValue(server)) switch
            {
                ({ } path, null) => OfFile(path, kept, parsed.WantsJson()),
                (null, { } address) => OfServer(VendingServerOptions.Address("--server", address),
                    VendingServerOptions.Key(parsed.GetValue(key)), kept, parsed.WantsJson()),
                _ => throw new CliException("a file or --server is needed, and not both"),
            };
        }).WithExamples(
            ("Verify an exported log", "sts audit verify issue-log.jsonl"),
            (
                "Verify an exported log against a head that was printed earlier",
                "sts audit verify issue-log.jsonl --witness "
                    + "2:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"),
            ("Verify the log of a running server",
                "sts audit verify --server http://127.0.0.1:8080 --api-key-file api.key"));
    }

    private static LogHead Checkpoint(string text)
    {
        var parts = text.Split(':');
        return parts.Length == 2 && long.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture,
            out var sequence) && parts[1].Length == 64 && parts[1].All(char.IsAsciiHexDigitLower)
            ? new LogHead(sequence, parts[1])
            : throw new CliException(
                $"--witness: '{Excerpt.Of(text)}' is not a number, a colon and 64 lower-case hexadecimal digits");
    }

    private static int OfFile(FileInfo path, LogHead? checkpoint, bool json)
    {
        using var file = path.OpenRead();
        var found = IssueLogFile.Verify(file, checkpoint, out var head);
        return Say(found, head, json);
    }

    private static int OfServer(Uri server, string key, LogHead? checkpoint, bool json)
    {
        try
        {
            using var client = new VendingClient(server, key);
            var (found, head) = client.IssueLog.ReadAndVerifyAsync(checkpoint).GetAwaiter().GetResult();
            // Whether every token is in the log only the server can say, who has the issues too.
            if (found.Fault == LogFault.None)
                found = client.IssueLog.VerifyAsync(head).GetAwaiter().GetResult();
            return Say(found, head, json);
        }
        catch (Exception error) when (error is VendingServerException or ArgumentException)
        {
            throw new CliException($"{server} did not answer the request: {error.Message}");
        }
    }

    private static int Say(LogVerification found, LogHead head, bool json)
    {
        var good = found.Fault == LogFault.None;
        if (json)
        {
            Console.Out.WriteLine(new JsonObject
            {
                ["fault"] = JsonNamingPolicy.KebabCaseLower.ConvertName(found.Fault.ToString()),
                ["sequence"] = found.Sequence,
                ["detail"] = found.Detail,
                ["entries"] = found.Entries,
                ["head"] = $"{head.Sequence}:{head.Hash}",
            }.ToJsonString(JsonText.Readable));
        }
        else
        {
            Console.Out.WriteLine(good ? found.Detail
                : $"{found.Fault}: {found.Detail} The {head.Sequence} entries before are in order.");
            Console.Out.WriteLine($"Head {head.Sequence}:{head.Hash}");
        }

        return good ? ExitCode.Good : ExitCode.Negative;
    }
}
