using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace OpenSts.SystemTests.Vending;

/// <summary>The command <c>sts-vending</c> as a process.</summary>
internal static partial class VendingCommand
{
    private const int TerminateSignal = 15;

    /// <summary>Starts it and goes on.</summary>
    public static Process Start(params string[] arguments) => Start([], arguments);

    /// <summary>Starts it with variables in its environment.</summary>
    public static Process Start((string Name, string Value)[] environment, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "sts-vending.dll"));
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        return Process.Start(start)!;
    }

    /// <summary>Runs it to its end.</summary>
    public static (int Exit, string Output, string Error) Run(params string[] arguments) => Run([], arguments);

    /// <summary>Runs it to its end with variables in its environment.</summary>
    public static (int Exit, string Output, string Error) Run((string Name, string Value)[] environment, params string[] arguments)
    {
        using var process = Start(environment, arguments);
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output, error.Result);
    }

    /// <summary>What it says on its first start: where it listens, and the API key.</summary>
    public static async Task<(Uri Address, string Key)> FirstLinesAsync(Process server, CancellationToken cancellation)
    {
        Uri? address = null;
        while (await server.StandardOutput.ReadLineAsync(cancellation) is { } line)
        {
            if (line.StartsWith("Vending on ", StringComparison.Ordinal))
                address = new Uri(line.Split(' ', ',')[2]);
            if (line.StartsWith("API key ", StringComparison.Ordinal))
                return (address!, line.Split(' ')[^1]);
        }

        throw new InvalidOperationException("The server did not start: " + await server.StandardError.ReadToEndAsync(cancellation));
    }

    /// <summary>Asks it to end, as a service manager does.</summary>
    public static void Terminate(Process process) => Assert.Equal(0, Kill(process.Id, TerminateSignal));

    /// <summary>A port of loopback that nobody listens on.</summary>
    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int process, int signal);
}
