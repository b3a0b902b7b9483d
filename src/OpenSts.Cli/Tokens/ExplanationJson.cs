using System.Text.Json.Nodes;
using OpenSts.Batch;
using OpenSts.Explaining;

namespace OpenSts.Cli.Tokens;

/// <summary>A token explanation as JSON.</summary>
internal static class ExplanationJson
{
    public static JsonObject Write(TokenExplanation explanation)
    {
        var json = new JsonObject
        {
            ["token"] = explanation.Token.ToString(),
            ["number66"] = explanation.Token.ToHexString(),
            ["depth"] = explanation.Depth.ToString(),
            ["class"] = (int)explanation.Token.Class,
            ["name"] = explanation.Meaning?.Name,
            ["fields"] = new JsonArray([.. explanation.Fields.Select(Field)]),
        };
        if (explanation is { CheckFound: { } found, CheckExpected: { } expected })
            json["check"] = new JsonObject
            {
                ["found"] = found.ToString("X4"),
                ["expected"] = expected.ToString("X4"),
                ["holds"] = found == expected,
            };
        if (explanation.Identifier.Count > 0)
            json["issuedAt"] = new JsonArray([.. explanation.Identifier.Select(Identifier)]);
        json["answer"] = explanation.Answer;
        json["reasons"] = new JsonArray([.. explanation.Reasons.Select(r => JsonValue.Create(r))]);
        return json;
    }

    private static JsonObject Field(ExplainedField field) => new()
    {
        ["name"] = field.Name,
        ["lowestBit"] = field.LowestBit,
        ["bits"] = field.Bits,
        ["value"] = field.Value,
        ["meaning"] = field.Meaning,
    };

    private static JsonObject Identifier(IdentifierReading reading) => new()
    {
        ["baseDate"] = reading.BaseDate.Year,
        ["time"] = Rfc3339.Format(reading.Time),
        ["reserved"] = reading.IsReserved,
    };
}
