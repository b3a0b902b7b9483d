using System.CommandLine;
using System.Text.Json.Nodes;
using OpenSts.Cli.Terminal;
using OpenSts.Keys;

namespace OpenSts.Cli.Keys;

/// <summary><c>sts key ...</c>: derives decoder keys and shows check values.</summary>
internal static class KeyCommands
{
    public static Command Create() =>
        new("key", "Derive decoder keys and compare keys by check value") { Derive(), CheckValue() };

    private static Command Derive()
    {
        var keys = new KeyOptions();
        var show = new Option<bool>("--show-key") { Description = "Print the key itself, not only its check value" };
        var command = new Command("derive", "Derive a meter's decoder key from a vending key") { show };
        keys.AddTo(command);
        return command.Does(parsed =>
        {
            using var key = Requests.ReadKey(keys.Request(parsed), out _, out var error);
            if (key is null)
                return Requests.WriteError(parsed, error!, keys.AddNames(new OptionNames(), parsed));
            var answer = new JsonObject
            {
                ["encryptionAlgorithm"] = key.Algorithm.Name(),
                ["checkValue"] = KeyCheckValue.Of(key),
            };
            if (parsed.GetValue(show))
                answer["decoderKey"] = Hex(key);
            return Answer(parsed, answer);
        }).WithExamples(
            ("Compare a derived key by its check value",
                "sts key derive --pan 600727000000000009 --sgc 201457 --vending-key-file vending.key"),
            ("Print the key too",
                "sts key derive --show-key --pan 600727000000000009 --sgc 201457 --vending-key-file vending.key"));
    }

    private static Command CheckValue()
    {
        var file = new Option<FileInfo?>("--vending-key-file") { Description = "File with the vending key in hex" };
        var text = new Option<string?>("--vending-key") { Description = "Vending key, 16 or 40 hex digits" };
        return new Command("check-value",
            "Three octets that tell whether two people hold the same vending key") { file, text }.Does(parsed =>
        {
            var hex = parsed.GetValue(text) ?? (parsed.GetValue(file) is { } path ? File.ReadAllText(path.FullName)
                .Trim() : throw new CliException("--vending-key or --vending-key-file is missing"));
            Span<byte> bytes = stackalloc byte[32];
            if (hex.Length is not (16 or 40)
                || Convert.FromHexString(hex, bytes, out _, out var length) != System.Buffers.OperationStatus.Done)
                throw new CliException(
                    $"--vending-key: a key of {hex.Length} characters; expected are 16 or 40 hexadecimal digits");
            if (!Hazmat.TryImportVendingKey(bytes[..length], out var imported, out var fault))
                throw new CliException($"--vending-key: {fault.Describe(length)}");
            using var key = imported;
            System.Security.Cryptography.CryptographicOperations.ZeroMemory(bytes);
            return Answer(parsed, new JsonObject { ["bits"] = key.Bits, ["checkValue"] = KeyCheckValue.Of(key) });
        }).WithExamples(
            ("Show the check value of a key in a file", "sts key check-value --vending-key-file vending.key"));
    }

    private static int Answer(ParseResult parsed, JsonObject answer)
    {
        if (parsed.WantsJson())
            Commands.WriteJson(answer);
        else
            Tables.WritePairs(answer.Select(member => (member.Key, member.Value!.ToString())));
        return ExitCode.Good;
    }

    private static string Hex(DecoderKey key)
    {
        Span<byte> bytes = stackalloc byte[16];
        return Convert.ToHexStringLower(bytes[..Hazmat.Export(key, bytes)]);
    }
}
