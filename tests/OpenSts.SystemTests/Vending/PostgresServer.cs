using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace OpenSts.SystemTests.Vending;

/// <summary>A PostgreSQL of its own for the tests: temporary folder, free port of loopback; null where it is not installed.</summary>
internal sealed class PostgresServer : IDisposable
{
    private static readonly string? Programs = Directory.Exists("/usr/lib/postgresql")
        ? Directory.GetDirectories("/usr/lib/postgresql").Select(version => Path.Combine(version, "bin")).Where(Directory.Exists).OrderDescending(StringComparer.Ordinal).FirstOrDefault()
        : null;

    private readonly string _folder;
    private readonly int _port;

    private PostgresServer(string folder, int port) => (_folder, _port) = (folder, port);

    /// <summary>For a new, empty database.</summary>
    public string NewDatabase()
    {
        var name = "t" + Guid.NewGuid().ToString("N");
        Run("psql", $"-h 127.0.0.1 -p {_port} -U sts -d postgres -c \"CREATE DATABASE {name}\"");
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
            Start("chown", $"-R postgres {server._folder}");
        // It listens on loopback only and lives as long as the test.
        server.Run("initdb", $"-D {server._folder}/data -U sts --auth=trust -E UTF8 --no-locale");
        server.Serve();
        return server;
    }

    /// <summary>Ends every process of the database at once, without a checkpoint, and starts it again.</summary>
    public void KillAndRestart()
    {
        Run("pg_ctl", $"-D {_folder}/data -m immediate -w stop");
        Serve();
    }

    public void Dispose()
    {
        Run("pg_ctl", $"-D {_folder}/data -m immediate -w stop");
        Directory.Delete(_folder, recursive: true);
    }

    private void Serve() =>
        Run("pg_ctl", $"-D {_folder}/data -w -l {_folder}/log -o \"-p {_port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={_folder}\" start");

    // PostgreSQL refuses to run as root.
    private void Run(string program, string arguments)
    {
        var path = Path.Combine(Programs!, program);
        if (Environment.UserName == "root")
            Start("setpriv", $"--reuid=postgres --regid=postgres --clear-groups {path} {arguments}", _folder);
        else
            Start(path, arguments, _folder);
    }

    private static void Start(string program, string arguments, string? folder = null)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { WorkingDirectory = folder ?? "/", RedirectStandardOutput = false })!;
        Assert.True(process.WaitForExit(30_000), program);
        Assert.True(process.ExitCode == 0, $"{program} {arguments}: {process.ExitCode}");
    }
}
