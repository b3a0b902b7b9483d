using OpenSts.Sts6;
using OpenSts.Sts6.Client;
using OpenSts.Vending.Api;
using OpenSts.Vending.Customers;
using OpenSts.Vending.Hosting;
using OpenSts.Vending.Importing;
using OpenSts.Vending.IssueLog;
using OpenSts.Vending.Meters;
using OpenSts.Vending.Operations;
using OpenSts.Vending.Storage;
using OpenSts.Vending.Storage.Journal;
using OpenSts.Vending.Storage.Postgres;
using OpenSts.Vending.Storage.Sqlite;

const int good = 0, negative = 1, usage = 2;
if (args is [] or ["--help"] or ["-h"] or ["help"])
{
    Console.WriteLine("""
        sts-vending: the vending server.

          sts-vending serve    sells; pages, REST and health on one address
          sts-vending reconcile after a restore: puts back from the journal what the backup lacks, as serve does when it starts, and verifies
          sts-vending accept-loss  after a restore without a whole journal: takes the backup as it is; no identifier comes twice, what is missing stays missing
          sts-vending join     begins a journal for one more server, or in place of a lost one, on a store that is known to be complete
          sts-vending accept-clock after a wrong clock made issues of the future: they no longer count, so that selling can go on
          sts-vending import-customers FILE, import-meters FILE   adds what a CSV file holds; refused lines go to standard error; exit status 1 where there are any
          sts-vending export-log FILE   writes the issue log for 'sts audit verify', which needs no store and believes no server
          sts-vending verify   finds the first altered, removed or reordered entry of the issue log; exit status 1 where there is one;
                               also holds the log against issues and ledger

        Options, each also as OPENSTS_VENDING_NAME in the environment or in the file of --config:
        """);
    foreach (var (name, says) in VendingOptions.Names)
        Console.WriteLine($"  --{name,-18} {says}");
    return args.Length == 0 ? usage : good;
}

try
{
    var withFile = args[0] is "import-meters" or "import-customers" or "export-log";
    if (withFile && args.Length < 2)
        throw new FormatException($"{args[0]} needs a file.");
    var options = VendingOptions.Parse(args[(withFile ? 2 : 1)..], Environment.GetEnvironmentVariable);
    switch (args[0])
    {
        case "serve":
            return await ServeAsync(options).ConfigureAwait(false);
        case "verify":
            using (var store = Open(options))
                return Verify(store) ? good : negative;

        case "export-log":
            using (var store = Open(options))
            using (var file = new FileStream(args[1], FileMode.CreateNew, FileAccess.Write))
            {
                var head = IssueLogExport.Write(store, file);
                Console.WriteLine($"{head.Sequence} entries; head {head.Sequence}:{head.Hash}");
                return good;
            }

        case "reconcile":
            using (var store = OpenJournaled(options))
                return store.Refuses is null && Verify(store) ? good : negative;

        case "accept-loss" or "join":
            using (var store = Open(options))
            {
                var opening = new StoreOpening(store, Place(options), TimeProvider.System);
                Console.WriteLine(args[0] == "join" ? opening.Join() : opening.AcceptLoss());
                return good;
            }

        case "accept-clock":
            using (var store = OpenJournaled(options))
            {
                Console.WriteLine(ClockGuard.Accept(store, options.Settings, TimeProvider.System.GetUtcNow()));
                return good;
            }

        case "import-meters":
            return Import(options, args[1], MeterRoutes.FileFields, (session, bodies) => MeterRoutes.Import(session, bodies, options.Settings.Day(TimeProvider.System.GetUtcNow())));
        case "import-customers":
            return Import(options, args[1], CustomerRoutes.FileFields, CustomerRoutes.Import);
        default:
            Console.Error.WriteLine($"sts-vending: '{args[0]}' is no command; known are serve, import-customers, import-meters, export-log, verify, reconcile, accept-loss, join and accept-clock.");
            return usage;
    }
}
catch (Exception error) when (error is FormatException or StoreException or IOException or UnauthorizedAccessException)
{
    Console.Error.WriteLine($"sts-vending: {error.Message}");
    return usage;
}

static bool Verify(IStore store)
{
    var report = Reconciliation.Run(store, TimeProvider.System.GetUtcNow());
    Console.WriteLine(report.Log.Detail);
    Console.WriteLine(report.Ledger ?? $"The ledger is in order; sales are {report.SalesByLedger} minor units by the ledger and {report.SalesByLog} by the log.");
    return report.InOrder;
}

static int Import(VendingOptions options, string path, IReadOnlyList<FieldSpec> fields, Func<IStoreSession, IReadOnlyList<RequestBody>, IReadOnlyList<ImportedLine>> add)
{
    using var store = OpenJournaled(options);
    using var file = new StreamReader(path);
    var result = new CsvImport(store, fields, add).Run(file, (line, reason) => Console.Error.WriteLine($"line {line}: {reason}"));
    Console.WriteLine($"{result.Added} added, {result.Same} there already, {result.Refused} refused.");
    return result.Refused == 0 ? good : negative;
}

static IStore Open(VendingOptions options)
{
    try
    {
        _ = Directory.CreateDirectory(options.Folder);
    }
    catch (Exception error) when (error is IOException or UnauthorizedAccessException)
    {
        throw new FormatException($"The option folder held '{options.Folder}'; permitted is a folder that can be made and written ({error.Message})");
    }

    if (options.Postgres.Length > 0)
        return new PostgresStore(options.Postgres);
    return new SqliteStore(Path.Combine(options.Folder, "vending.db"));
}

static JournaledStore OpenJournaled(VendingOptions options)
{
    var inner = Open(options);
    try
    {
        var store = new StoreOpening(inner, Place(options), TimeProvider.System).Open(out var replayed);
        if (replayed > 0)
            Console.WriteLine($"{replayed} transactions that the store lacked were put back from the journal.");
        if (store.Refuses is { } refusal)
            Console.WriteLine($"Nothing is written: {refusal.Detail}");
        return store;
    }
    catch
    {
        inner.Dispose();
        throw;
    }
}

// Beside the folder and not in it: a backup of the folder must not bring the journal back with it.
static JournalPlace Place(VendingOptions options) => new()
{
    Folder = options.Journal.Length > 0 ? options.Journal : Path.TrimEndingDirectorySeparator(Path.GetFullPath(options.Folder)) + ".journal",
    Others = options.OtherJournals,
    Kept = options.JournalKept,
};

static async Task<int> ServeAsync(VendingOptions options)
{
    using var telemetry = Telemetry.Start(Environment.GetEnvironmentVariable);
    using var store = OpenJournaled(options);
    var secrets = FirstStart.Fill(store, options.Settings, options.Demonstration, TimeProvider.System.GetUtcNow());
    using var tls = options.ModuleCertificate.Length == 0 ? null : MutualTls.FromFiles(options.ModuleCertificate, options.ModuleCertificateKey, options.ModuleAuthority);
    ISecurityModule[] modules = [.. options.Module.Split(',').Select(text => new SecurityModuleClient(
        (ModuleEndpoint.TryParse(text, out var endpoint) ? endpoint : throw new FormatException($"--module held '{text}'; permitted is {ModuleEndpoint.Form}."))
            with { Tls = tls, AnswerTimeout = options.Settings.ModulePatience / 4 }))];
    await using var module = new FailoverSecurityModule(modules);
    await using var app = VendingHost.Build(store, module, options.Settings, options.Listen);
    try
    {
        await app.StartAsync().ConfigureAwait(false);
    }
    catch (Exception error) when (error is IOException or System.Net.Sockets.SocketException)
    {
        Show(secrets, options);
        throw new FormatException($"The option listen held '{options.Listen}'; permitted is an address of this machine with a port that is free ({error.Message})");
    }

    Console.WriteLine($"Vending on {string.Join(", ", app.Urls)}, store {store.Kind} in {Path.GetFullPath(options.Folder)}, security module {options.Module}.");
    Show(secrets, options);
    await app.WaitForShutdownAsync().ConfigureAwait(false);
    return good;
}

// Shown once to whoever started it, also where it could not listen; nowhere written.
static void Show(FirstStartSecrets? secrets, VendingOptions options)
{
    if (secrets is null)
        return;
    Console.WriteLine($"First start. Sign in as admin{(options.Demonstration ? ", clerk or second" : "")} with {secrets.Password}");
    Console.WriteLine($"API key {secrets.ApiKey}");
}
