using System.Text.Json.Nodes;
using OpenSts.KeyLoading;
using OpenSts.Sts6;

namespace OpenSts.Cli.Vectors;

/// <summary>
/// Answers the requests of key management vectors, which hold private keys and have no place in the contract for bulk
/// work.
/// </summary>
internal static class KeyManagementVectors
{
    /// <summary>The answer, or null where the operation is not one of these.</summary>
    public static JsonObject? Answer(JsonObject request)
    {
        try
        {
            return request["op"]?.ToString() switch
            {
                "keyWrap" => Wrap(request),
                "keyUnwrap" => Unwrap(request),
                "concatLine" => new JsonObject { ["line"] = ConcatLine.Close(Text(request, "content")) },
                "publicPoint" => Point(request),
                "keyLoadKeys" => Keys(request),
                "keyLoadFile" => Write(request),
                "keyLoadRead" => Read(request),
                _ => null,
            };
        }
        catch (Exception error) when (error is ArgumentException or FormatException or InvalidOperationException)
        {
            return Error("Format", error.Message);
        }
    }

    private static JsonObject Wrap(JsonObject request)
    {
        var plain = Convert.FromHexString(Text(request, "plain"));
        var wrapped = new byte[KeyWrap.WrappedLength(plain.Length)];
        KeyWrap.Wrap(Convert.FromHexString(Text(request, "kek")), plain, wrapped);
        return new JsonObject { ["wrapped"] = Convert.ToHexStringLower(wrapped) };
    }

    private static JsonObject Unwrap(JsonObject request)
    {
        var plain = new byte[KeyWrap.GreatestLength];
        return KeyWrap.TryUnwrap(Convert.FromHexString(Text(request, "kek")),
            Convert.FromHexString(Text(request, "wrapped")), plain, out var length)
            ? new JsonObject { ["plain"] = Convert.ToHexStringLower(plain.AsSpan(0, length)) }
            : Error("Integrity", "the wrapped key was not made under this key");
    }

    private static JsonObject Point(JsonObject request)
    {
        using var key = Key(request, "private");
        return new JsonObject { ["public"] = key.Public.Text, ["identifier"] = key.Public.Identifier };
    }

    private static JsonObject Keys(JsonObject request)
    {
        using var centre = Key(request, "centreStatic");
        using var centreEphemeral = Key(request, "centreEphemeral");
        using var module = Key(request, "moduleStatic");
        using var moduleEphemeral = Key(request, "moduleEphemeral");
        var (line, header) = (Text(request, "request"), Text(request, "header"));
        using var keys =
            TransportKeys.Derive(centre, centreEphemeral, module.Public, moduleEphemeral.Public, line, header);
        using var other =
            TransportKeys.Derive(module, moduleEphemeral, centre.Public, centreEphemeral.Public, line, header);
        using var one = keys.LeaseKeys();
        using var two = other.LeaseKeys();
        return one.Span.SequenceEqual(two.Span)
            ? new JsonObject
            {
                ["requestHash"] = LoadHeader.HashOf(line),
                ["kek"] = Convert.ToHexString(one.Span[..24]),
                ["macKey"] = Convert.ToHexString(one.Span[24..]),
            }
            : Error("Agreement", "the two sides derive different keys");
    }

    private static JsonObject Write(JsonObject request)
    {
        using var centre = Key(request, "centreStatic");
        using var ephemeral = Key(request, "centreEphemeral");
        using var module = Key(request, "moduleStatic");
        if (!LoadRequest.TryParse(Text(request, "request"), out var line, out var problem)
            || !LoadHeader.TryParse(Text(request, "header"), out var header, out problem))
            return Error("Format", problem);
        using var writer = new KeyLoadWriter(centre, ephemeral, module.Public, line, header);
        foreach (var key in request["keys"]!.AsArray())
        {
            if (!KeyCard.TryParseWhole(Text(key!.AsObject(), "card"), out var card, out problem))
                return Error("Format", problem);
            writer.Add(card, Convert.FromHexString(Text(key.AsObject(), "key")));
        }

        var lines = writer.Finish().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        return new JsonObject
        {
            ["lines"] = new JsonArray([.. lines.Select(text => (JsonNode)text)]),
            ["confirmationMac"] = writer.ConfirmationMac,
        };
    }

    private static JsonObject Read(JsonObject request)
    {
        using var centre = Key(request, "centreStatic");
        using var module = Key(request, "moduleStatic");
        using var ephemeral = Key(request, "moduleEphemeral");
        if (!LoadRequest.TryParse(Text(request, "request"), out var line, out var problem))
            return Error("Format", problem);
        var certificate = new CentreCertificate
        {
            Kmcid = line.Kmcid,
            Sequence = line.Sequence,
            Key = centre.Public,
            Activation = DateTimeOffset.MinValue,
            Expiry = DateTimeOffset.MaxValue,
        };
        using var reader = new KeyLoadReader(module, ephemeral, certificate, line, lastKekId: 0);
        foreach (var text in request["lines"]!.AsArray().Select(node => node!.GetValue<string>()))
        {
            var code = ConcatLine.TypeOf(text) switch
            {
                LoadHeader.Type => reader.ReadHeader(text, line.Clock),
                KeyLine.Type => reader.ReadKey(text),
                _ => reader.ReadEnd(text),
            };
            if (code != ResponseCode.Successful)
                return Error(code.ToString(), reader.Problem);
        }

        var keys = new JsonArray();
        foreach (var staged in reader.Staged)
        {
            using var key = staged.LeaseKey();
            keys.Add((JsonNode)new JsonObject
            {
                ["card"] = staged.Card.ToString(),
                ["key"] = Convert.ToHexStringLower(key.Span),
            });
        }

        return new JsonObject { ["keys"] = keys, ["confirmationMac"] = reader.ConfirmationMac };
    }

    private static AgreementKey Key(JsonObject request, string name) =>
        AgreementKey.Import(Convert.FromHexString(Text(request, name)));

    private static string Text(JsonObject request, string name) =>
        request[name]?.GetValue<string>() ?? throw new FormatException($"the member {name} is missing");

    private static JsonObject Error(string code, string message) =>
        new() { ["error"] = new JsonObject { ["code"] = code, ["message"] = message } };
}
