using System.Text.Json.Nodes;
using OpenSts.Cli.Terminal;

namespace OpenSts.Cli.Tokens;

/// <summary>
/// Says which values were assumed for options that were not given: a wrong assumption looks like a wrong key.
/// </summary>
internal static class Assumptions
{
    /// <summary>The member of a JSON answer that holds them by their field names.</summary>
    public const string Member = "assumed";

    public static void AddTo(JsonObject answer, IReadOnlyList<Assumption> assumed)
    {
        if (assumed.Count > 0)
            answer[Member] = new JsonObject(
                assumed.Select(item => KeyValuePair.Create(item.Field, (JsonNode?)item.Value.DeepClone())));
    }

    public static void WriteTo(TextWriter output, IReadOnlyList<Assumption> assumed)
    {
        if (assumed.Count > 0)
            output.WriteLine($"assumed: {string.Join(", ", assumed.Select(item => $"{item.Option} {item.Value}"))}");
    }
}
