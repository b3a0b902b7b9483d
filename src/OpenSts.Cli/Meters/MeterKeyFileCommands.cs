using System.CommandLine;
using OpenSts.Cli.Terminal;
using OpenSts.Meter.Storage;

namespace OpenSts.Cli.Meters;

/// <summary><c>sts meter key-file</c>, <c>seal</c> and <c>unseal</c>: the decoder key in a meter's file under a key of
/// its own.</summary>
internal static class MeterKeyFileCommands
{
    public static Command CreateKeyFile()
    {
        var file = new Argument<FileInfo>("file")
        {
            Description = "The key file to make; an existing file is not overwritten"
        };
        return new Command(
            "key-file", "Make a key file that seals decoder keys in meter files") { file }.Does(parsed =>
        {
            MeterFileKey.Create(parsed.GetValue(file)!.FullName);
            Console.Out.WriteLine($"made {parsed.GetValue(file)!.FullName}");
            return ExitCode.Good;
        }).WithExamples(
            ("Make a key file on another volume than the meters", "sts meter key-file /media/keys/meters.key"));
    }

    public static Command CreateSeal() => Create(
        "seal",
        "Seal the decoder key in a meter's file that has it in clear",
        ("Seal the decoder key in place", "sts meter seal my.meter --key-file /media/keys/meters.key"),
        (arguments, parsed, key) =>
        {
            if (MeterFile.IsSealed(arguments.Path(parsed)))
                throw new CliException($"the decoder key in {arguments.Path(parsed)} is sealed already");
            using var file = MeterFile.Load(arguments.Path(parsed), out var record);
            file.Reseal(record, key);
            return "sealed";
        });

    public static Command CreateUnseal() => Create(
        "unseal",
        "Write the decoder key of a sealed meter file in clear",
        ("Go back to a file that needs no key file", "sts meter unseal my.meter --key-file /media/keys/meters.key"),
        (arguments, parsed, key) =>
        {
            using var file = MeterFile.Load(arguments.Path(parsed), out var record, key);
            file.Reseal(record, null);
            return "in clear";
        });

    private static Command Create(
        string name, string description, (
            string Meaning, string Line) example, Func<MeterFileArguments, ParseResult, MeterFileKey, string> convert)
    {
        var arguments = new MeterFileArguments();
        arguments.KeyFile.Required = true;
        var command = new Command(name, description);
        arguments.AddTo(command);
        return command.Does(parsed =>
        {
            using var key = arguments.ReadKey(parsed)!;
            try
            {
                Console.Out.WriteLine($"{arguments.Path(parsed)}: decoder key {convert(arguments, parsed, key)}");
                return ExitCode.Good;
            }
            catch (MeterFileException error)
            {
                throw new CliException(error.Message);
            }
        }).WithExamples(example);
    }
}
