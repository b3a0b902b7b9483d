using System.CommandLine;
using OpenSts.Cli.Terminal;
using OpenSts.Meter;
using OpenSts.Meter.Storage;

namespace OpenSts.Cli.Meters;

/// <summary>The argument and the option that name the meter of a command.</summary>
internal sealed class MeterFileArguments
{
    /// <summary>The meter's file.</summary>
    public Argument<FileInfo> File { get; } = new("file") { Description = "The meter's file" };

    /// <summary>The key file that seals the decoder key in it.</summary>
    public Option<FileInfo?> KeyFile { get; } = new("--key-file")
    {
        Description = "Key file that seals the decoder key in the meter's file"
    };

    /// <summary>Adds both to a command.</summary>
    public void AddTo(Command command)
    {
        command.Arguments.Add(File);
        command.Options.Add(KeyFile);
    }

    /// <summary>The path of the meter's file.</summary>
    public string Path(ParseResult parsed) => parsed.GetValue(File)!.FullName;

    /// <summary>The key of the key file; null where none is named. The caller disposes it.</summary>
    /// <exception cref="CliException">The key file cannot be used.</exception>
    public MeterFileKey? ReadKey(ParseResult parsed)
    {
        try
        {
            return parsed.GetValue(KeyFile) is { } file ? MeterFileKey.Read(file.FullName) : null;
        }
        catch (MeterFileException error)
        {
            throw new CliException($"--key-file: {error.Message}");
        }
    }

    /// <summary>Opens the meter. It was without power until now.</summary>
    /// <exception cref="CliException">It cannot be opened.</exception>
    public OpenMeter Open(ParseResult parsed)
    {
        var key = ReadKey(parsed);
        try
        {
            return new OpenMeter(MeterFile.Load(Path(parsed), out var record, key), key, record);
        }
        catch (MeterFileException error)
        {
            key?.Dispose();
            throw new CliException(error.Message);
        }
    }
}

/// <summary>A meter whose file is open; disposing it closes the file.</summary>
internal sealed class OpenMeter(MeterFile file, MeterFileKey? key, MeterRecord record) : IDisposable
{
    /// <summary>The meter.</summary>
    public PaymentMeter Meter { get; } = new(record, TimeProvider.System, file, restarted: true);

    public void Dispose()
    {
        file.Dispose();
        key?.Dispose();
    }
}
