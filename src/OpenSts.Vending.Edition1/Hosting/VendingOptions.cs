using System.Globalization;
using OpenSts.Sts6.Client;
using OpenSts.Vending.Money;
using OpenSts.Vending.Operations;

namespace OpenSts.Vending.Hosting;

/// <summary>What the command line, the environment as OPENSTS_VENDING_NAME, or a file says about a server.</summary>
public sealed record VendingOptions
{
    /// <summary>Folder of the database and of what is written on the first start.</summary>
    public string Folder { get; init; } = "opensts-vending";

    /// <summary>A PostgreSQL connection string; empty for the embedded SQLite file.</summary>
    public string Postgres { get; init; } = "";

    /// <summary>Folder of the journal of transactions; empty for the folder's name with <c>.journal</c> behind it.</summary>
    public string Journal { get; init; } = "";

    /// <summary>Journals of the other servers on the same database.</summary>
    public IReadOnlyList<string> OtherJournals { get; init; } = [];

    /// <summary>How long the journal's files are kept.</summary>
    public TimeSpan JournalKept { get; init; } = TimeSpan.FromDays(35);

    /// <summary>Where it listens.</summary>
    public string Listen { get; init; } = "http://127.0.0.1:8080";

    /// <summary>Security modules by STS6: host:port, tls://host:port or unix:///path, several with commas.</summary>
    public string Module { get; init; } = "127.0.0.1:5100";

    /// <summary>Own certificate for TLS to modules, PEM; empty for none.</summary>
    public string ModuleCertificate { get; init; } = "";

    /// <summary>Its key, PEM, mode 0600.</summary>
    public string ModuleCertificateKey { get; init; } = "";

    /// <summary>Certificate of the authority that made both sides' certificates, PEM.</summary>
    public string ModuleAuthority { get; init; } = "";

    /// <summary>True adds demonstration data to an empty store.</summary>
    public bool Demonstration { get; init; } = true;

    public VendingSettings Settings { get; init; } = new();

    /// <summary>The names of all options with what each says.</summary>
    public static IReadOnlyList<(string Name, string Says)> Names { get; } =
    [
        (Config, "file with a line 'name = value' for each option, # before a remark; what stands here and in the environment goes before it"),
        ("folder", "folder of the SQLite file; usually opensts-vending"),
        ("postgres", "PostgreSQL connection string in place of the SQLite file"),
        ("journal", "folder of the journal, best on another volume; usually the folder's name with .journal behind it"),
        ("journal-days", "days for which the journal is kept, 1 to 3650, usually 35: as old may a backup be that is brought up to date"),
        ("other-journals", "journals of the other servers on the same database, with commas; for reconcile and accept-loss"),
        ("listen", "address to listen on; usually http://127.0.0.1:8080"),
        ("module", "security modules by STS6: host:port, tls://host:port or unix:///path, several with commas; usually 127.0.0.1:5100"),
        ("module-certificate", "own certificate for tls:// modules, a PEM file"),
        ("module-certificate-key", "its key, a PEM file of mode 0600"),
        ("module-authority", "certificate of the authority that made both sides' certificates, a PEM file"),
        ("demonstration", "true or false: demonstration data in an empty store; usually true"),
        ("currency", "code and decimals of the money, such as ZAR:2"),
        ("time-zone", "whose days and months count, such as Africa/Johannesburg; usually UTC"),
        ("utility", "name on receipts"),
        ("utility-address", "address on receipts"),
        ("tax-number", "tax number on receipts"),
        ("help-line", "telephone number on receipts"),
        ("message", "last line of receipts"),
        ("module-patience", "seconds until a sale's outcome is called unknown: 1 to 60, usually 10"),
    ];

    /// <summary>Reads <c>--name value</c>, the environment and the file that one of them names; in this order the first that has an option wins.</summary>
    /// <exception cref="FormatException">An option is unknown or its value not permitted; the message names where it stands, what it held and what it may hold.</exception>
    public static VendingOptions Parse(IReadOnlyList<string> arguments, Func<string, string?> environment)
    {
        ArgumentNullException.ThrowIfNull(arguments);
        ArgumentNullException.ThrowIfNull(environment);
        var given = new Dictionary<string, Held>(StringComparer.Ordinal);
        for (var i = 0; i < arguments.Count; i += 2)
        {
            var name = arguments[i].StartsWith("--", StringComparison.Ordinal) ? arguments[i][2..] : "";
            if (!IsKnown(name))
                throw new FormatException($"'{arguments[i]}' is no option; known are {string.Join(", ", Names.Select(known => "--" + known.Name))}.");
            if (i + 1 == arguments.Count)
                throw new FormatException($"--{name} held nothing; permitted is {Names.First(known => known.Name == name).Says}.");
            given[name] = new Held(arguments[i], arguments[i + 1]);
        }

        foreach (var (name, _) in Names)
        {
            var variable = "OPENSTS_VENDING_" + name.ToUpperInvariant().Replace('-', '_');
            if (environment(variable) is { } value)
                _ = given.TryAdd(name, new Held(variable, value));
        }

        if (given.TryGetValue(Config, out var config))
            ReadFile(config, given);
        return From(given);
    }

    private const string Config = "config";

    /// <summary>What an option held, and where it stood.</summary>
    private readonly record struct Held(string Where, string Value)
    {
        public FormatException Not(string permitted, string? shown = null) => new($"{Where} held {shown ?? $"'{Value}'"}; permitted is {permitted}.");

        public Held Must(Func<string, bool> permits, string permitted) => permits(Value) ? this : throw Not(permitted);
    }

    private static bool IsKnown(string name) => Names.Any(known => known.Name == name);

    private static void ReadFile(Held config, Dictionary<string, Held> given)
    {
        string[] lines;
        try
        {
            lines = File.ReadAllLines(config.Value);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw config.Not($"a file that can be read ({error.Message})");
        }

        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < lines.Length; i++)
        {
            var line = lines[i].Trim();
            if (line.Length == 0 || line[0] == '#')
                continue;
            var where = $"{config.Value} line {i + 1}";
            var cut = line.IndexOf('=', StringComparison.Ordinal);
            var name = (cut < 0 ? line : line[..cut]).TrimEnd();
            if (cut < 0 || !IsKnown(name) || name == Config)
                throw new FormatException($"{where} held '{name}'; permitted is 'name = value' with one of {string.Join(", ", Names.Where(known => known.Name != Config).Select(known => known.Name))}.");
            if (!seen.Add(name))
                throw new FormatException($"{where} held '{name}' a second time; permitted is each option once.");
            _ = given.TryAdd(name, new Held($"{where}, {name},", line[(cut + 1)..].TrimStart()));
        }
    }

    private static VendingOptions From(Dictionary<string, Held> given)
    {
        var usual = new VendingOptions();
        var settings = usual.Settings;
        Held Value(string name, string otherwise) => given.TryGetValue(name, out var held) ? held : new Held("--" + name, otherwise);
        string Printed(string name, string otherwise, int most) => Value(name, otherwise)
            .Must(text => text.Length <= most && !text.Any(char.IsControl), $"a text of at most {most} characters without control characters").Value;
        string Tls(string name) => Value(name, "").Must(text => text.Length > 0 == given.ContainsKey("module-certificate") && !text.Contains('\0', StringComparison.Ordinal),
            given.ContainsKey("module-certificate") ? "a PEM file, together with --module-certificate, --module-certificate-key and --module-authority" : "nothing without --module-certificate").Value;
        return new VendingOptions
        {
            Folder = Value("folder", usual.Folder).Must(text => !string.IsNullOrWhiteSpace(text) && !text.Contains('\0', StringComparison.Ordinal), "the path of a folder").Value,
            Postgres = Database(Value("postgres", "")),
            Journal = Value("journal", "").Must(text => !text.Contains('\0', StringComparison.Ordinal), "the path of a folder").Value,
            OtherJournals = Value("other-journals", "").Must(text => !text.Contains('\0', StringComparison.Ordinal), "paths of folders with commas between them").Value.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries),
            JournalKept = TimeSpan.FromDays(Whole(Value("journal-days", "35"), 3650, "days")),
            Listen = Value("listen", usual.Listen).Must(IsAddress, "an http address without a path, such as http://127.0.0.1:8080; TLS is the business of a proxy before it").Value,
            Module = Value("module", usual.Module).Must(text => text.Split(',').All(part => ModuleEndpoint.TryParse(part, out _)), "host:port, tls://host:port or unix:///path, several with commas")
                .Must(text => !text.Contains("tls://", StringComparison.Ordinal) || given.ContainsKey("module-certificate"), "tls://host:port only together with --module-certificate").Value,
            ModuleCertificate = Tls("module-certificate"),
            ModuleCertificateKey = Tls("module-certificate-key"),
            ModuleAuthority = Tls("module-authority"),
            Demonstration = Value("demonstration", "true").Must(text => text is "true" or "false", "true or false").Value == "true",
            Settings = settings with
            {
                Currency = Currency(Value("currency", "ZAR:2")),
                TimeZone = Zone(Value("time-zone", "UTC")),
                UtilityName = Printed("utility", settings.UtilityName, 100),
                UtilityAddress = Printed("utility-address", settings.UtilityAddress, 200),
                TaxNumber = Printed("tax-number", settings.TaxNumber, 40),
                HelpLine = Printed("help-line", settings.HelpLine, 40),
                Message = Printed("message", settings.Message, 200),
                ModulePatience = TimeSpan.FromSeconds(Whole(Value("module-patience", "10"), 60, "seconds")),
            },
        };
    }

    // A connection string may hold a password: it is never shown.
    private static string Database(Held held)
    {
        if (held.Value.Length == 0)
            return "";
        const string permitted = "a connection string such as Host=127.0.0.1;Username=vending;Database=vending";
        Npgsql.NpgsqlConnectionStringBuilder parts;
        try
        {
            parts = new Npgsql.NpgsqlConnectionStringBuilder(held.Value);
        }
        catch (Exception error) when (error is ArgumentException or FormatException or InvalidCastException or OverflowException)
        {
            throw held.Not(permitted, "something that is none");
        }

        return parts.Host is { Length: > 0 } ? held.Value : throw held.Not(permitted, "no host");
    }

    private static bool IsAddress(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri is { Scheme: "http", PathAndQuery: "/", UserInfo: "", Fragment: "" } && uri.Host.Length > 0;

    private static int Whole(Held held, int most, string unit) =>
        int.TryParse(held.Value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= 1 && number <= most ? number : throw held.Not($"1 to {most} {unit}");

    private static Currency Currency(Held held)
    {
        var parts = held.Value.Split(':');
        return parts.Length == 2 && parts[0].Length == 3 && parts[0].All(char.IsAsciiLetterUpper) && parts[1] is ['0' or '1' or '2' or '3' or '4']
            ? new Currency(parts[0], parts[1][0] - '0')
            : throw held.Not("three capitals, a colon and 0 to 4 decimals, such as ZAR:2");
    }

    private static TimeZoneInfo Zone(Held held) => TimeZoneInfo.TryFindSystemTimeZoneById(held.Value, out var zone)
        ? zone
        : throw held.Not("a time zone of this system, such as Africa/Johannesburg");
}
