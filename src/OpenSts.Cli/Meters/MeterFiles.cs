using System.CommandLine;
using OpenSts.Cli.Terminal;
using OpenSts.Meter;
using OpenSts.Meter.Storage;

namespace OpenSts.Cli.Meters;

/// <summary>Opens the meter of a command.</summary>
internal static class MeterFiles
{
    public static Argument<FileInfo> Argument() => new("file") { Description = "The meter's file" };

    /// <summary>The meter in the file. Whoever opens it turned it on: it was dark until now.</summary>
    /// <exception cref="CliException">It cannot be opened.</exception>
    public static (MeterFile File, PaymentMeter Meter) Open(FileInfo path, TimeProvider clock)
    {
        try
        {
            var file = MeterFile.Load(path.FullName, out var record);
            return (file, new PaymentMeter(record, clock, file, restarted: true));
        }
        catch (MeterFileException error)
        {
            throw new CliException(error.Message);
        }
    }
}
