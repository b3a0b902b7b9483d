using System.CommandLine;
using System.Text.Json.Nodes;
using OpenSts.Batch;
using OpenSts.Cli.SecurityModule;
using OpenSts.Cli.Terminal;
using OpenSts.KeyLoading;
using OpenSts.Meter;
using OpenSts.Meter.Storage;
using OpenSts.SecurityModule.Loading;
using OpenSts.SecurityModule.Vault;

namespace OpenSts.Cli.Meters;

/// <summary><c>sts meter provision</c>: a manufacturing module gives a new meter its first key and its
/// record.</summary>
/// <remarks>
/// The key is derived where the module's vault is open and goes sealed into the meter's file: it is never shown, on a
/// command line, or in a file in
/// clear. The module's log notes which meter got a key of which register.
/// </remarks>
internal static class MeterProvisionCommand
{
    public static Command Create()
    {
        var file = new Argument<FileInfo>("file") { Description = "The meter's file to make" };
        var vault = new Option<string>("--vault")
        {
            Description = "Folder of the manufacturing module's vault",
            Required = true
        };
        var register = new Option<int>("--register")
        {
            Description = "Key register, 1 to 999, of the key that the meter leaves with",
            Required = true
        };
        var initial = new Option<int?>("--initial-register")
        {
            Description = "Key register of the manufacturer's initialization key: the meter is made with a DITK "
                + "and changed to its key by tokens",
        };
        var pan = new Option<string>("--pan") { Description = "MeterPAN, 18 digits", Required = true };
        var ti = new Option<string>("--ti")
        {
            Description = "Tariff index, 2 digits",
            DefaultValueFactory = _ => "01"
        };
        var ea = new Option<string>("--ea")
        {
            Description = "Encryption algorithm, EA07 or EA11",
            DefaultValueFactory = _ => "EA07"
        };
        var meterKey = new Option<FileInfo>("--meter-key-file")
        {
            Description = "Key file that seals the decoder key in the meter's file",
            Required = true
        };
        var properties = new MeterPropertyOptions();
        var locks = new LockOptions();
        var command = new Command(
            "provision", "Give a new meter its first key and its record from a manufacturing module")
        {
            file, vault, register, initial, pan, ti, ea, meterKey,
        };
        properties.AddTo(command);
        locks.AddTo(command);
        return command.DoesWithVault(parsed =>
        {
            var request = new ProvisioningRequest(
                Parse(
                    pan, parsed.GetValue(pan)!,
                    (string text, out MeterPan value) => MeterPan.TryParse(text, out value, out _), "18 digits"),
                Parse(
                    ti, parsed.GetValue(ti)!,
                    (string text, out TariffIndex value) => TariffIndex.TryParse(text, out value, out _), "2 digits"),
                Parse(
                    ea, parsed.GetValue(ea)!,
                    (string text, out EncryptionAlgorithm value) => Algorithms.TryParse(text, out value),
                    "EA07 or EA11"),
                parsed.GetValue(register),
                parsed.GetValue(initial));
            using var sealing = ReadMeterKey(parsed.GetValue(meterKey)!);
            using var opened = OpenVault.From(parsed, parsed.GetValue(vault)!, locks);
            RequireManufacturing(opened.Vault);
            var provisioned = MeterProvisioning.Make(
                opened.Vault, request, attributes => properties.Read(parsed, attributes), DateTimeOffset.UtcNow);
            // Noted before the file is there: a meter with a key is never without an entry.
            opened.Vault.NoteDurably(
                $"PROVISION {request.MeterPan} {request.EncryptionAlgorithm.Name()} TI{request.TariffIndex} "
                    + $"register {request.Register}");
            MeterFile.Create(parsed.GetValue(file)!.FullName, provisioned, sealing).Dispose();
            Print(parsed, parsed.GetValue(file)!.FullName, provisioned);
            return ExitCode.Good;
        }).WithExamples(
            (
                "Give a meter its first key from register 3 of a manufacturing module",
                "sts meter provision new.meter --vault factory --register 3 --pan 600727000000000009 --key-file "
                    + "factory.key --meter-key-file meters.key"));
    }

    private delegate bool TryParse<T>(string text, out T value);

    private static T Parse<T>(Option<string> option, string text, TryParse<T> tryParse, string form) =>
        tryParse(text, out var value)
            ? value
            : throw new CliException($"{option.Name}: '{Excerpt.Of(text)}' is not valid; use {form}");

    private static MeterFileKey ReadMeterKey(FileInfo file)
    {
        try
        {
            return MeterFileKey.Read(file.FullName);
        }
        catch (MeterFileException error)
        {
            throw new CliException($"--meter-key-file: {error.Message}");
        }
    }

    // M6: what a module may do follows from its certificate. Without one it is a laboratory's, which MeterProvisioning
    // looks at by register.
    private static void RequireManufacturing(KeyVault vault)
    {
        using var identity = ModuleIdentity.Open(vault);
        if (identity is not null && identity.Certificate.Kind != ModuleKind.Manufacturing)
            throw new CliException(
                "--vault: its certificate is that of a vending module; only a manufacturing module gives a meter "
                    + "its first key");
    }

    private static void Print(ParseResult parsed, string path, MeterRecord record)
    {
        var state = record.State;
        if (parsed.WantsJson())
        {
            Commands.WriteJson(new JsonObject
            {
                ["file"] = path,
                ["pan"] = record.Settings.MeterPan.ToString(),
                ["keyType"] = state.KeyType.Abbreviation(),
                ["supplyGroupCode"] = state.SupplyGroupCode.ToString(),
                ["keyRevisionNumber"] = state.KeyRevisionNumber.Value,
            });
            return;
        }

        Console.Out.WriteLine(
            $"made {path}: meter {record.Settings.MeterPan.ToGroupedString()}, {state.KeyType.Abbreviation()}, SGC "
                + $"{state.SupplyGroupCode}, "
            + $"KRN {state.KeyRevisionNumber}");
    }
}
