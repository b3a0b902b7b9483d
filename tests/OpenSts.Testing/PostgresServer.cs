using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace OpenSts.Testing;

/// <summary>
/// A PostgreSQL of its own for the tests: temporary folder, free port of loopback; null where it is not installed.
/// </summary>
public sealed class PostgresServer : IDisposable
{
    private static readonly string? Programs = Directory.Exists("/usr/lib/postgresql")
        ? Directory.GetDirectories("/usr/lib/postgresql").Select(version => Path.Combine(version, "bin"))
            .Where(Directory.Exists).OrderDescending(StringComparer.Ordinal).FirstOrDefault()
        : null;

    private readonly string _folder;
    private readonly int _port;

    private PostgresServer(string folder, int port) => (_folder, _port) = (folder, port);

    /// <summary>For a new database: empty, or a copy of one that nobody is connected to.</summary>
    public string NewDatabase(string? like = null)
    {
        var name = "t" + Guid.NewGuid().ToString("N");
        Run("psql",
            $"-h 127.0.0.1 -p {_port} -U sts -d postgres -c \"CREATE DATABASE "
                + $"{name}{(like is null ? "" : " TEMPLATE " + NameOf(like))}\"");
        return $"Host=127.0.0.1;Port={_port};Username=sts;Database={name};Maximum Pool Size=20";
    }

    public static PostgresServer? TryStart()
    {
        if (Programs is null)
            return null;
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        listener.Stop();
        var server = new PostgresServer(Directory.CreateTempSubdirectory("opensts-pg-").FullName, port);
        if (Environment.UserName == "root")
            Execute("chown", $"-R postgres {server._folder}");
        // It listens on loopback only and lives as long as the test.
        server.Run("initdb", $"-D {server._folder}/data -U sts --auth=trust -E UTF8 --no-locale");
        server.Start();
        return server;
    }

    /// <summary>As if the power failed: nothing is written any more, connections are cut.</summary>
    public void Crash() => Run("pg_ctl", $"-D {_folder}/data -m immediate -w stop");

    /// <summary>Starts it again after <see cref="Crash"/>; it recovers by itself.</summary>
    public void Start() =>
        Run("pg_ctl",
        $"-D {_folder}/data -w -l {_folder}/log -o \"-p {_port} -c listen_addresses=127.0.0.1 -c "
            + $"unix_socket_directories={_folder}\" start");

    /// <summary>Runs SQL on a database, past everything that guards it.</summary>
    public void Change(string connection, string sql) =>
        Run("psql", $"-h 127.0.0.1 -p {_port} -U sts -d {NameOf(connection)} -q -v ON_ERROR_STOP=1 -c \"{sql}\"");

    /// <summary>Runs a file of SQL on a database, such as a dump.</summary>
    public void RunScript(string connection, string path)
    {
        // The server's user may not read the tests' own folders.
        var copy = Path.Combine(_folder, Guid.NewGuid().ToString("N"));
        File.WriteAllText(copy, File.ReadAllText(path));
        Run("psql",
            $"-h 127.0.0.1 -p {_port} -U sts -d {NameOf(connection)} -q -o /dev/null -v ON_ERROR_STOP=1 -f {copy}");
    }

    /// <summary>A backup by pg_dump, which may be made while others write; its file.</summary>
    public string Backup(string connection)
    {
        var file = Path.Combine(_folder, Guid.NewGuid().ToString("N"));
        Run("pg_dump", $"-h 127.0.0.1 -p {_port} -U sts -Fc -f {file} {NameOf(connection)}");
        return file;
    }

    /// <summary>A new database from a backup, by pg_restore.</summary>
    public string Restore(string file)
    {
        var connection = NewDatabase();
        Run("pg_restore", $"-h 127.0.0.1 -p {_port} -U sts --exit-on-error -d {NameOf(connection)} {file}");
        return connection;
    }

    /// <summary>Everything in a database, as SQL.</summary>
    public string Dump(string connection)
    {
        var file = Path.Combine(_folder, "dump");
        Run("pg_dump", $"-h 127.0.0.1 -p {_port} -U sts -f {file} {NameOf(connection)}");
        return File.ReadAllText(file);
    }

    public void Dispose()
    {
        Crash();
        Directory.Delete(_folder, recursive: true);
    }

    private static string NameOf(string connection) => connection.Split(';')
        .Single(item => item.StartsWith("Database=", StringComparison.Ordinal))["Database=".Length..];

    // PostgreSQL refuses to run as root.
    private void Run(string program, string arguments)
    {
        var path = Path.Combine(Programs!, program);
        if (Environment.UserName == "root")
            Execute("setpriv", $"--reuid=postgres --regid=postgres --clear-groups {path} {arguments}", _folder);
        else
            Execute(path, arguments, _folder);
    }

    private static void Execute(string program, string arguments, string? folder = null)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder ?? "/",
            RedirectStandardOutput = false,
        })!;
        Assert.True(process.WaitForExit(30_000), program);
        Assert.True(process.ExitCode == 0, $"{program} {arguments}: {process.ExitCode}");
    }
}

/// <summary>One PostgreSQL for all tests of its class.</summary>
public sealed class PostgresFixture : IDisposable
{
    public PostgresServer? Server { get; } = PostgresServer.TryStart();

    public void Dispose() => Server?.Dispose();
}
