using System.Globalization;

namespace OpenSts.Cli.Terminal;

/// <summary>What the command writes to.</summary>
internal static class Terminal
{
    private const int Narrowest = 20;

    /// <summary>
    /// Columns of a line: of the terminal, or as COLUMNS says; null where the output goes to a file or a pipe and
    /// nothing limits it.
    /// </summary>
    public static int? Width
    {
        get
        {
            if (int.TryParse(Environment.GetEnvironmentVariable("COLUMNS"), NumberStyles.None,
                CultureInfo.InvariantCulture, out var columns) && columns > 0)
                return Math.Max(columns, Narrowest);
            return Console.IsOutputRedirected ? null : Math.Max(WindowWidth(), Narrowest);
        }
    }

    // A terminal may not know its size (a serial console reports 0).
    private static int WindowWidth()
    {
        try
        {
            return Console.WindowWidth is > 0 and var width ? width : 80;
        }
        catch (IOException)
        {
            return 80;
        }
    }
}
