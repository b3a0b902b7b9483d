using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using OpenSts.Batch;
using OpenSts.Cli.SecurityModule;
using OpenSts.Cli.Terminal;
using OpenSts.KeyManagement;
using OpenSts.KeyManagement.Records;
using OpenSts.KeyManagement.Storage;
using OpenSts.Pkcs11;
using OpenSts.SecureStorage;

namespace OpenSts.Cli.KeyManagement;

/// <summary>
/// What every command on a centre shares: its folder, what opens it, who acts, and how an answer is printed.
/// </summary>
internal sealed class CentreCommand
{
    private readonly Argument<string> _place = PlaceArgument("Folder of the centre");
    private readonly LockOptions _locks = new();
    private Pkcs11Token? _token;
    private readonly Option<string?> _officer = new("--as") { Description = "File with your officer key, mode 0600" };

    private CentreCommand(Command command)
    {
        command.Arguments.Insert(0, _place);
        command.Options.Add(_officer);
        _locks.AddTo(command);
    }

    /// <summary>
    /// Gives a command its work on an open centre; refusals become one line on standard error and exit status 1.
    /// </summary>
    public static Command On(Command command, Func<CentreCommand, ParseResult, KeyCentre, int> work)
    {
        var shared = new CentreCommand(command);
        return command.Does(parsed => Guard(parsed, () =>
        {
            _ = ProcessMemory.ForbidDumps();
            var (storageLock, token) = shared._locks.ReadRequired(parsed, "the centre");
            // The token may seal the centre's keys: it stays open as long as the centre.
            using (token)
            using (storageLock)
            using (var centre = KeyCentre.Open(Place(parsed.GetValue(shared._place)!), storageLock,
                new CentreOptions { CheckpointFile = shared._locks.Vault(parsed).Witness, Token = token }))
            {
                shared._token = token;
                var status = work(shared, parsed, centre);
                // The change is stored; only the file beside it is old.
                if (centre.CheckpointError is { } problem)
                    Console.Error.WriteLine(
                        $"{parsed.CommandResult.Command.Path()}: warning: the change is stored, but the file of "
                            + $"--witness could not be written: {problem}");
                return status;
            }
        }));
    }

    /// <summary>Where a centre is, as an argument.</summary>
    public static Argument<string> PlaceArgument(string folder) =>
        new("centre")
        {
            Description =
                $"{folder}, or a PostgreSQL connection string such as \"Host=db;Database=kmc;Username=kmc\"; the password comes from PGPASSWORD or a passfile"
        };

    /// <summary>Checks a place that was typed.</summary>
    public static string Place(string text) => KeyCentre.HoldsPassword(text)
        ? throw new CliException(
            "the connection string holds a password, which every user of this machine can see; permitted: PGPASSWORD, "
                + "or a passfile of mode 0600 named by PGPASSFILE or Passfile=")
        : text;

    /// <summary>Runs work that may be refused by a vault, a centre or a token.</summary>
    public static int Guard(ParseResult parsed, Func<int> work)
    {
        try
        {
            return work();
        }
        catch (Exception error) when (error is StorageException or CentreException or TokenException)
        {
            var code = error switch
            {
                StorageException vault => vault.Fault.ToString(),
                CentreException centre => centre.Fault.ToString(),
                _ => "Token",
            };
            return Refuse(parsed, code, error.Message);
        }
    }

    /// <summary>Prints a refusal.</summary>
    public static int Refuse(ParseResult parsed, string code, string message)
    {
        if (parsed.WantsJson())
            Console.Out.WriteLine(new JsonObject
            {
                ["error"] = new JsonObject { ["code"] = code, ["message"] = message }
            }.ToJsonString(JsonText.Readable));
        else
            Console.Error.WriteLine($"{parsed.CommandResult.Command.Path()}: {code}: {message}");
        return ExitCode.Negative;
    }

    /// <summary>Prints an answer, or why it was refused.</summary>
    public static int Print<T>(
        ParseResult parsed, CentreAnswer<T> answer, Func<T, JsonObject> json, Func<T, string> text)
        where T : notnull
    {
        if (!answer.TryGet(out var value))
            return Refuse(parsed, answer.Verdict.ToString(), answer.Text);
        Console.Out.WriteLine(parsed.WantsJson() ? json(value).ToJsonString(JsonText.Readable) : text(value));
        return ExitCode.Good;
    }

    /// <summary>
    /// Prints rows: a table, or one JSON object to a line. Cells are texts, numbers, times, true or false, or nothing.
    /// </summary>
    public static int Print(ParseResult parsed, string[] columns, IEnumerable<object?[]> rows)
    {
        if (parsed.WantsJson())
        {
            foreach (var row in rows)
            {
                var line = new JsonObject();
                for (var i = 0; i < columns.Length; i++)
                    line[Member(columns[i])] = Json(row[i]);
                Console.Out.WriteLine(line.ToJsonString(JsonText.Readable));
            }

            return ExitCode.Good;
        }

        Tables.Write(columns, rows.Select(row => (IReadOnlyList<string>)[.. row.Select(Cell)]));
        return ExitCode.Good;
    }

    /// <summary>The token that the command names.</summary>
    public Pkcs11Token Token =>
        _token ?? throw new CliException("--token-library is missing, and with it --token and --pin-file");

    /// <summary>Opens the officer's key that <c>--as</c> names.</summary>
    public OfficerKey Officer(ParseResult parsed) =>
        ReadOfficer(parsed.GetValue(_officer)
        ?? throw new CliException("--as is missing: the file with your officer key"));

    public static OfficerKey ReadOfficer(string path)
    {
        var text = SecretText.ReadFile(path);
        try
        {
            return OfficerKey.TryParse(text, out var officer) ? officer
                : throw new CliException($"{path} does not hold an officer's key, or a character of it was mistyped");
        }
        finally
        {
            Array.Clear(text);
        }
    }

    /// <summary>Asks for a change that another officer approves.</summary>
    public int Ask(ParseResult parsed, KeyCentre centre, ChangeRequest request)
    {
        using var officer = Officer(parsed);
        var stops = centre.Approvals.ConsequencesOf(request);
        return Print(parsed, centre.Approvals.Ask(officer, request),
            number => new JsonObject
            {
                ["change"] = number,
                ["request"] = ChangeText.Describe(request),
                ["stops"] = new JsonArray([.. stops.Select(stop => (JsonNode)stop)]),
            },
            number =>
                $"change {number} asked for: {ChangeText.Describe(request)}\n{Stops(stops)}It is done when another "
                    + $"officer approves it: sts kmc approve {Quoted(parsed.GetValue(_place)!)} {number}");
    }

    /// <summary>What a change stops, a line each; empty where nothing stops.</summary>
    public static string Stops(IReadOnlyList<string> stops) =>
        string.Concat(stops.Select(stop => $"It stops: {stop}\n"));

    /// <summary>A module's id as it was typed, with the zeros before it.</summary>
    public static string ModuleId(string text) =>
        text.Length is > 0 and < 8 && text.All(char.IsAsciiDigit) ? text.PadLeft(8, '0') : text;

    /// <summary>A user's number, where the number or the name of a user of this centre was typed.</summary>
    public static string UserId(KeyCentre centre, string text) => centre.Users.Any(user => user.Id == text) ? text
        : centre.Users.FirstOrDefault(user => user.Home == centre.Kmcid && user.State != UserState.Closed
            && user.Name == text)?.Id ?? text;

    /// <summary>Reads a time: a date, or a date and time, UTC.</summary>
    public static DateTimeOffset Time(string name, string text) =>
        DateTimeOffset.TryParseExact(text, ["yyyy-MM-dd", "yyyy-MM-dd'T'HH:mm:ss'Z'", "yyyyMMdd'T'HHmmss'Z'"],
            CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            ? time
            : throw new CliException(
                $"{name} held {text}; permitted: a date such as 2027-12-31, or 2027-12-31T23:59:59Z");

    /// <summary>A time for a person, in UTC; nothing where there is none.</summary>
    public static string Text(DateTimeOffset? time) =>
        time is { } at ? Rfc3339.Format(at) : "";

    /// <summary>A time in JSON; null where there is none.</summary>
    public static JsonNode? Json(DateTimeOffset? time) => time is { } at
        ? JsonValue.Create(Rfc3339.Format(at)) : null;

    /// <summary>The name of the user that runs a module, or the centre's KMCID.</summary>
    public static string OwnerOf(KeyCentre centre, RegisteredModule module) =>
        centre.UserOf(module)?.Name ?? module.Owner;

    /// <summary>The lines of a file that hold something.</summary>
    public static string[] Lines(string path) => File.Exists(path)
        ? [.. File.ReadAllLines(path).Where(line => line.Length > 0)]
        : throw new CliException($"there is no file {path}");

    public static string OneLine(string path) =>
        Lines(path) is [var line] ? line : throw new CliException($"{path} does not hold exactly one line");

    /// <summary>Writes a public file; one that exists is an error.</summary>
    public static void WriteNew(string path, string text)
    {
        using var writer = new StreamWriter(new FileStream(path, FileMode.CreateNew, FileAccess.Write));
        writer.Write(text);
    }

    /// <summary>Refuses a file that exists before anything is done whose answer would go into it.</summary>
    public static string RequireNew(string path) =>
        Path.Exists(path) ? throw new CliException($"{path} is there already; it is not overwritten") : path;

    // As it is typed again: with what a shell would take apart inside apostrophes.
    private static string Quoted(string text) =>
        text.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '/' or '.' or '-' or '_') ? text
        : $"'{text}'";

    // "Refresh by" is refreshBy.
    private static string Member(string column)
    {
        var words = column.Split(' ');
        var first = words[0].All(char.IsUpper) ? words[0].ToLowerInvariant() : char.ToLowerInvariant(words[0][0])
            + words[0][1..];
        return first + string.Concat(words.Skip(1).Select(word => char.ToUpperInvariant(word[0]) + word[1..]));
    }

    private static string Cell(object? cell) => cell switch
    {
        null => "",
        DateTimeOffset time => Text(time),
        bool yes => yes ? "yes" : "no",
        int number => number.ToString(CultureInfo.InvariantCulture),
        _ => cell.ToString()!,
    };

    private static JsonNode? Json(object? cell) => cell switch
    {
        null => null,
        DateTimeOffset time => Json((DateTimeOffset?)time),
        bool yes => JsonValue.Create(yes),
        int number => JsonValue.Create(number),
        _ => JsonValue.Create(cell.ToString()),
    };
}
