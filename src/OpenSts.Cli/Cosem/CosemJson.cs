using System.Text.Json.Nodes;
using OpenSts.Cosem.Client;
using OpenSts.Dlms.Apdu;
using OpenSts.Dlms.Objects;
using OpenSts.Dlms.Values;

namespace OpenSts.Cli.Cosem;

/// <summary>COSEM values as JSON and as text.</summary>
internal static class CosemJson
{
    /// <summary>
    /// One attribute with its name, type, value and, where something says what it counts, the same with a unit.
    /// </summary>
    public static JsonObject Attribute(MemberReference attribute, ReadResult result, Scaling? scaling)
    {
        var json = new JsonObject
        {
            ["class"] = attribute.ClassId,
            ["object"] = attribute.Name.ToString(),
            ["attribute"] = attribute.Index,
            ["name"] = ClassNames.OfAttribute(attribute.ClassId, attribute.Index),
        };
        if (result.Error != DataAccessResult.Success)
        {
            json["error"] = result.Error.ToString();
            return json;
        }

        json["type"] = result.Value.Type.StandardName();
        json["value"] = Value(result.Value);
        if (Time(result.Value) is { } time)
            json["time"] = time;
        if (Shown(result.Value, scaling) is { } shown)
            json["shown"] = shown;
        return json;
    }

    /// <summary>The same for a person.</summary>
    public static string Text(ReadResult result, Scaling? scaling) => result.Error != DataAccessResult.Success
        ? $"({result.Error})"
        : Shown(result.Value, scaling) ?? Time(result.Value) ?? result.Value.ToString();

    /// <summary>
    /// Numbers as numbers, text as text, bits as 0 and 1, octets in hexadecimal digits, lists as lists.
    /// </summary>
    public static JsonNode? Value(CosemValue value) => value.Type switch
    {
        CosemType.Null or CosemType.DontCare => null,
        CosemType.Boolean => value.TryGetInteger(out var flag) && flag != 0,
        CosemType.Array or CosemType.Structure => new JsonArray([.. value.Elements.ToArray().Select(Value)]),
        CosemType.Float32 or CosemType.Float64 when double.IsFinite(value.Float!.Value) => value.Float!.Value,
        CosemType.VisibleString or CosemType.Utf8String => value.Text,
        _ when value.TryGetInteger(out var number) => number,
        _ when value.TryGetUnsigned(out var number) => number,
        _ => value.ToString(),
    };

    private static string? Shown(CosemValue value, Scaling? scaling)
    {
        if (scaling is not { } scale)
            return null;
        return value.TryGetUnsigned(out var positive) ? scale.Show(positive) : value.TryGetInteger(out var number)
            ? scale.Show(number) : null;
    }

    private static string? Time(CosemValue value) =>
        value.Type is CosemType.OctetString or CosemType.DateTime && CosemDateTime.TryRead(value.Octets, out var time)
            ? time.ToString() : null;
}
