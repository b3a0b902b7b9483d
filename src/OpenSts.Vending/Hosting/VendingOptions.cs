using System.Globalization;
using OpenSts.Vending.Money;
using OpenSts.Vending.Operations;

namespace OpenSts.Vending.Hosting;

/// <summary>What the command line, or the environment as OPENSTS_VENDING_NAME, says about a server.</summary>
public sealed record VendingOptions
{
    /// <summary>Folder of the database and of what is written on the first start.</summary>
    public string Folder { get; init; } = "opensts-vending";

    /// <summary>A PostgreSQL connection string; empty for the embedded SQLite file.</summary>
    public string Postgres { get; init; } = "";

    /// <summary>Where it listens.</summary>
    public string Listen { get; init; } = "http://127.0.0.1:8080";

    /// <summary>Security modules by STS6: host:port, several with commas.</summary>
    public string Module { get; init; } = "127.0.0.1:5100";

    /// <summary>True adds demonstration data to an empty store.</summary>
    public bool Demonstration { get; init; } = true;

    public VendingSettings Settings { get; init; } = new();

    /// <summary>The names of all options with what each says.</summary>
    public static IReadOnlyList<(string Name, string Says)> Names { get; } =
    [
        ("folder", "folder of the SQLite file and of the first start's key; usually opensts-vending"),
        ("postgres", "PostgreSQL connection string in place of the SQLite file"),
        ("listen", "address to listen on; usually http://127.0.0.1:8080"),
        ("module", "security modules by STS6, host:port, several with commas; usually 127.0.0.1:5100"),
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

    /// <summary>Reads <c>--name value</c> and the environment; the command line wins.</summary>
    /// <exception cref="FormatException">An option is unknown or its value not permitted; the message names it, what it held and what it may hold.</exception>
    public static VendingOptions Parse(IReadOnlyList<string> arguments, Func<string, string?> environment)
    {
        ArgumentNullException.ThrowIfNull(arguments);
        ArgumentNullException.ThrowIfNull(environment);
        var given = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var i = 0; i < arguments.Count; i += 2)
        {
            var name = arguments[i].StartsWith("--", StringComparison.Ordinal) ? arguments[i][2..] : "";
            if (!Names.Any(known => known.Name == name))
                throw new FormatException($"'{arguments[i]}' is no option; known are {string.Join(", ", Names.Select(known => "--" + known.Name))}.");
            if (i + 1 == arguments.Count)
                throw new FormatException($"--{name} held nothing; permitted is {Names.First(known => known.Name == name).Says}.");
            given[name] = arguments[i + 1];
        }

        string Value(string name, string usual) => given.TryGetValue(name, out var value) ? value : environment("OPENSTS_VENDING_" + name.ToUpperInvariant().Replace('-', '_')) ?? usual;
        var usual = new VendingOptions();
        var settings = usual.Settings;
        return new VendingOptions
        {
            Folder = Value("folder", usual.Folder),
            Postgres = Value("postgres", ""),
            Listen = Checked("listen", Value("listen", usual.Listen), text => Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https", "an http or https address"),
            Module = Checked("module", Value("module", usual.Module), text => text.Split(',').All(IsEndpoint), "host:port, several with commas"),
            Demonstration = Checked("demonstration", Value("demonstration", "true"), text => text is "true" or "false", "true or false") == "true",
            Settings = settings with
            {
                Currency = Currency(Value("currency", "ZAR:2")),
                TimeZone = Zone(Value("time-zone", "UTC")),
                UtilityName = Value("utility", settings.UtilityName),
                UtilityAddress = Value("utility-address", settings.UtilityAddress),
                TaxNumber = Value("tax-number", settings.TaxNumber),
                HelpLine = Value("help-line", settings.HelpLine),
                Message = Value("message", settings.Message),
                ModulePatience = TimeSpan.FromSeconds(int.Parse(
                    Checked("module-patience", Value("module-patience", "10"), text => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && seconds is >= 1 and <= 60, "1 to 60 seconds"),
                    CultureInfo.InvariantCulture)),
            },
        };
    }

    private static bool IsEndpoint(string text) => text.LastIndexOf(':') is > 0 and var colon
        && int.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port is >= 1 and <= 65535;

    private static Currency Currency(string text)
    {
        var parts = text.Split(':');
        return parts.Length == 2 && parts[0].Length == 3 && parts[0].All(char.IsAsciiLetterUpper) && parts[1] is ['0' or '1' or '2' or '3' or '4']
            ? new Currency(parts[0], parts[1][0] - '0')
            : throw new FormatException($"--currency held '{text}'; permitted is three capitals, a colon and 0 to 4 decimals, such as ZAR:2.");
    }

    private static TimeZoneInfo Zone(string text) => TimeZoneInfo.TryFindSystemTimeZoneById(text, out var zone)
        ? zone
        : throw new FormatException($"--time-zone held '{text}'; permitted is a time zone of this system, such as Africa/Johannesburg.");

    private static string Checked(string name, string text, Func<string, bool> permits, string permitted) =>
        permits(text) ? text : throw new FormatException($"--{name} held '{text}'; permitted is {permitted}.");
}
