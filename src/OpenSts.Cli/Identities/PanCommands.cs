using System.CommandLine;
using System.Text.Json.Nodes;
using OpenSts.Batch;
using OpenSts.Cli.Terminal;

namespace OpenSts.Cli.Identities;

/// <summary><c>sts pan ...</c>: checks and makes meter identities.</summary>
internal static class PanCommands
{
    public static Command Create() => new("pan", "Check or make a MeterPAN") { Check(), Make() };

    private static Command Check()
    {
        var number = new Argument<string[]>("number")
        {
            Description =
                "A MeterPAN of 18 digits, or a decoder reference number of 11 or 13; spaces and dashes between groups "
                    + "are accepted",
            Arity = ArgumentArity.OneOrMore,
        };
        return new Command("check", "Say whether a number is right and what it holds") { number }.Does(parsed =>
        {
            var text = string.Concat(parsed.GetValue(number)!).Replace(" ", "", StringComparison.Ordinal)
                .Replace("-", "", StringComparison.Ordinal);
            var isDrn = text.Length is 11 or 13;
            var drn = default(DecoderReferenceNumber);
            var pan = default(MeterPan);
            IdentityFault fault;
            if (isDrn ? DecoderReferenceNumber.TryParse(text, out drn, out fault)
                : MeterPan.TryParse(text, out pan, out fault))
                return Print(parsed, isDrn ? MeterPan.Create(drn) : pan);
            var message =
                $"'{Excerpt.Of(text)}' {fault.Describe()}; expected "
                    + $"{(isDrn ? DecoderReferenceNumber.Form : MeterPan.Form)}";
            if (parsed.WantsJson())
                Commands.WriteJson(
                    new JsonObject { ["valid"] = false, ["fault"] = fault.ToString(), ["message"] = message });
            else
                Console.Error.WriteLine($"sts pan check: {message}");
            return fault is IdentityFault.Length or IdentityFault.NotDecimal ? ExitCode.Usage : ExitCode.Negative;
        }).WithExamples(
            ("Check a MeterPAN", "sts pan check 600727000000000009"),
            ("Check a decoder reference number and see the MeterPAN", "sts pan check 00000000000"));
    }

    private static Command Make()
    {
        var maker = new Option<string>("--manufacturer")
        {
            Description = "Manufacturer code: 2 digits, or 4 from 0100",
            Required = true,
        };
        var serial = new Option<int>("--serial") { Description = "Serial number, 0 to 99999999", Required = true };
        return new Command("make", "Make the identity of a meter, check digits included")
        {
            maker,
            serial,
        }.Does(parsed =>
        {
            if (!ManufacturerCode.TryParse(parsed.GetValue(maker), out var code, out var fault))
                throw new CliException(
                    $"--manufacturer: '{Excerpt.Of(parsed.GetValue(maker))}' {fault.Describe()}; expected "
                        + $"{ManufacturerCode.Form}");
            if (parsed.GetValue(serial) is < 0 or > 99_999_999)
                throw new CliException(
                    $"--serial: {parsed.GetValue(serial)} is not a whole number from 0 to 99999999");
            return Print(parsed, MeterPan.Create(DecoderReferenceNumber.Create(code, parsed.GetValue(serial))));
        }).WithExamples(
            ("Make the MeterPAN of a meter of manufacturer 96", "sts pan make --manufacturer 96 --serial 1234567"));
    }

    private static int Print(ParseResult parsed, MeterPan pan)
    {
        var drn = pan.DecoderReferenceNumber;
        var fields = new JsonObject
        {
            ["valid"] = true,
            ["pan"] = pan.ToString(),
            ["issuerIdentificationNumber"] = pan.IssuerIdentificationText,
            ["decoderReferenceNumber"] = drn.ToString(),
            ["manufacturerCode"] = drn.ManufacturerCode.ToString(),
            ["serialNumber"] = drn.SerialNumber,
        };
        if (parsed.WantsJson())
        {
            Commands.WriteJson(fields);
            return ExitCode.Good;
        }

        Tables.WritePairs(fields.Select(field => (field.Key, field.Value!.ToString())));
        return ExitCode.Good;
    }
}
