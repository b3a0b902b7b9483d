using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using OpenSts.Cli.Terminal;
using OpenSts.Pkcs11;
using OpenSts.SecureStorage;
using OpenSts.SecurityModule.Vault;
using OpenSts.Sts6;

namespace OpenSts.Cli.SecurityModule;

/// <summary><c>sts sm init</c>, <c>sts sm key list</c>, <c>sts sm log verify</c>.</summary>
internal static class VaultCommands
{
    public static Argument<string> Folder() => new("vault") { Description = "Folder of the vault" };

    public static Command Init()
    {
        var folder = Folder();
        var locks = new LockOptions();
        var shares = new Option<string?>("--shares")
        {
            Description = "Lock it with custodians' shares, such as 2/3 for two of three"
        };
        var shareFolder = new Option<string?>("--share-folder")
        {
            Description = "New files share-1, share-2, ... go here, each for one custodian to take away"
        };
        var command = new Command("init",
            "Make an empty vault, locked by a passphrase, a key file, custodians' shares or a token")
            {
                folder,
                shares,
                shareFolder,
            };
        locks.AddTo(command);
        return command.DoesWithVault(parsed =>
        {
            var path = parsed.GetValue(folder)!;
            var made = new List<string>();
            if (locks.KeyFileOf(parsed) is { } keyFile && !File.Exists(keyFile))
            {
                KeyFile.Create(keyFile);
                made.Add(keyFile);
            }

            Pkcs11Token? token = null;
            StorageLock? storageLock;
            CustodianShare[] set = [];
            if (parsed.GetValue(shares) is { } form)
            {
                var into = parsed.GetValue(shareFolder) ?? throw new CliException("--share-folder is missing");
                var parts = form.Split('/');
                if (parts.Length != 2 || !int.TryParse(parts[0], NumberStyles.None, null, out var k)
                    || !int.TryParse(parts[1], NumberStyles.None, null, out var n) || k < 2 || n > 255 || k > n)
                    throw new CliException($"--shares held {form}; permitted is k/n with 2 <= k <= n <= 255");
                _ = Directory.CreateDirectory(into);
                (storageLock, set) = StorageLock.NewShares(k, n);
                foreach (var share in set)
                {
                    var file = Path.Combine(into, $"share-{share.Number}");
                    share.Save(file);
                    share.Dispose();
                    made.Add(file);
                }
            }
            else if (locks.HasToken(parsed))
            {
                token = locks.OpenToken(parsed);
                _ = token.Generate(locks.TokenKey(parsed));
                storageLock = token.StorageLock(locks.TokenKey(parsed));
            }
            else
            {
                (storageLock, _) = locks.Read(parsed);
            }

            using (token)
            using (storageLock ?? throw new CliException(
                "nothing locks the vault: give --passphrase, --key-file, --shares or --token-library"))
                KeyVault.Create(path, storageLock, locks.Vault(parsed));
            if (parsed.WantsJson())
                Console.Out.WriteLine(new JsonObject
                {
                    ["vault"] = path,
                    ["lock"] = storageLock.Kind.ToString(),
                    ["made"] = new JsonArray([.. made.Select(file => (JsonNode)file)]),
                }.ToJsonString(JsonText.Readable));
            else
                Console.Out.WriteLine(
                    $"{path} is a vault, locked with "
                        + $"{storageLock.Kind}.{(made.Count == 0 ? "" : " New: " + string.Join(", ", made))}");
            return ExitCode.Good;
        });
    }

    public static Command KeyList()
    {
        var folder = Folder();
        var locks = new LockOptions();
        var command = new Command("list",
            "Show the registers, their attributes and what they have sold; never a key") { folder };
        locks.AddTo(command);
        return command.DoesWithVault(parsed =>
        {
            using var open = OpenVault.From(parsed, folder, locks);
            if (parsed.WantsJson())
            {
                foreach (var record in open.Vault.Records)
                {
                    Console.Out.WriteLine(new JsonObject
                    {
                        ["register"] = record.Number,
                        ["attributes"] = record.Attributes,
                        ["home"] = record.Home.ToString(),
                        ["status"] = StatusOf(record),
                        ["tokens"] = record.Counters.Tokens,
                        ["units"] = record.Counters.Units,
                        ["currency"] = record.Counters.Currency,
                    }.ToJsonString(JsonText.Readable));
                }

                return ExitCode.Good;
            }

            Tables.Write(
                ["Register", "Home", "Status", "Tokens", "Units", "Currency", "Attributes"],
                open.Vault.Records.Select(record => (IReadOnlyList<string>)
                [
                    record.Number.ToString(CultureInfo.InvariantCulture),
                    record.Home.ToString(),
                    StatusOf(record),
                    record.Counters.Tokens.ToString(CultureInfo.InvariantCulture),
                    record.Counters.Units.ToString(CultureInfo.InvariantCulture),
                    record.Counters.Currency.ToString(CultureInfo.InvariantCulture),
                    record.Attributes,
                ]));
            return ExitCode.Good;
        });
    }

    public static Command LogVerify()
    {
        var folder = Folder();
        var locks = new LockOptions();
        var show = new Option<bool>("--show") { Description = "Print the entries that are in order" };
        var command = new Command("verify",
            "Read the whole log and name the first entry that was altered, removed or moved") { folder, show };
        locks.AddTo(command);
        return command.DoesWithVault(parsed =>
        {
            var (storageLock, token) = locks.Read(parsed);
            LogReport report;
            using (token)
            using (storageLock)
                report = KeyVault.VerifyLog(parsed.GetValue(folder)!, storageLock, parsed.GetValue(show)
                    ? entry => Console.Out.WriteLine(entry) : null);
            var checkedWith = storageLock is null ? "chain" : "chain and seals";
            if (parsed.WantsJson())
                Console.Out.WriteLine(new JsonObject
                {
                    ["verdict"] = report.Verdict.ToString(),
                    ["entry"] = report.Sequence,
                    ["unsealed"] = report.Unsealed,
                    ["checked"] = checkedWith,
                }.ToJsonString(JsonText.Readable));
            else
                Console.Out.WriteLine($"{report} ({checkedWith} checked)");
            if (storageLock is null)
                Console.Error.WriteLine(
                    "sts verify: without what locks the vault the seals were not checked; whoever writes the file can "
                        + "make a chain that fits");
            return report.Verdict == LogVerdict.Good ? ExitCode.Good : ExitCode.Negative;
        });
    }

    private static string StatusOf(VaultRecord record) =>
        KeyCard.TryParse(record.Attributes, out var card, out _)
            ? card.StatusAt(TimeProvider.System.GetUtcNow()).ToString() : "Unreadable";

    /// <summary>Refusals of vault and token become one line on standard error and exit status 1.</summary>
    public static Command DoesWithVault(this Command command, Func<ParseResult, int> work) =>
        command.DoesWithVault((parsed, _) => Task.FromResult(work(parsed)));

    /// <summary>The same for work that waits.</summary>
    public static Command DoesWithVault(this Command command, Func<ParseResult, CancellationToken, Task<int>> work) => command.Does(async (parsed, cancellation) =>
    {
        try
        {
            return await work(parsed, cancellation);
        }
        catch (Exception error) when (error is StorageException or TokenException)
        {
            Console.Error.WriteLine(
                $"sts {command.Name}: "
                    + $"{(error is StorageException { Fault: var fault } ? fault.ToString() : "Token")}: "
                    + $"{error.Message}");
            return ExitCode.Negative;
        }
    });
}
