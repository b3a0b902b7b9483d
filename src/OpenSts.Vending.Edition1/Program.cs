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
try
{
    var status = await new VendingCommandLine()
        .Add("serve", "Sell: pages, REST and health on one address", ServeAsync)
        .Add("reconcile", "After a restore: put back from the journal what the backup lacks, as serve does when it starts, and verify", options =>
        {
            using var store = OpenJournaled(options);
            return Task.FromResult(store.Refuses is null && Verify(store) ? good : negative);
        })
        .Add("accept-loss", "After a restore without a whole journal: take the backup as it is; no identifier comes twice, what is missing stays missing",
            options => Task.FromResult(Opening(options, opening => opening.AcceptLoss())))
        .Add("join", "Begin a journal for one more server, or in place of a lost one, on a store that is known to be complete",
            options => Task.FromResult(Opening(options, opening => opening.Join())))
        .Add("accept-clock", "After a wrong clock made issues of the future: they no longer count, so that selling can go on", options =>
        {
            using var store = OpenJournaled(options);
            Console.WriteLine(ClockGuard.Accept(store, options.Settings, TimeProvider.System.GetUtcNow()));
            return Task.FromResult(good);
        })
        .AddWithFile("import-customers", "Add what a CSV file holds; refused lines go to standard error; exit status 1 where there are any",
            (options, file) => Task.FromResult(Import(options, file, CustomerRoutes.FileFields, CustomerRoutes.Import)))
        .AddWithFile("import-meters", "The same for meters", (options, file) => Task.FromResult(Import(
            options, file, MeterRoutes.FileFields, (session, bodies) => MeterRoutes.Import(session, bodies, options.Settings.Day(TimeProvider.System.GetUtcNow())))))
        .AddWithFile("export-log", "Write the issue log for 'sts audit verify', which needs no store and believes no server", (options, path) =>
        {
            using var store = Open(options);
            using var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write);
            var head = IssueLogExport.Write(store, file);
            Console.WriteLine($"{head.Sequence} entries; head {head.Sequence}:{head.Hash}");
            return Task.FromResult(good);
        })
        .Add("verify", "Find the first altered, removed or reordered entry of the issue log, and hold the log against issues and ledger; exit status 1 where there is one", options =>
        {
            using var store = Open(options);
            return Task.FromResult(Verify(store) ? good : negative);
        })
        .RunAsync(args).ConfigureAwait(false);
    return args.Length == 0 ? usage : status;
}
catch (Exception error) when (error is FormatException or StoreException or IOException or UnauthorizedAccessException)
{
    Console.Error.WriteLine($"sts-vending: {error.Message}");
    return usage;
}

static int Opening(VendingOptions options, Func<StoreOpening, string> work)
{
    using var store = Open(options);
    Console.WriteLine(work(new StoreOpening(store, Place(options), TimeProvider.System)));
    return good;
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
