using System.CommandLine;
using System.Text.Json.Nodes;
using OpenSts.Cli.Terminal;

namespace OpenSts.Cli.Tokens;

/// <summary><c>sts keychange</c>: the tokens that move a meter from one key to another.</summary>
internal static class KeyChangeCommand
{
    private static readonly string[] Ordinals = ["1st", "2nd", "3rd", "4th"];

    public static Command Create()
    {
        var from = new KeyOptions();
        var to = new KeyOptions("to-");
        var count = new Option<int?>("--tokens") { Description = "2 or 3 for EA07, 4 for EA11" };
        var at = new Option<string?>("--at")
        {
            Description = "Time of issue, RFC 3339: the new key must not have expired then; left out: not checked"
        };
        var command = new Command("keychange",
            "Make the key change set of a meter; what --to- does not name stays as it is") { count, at };
        from.AddTo(command);
        to.AddTo(command);
        return command.Does(parsed =>
        {
            var old = new JsonObject();
            from.Write(parsed, old);
            var fresh = new JsonObject();
            to.Write(parsed, fresh, old);
            if (JsonNode.DeepEquals(Canonical(old), Canonical(fresh)))
                throw new CliException(
                    "nothing changes: give at least one --to-... option whose value differs from the old one");
            var request = new JsonObject { ["op"] = "keyChange", ["from"] = old, ["to"] = fresh };
            if (parsed.GetValue(count) is { } tokens)
                request["tokens"] = tokens;
            if (parsed.GetValue(at) is { } time)
                request["issuedAt"] = time;
            var names = new OptionNames().Add("tokens", count.Name).Add("issuedAt", at.Name);
            from.AddNames(names, parsed, "from.");
            to.AddNames(names, parsed, "to.");
            if (parsed.GetValue(at) is null)
                WarnOfExpiry(fresh["meter"]!.AsObject(), DateTimeOffset.UtcNow);
            return Requests.Run(parsed, request, names, answer =>
            {
                var digits = answer["tokens"]!.AsArray();
                for (var i = 0; i < digits.Count; i++)
                    Console.Out.WriteLine(
                        $"{Ordinals[i]}  {Token66.Parse(digits[i]!.GetValue<string>()).ToGroupedString()}");
            });
        }).WithExamples(
            ("Move a meter to tariff index 02",
                "sts keychange --to-ti 02 --pan 600727000000000009 --sgc 201457 --vending-key-file vending.key"),
            ("Move a meter to another supply group and key, with the supply group code in a third token",
                "sts keychange --tokens 3 --to-sgc 203557 --to-krn 6 --to-vending-key-file new.key --pan "
                    + "600727000000000009 --sgc 201457 --vending-key-file vending.key"));
    }

    // Without a time the contract checks no expiry; a person who makes such a set today should know.
    private static void WarnOfExpiry(JsonObject meter, DateTimeOffset now)
    {
        if (meter["keyExpiryNumber"]!.AsValue().TryGetValue(out int ken) && ken is >= 0 and <= 255
            && meter["baseDate"]!.AsValue().TryGetValue(out int year) && BaseDate.TryFromYear(year, out var baseDate)
            && KeyExpiryNumber.FromNumber(ken).HasExpired(baseDate, now))
            Console.Error.WriteLine(
                $"sts keychange: the new key has expired: a meter takes no credit under --to-ken {ken} today");
    }

    // A key is the same key in either case of its digits.
    private static JsonNode? Canonical(JsonObject party) => JsonNode.Parse(party.ToJsonString().ToUpperInvariant());
}
