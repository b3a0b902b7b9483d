using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace OpenSts.Vending.Documents;

/// <summary>How resources are written as JSON, in the store and in answers: camel case, decimals and identities as strings, enums by kebab-case name.</summary>
public static class StoredJson
{
    /// <summary>The one set of options.</summary>
    public static JsonSerializerOptions Options { get; } = Create();

    /// <summary>Writes a resource.</summary>
    public static string Write<T>(T value) => JsonSerializer.Serialize(value, Options);

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    /// <exception cref="JsonException">The text is no such resource.</exception>
    public static T Read<T>(string text) => JsonSerializer.Deserialize<T>(text, Options) ?? throw new JsonException("The stored resource is null.");

    /// <summary>Reads what may have been written to by somebody else; null where it is no such resource.</summary>
    public static T? TryRead<T>(string text)
        where T : class
    {
        try
        {
            return Read<T>(text);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static JsonSerializerOptions Create() => new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters =
        {
            new JsonStringEnumConverter(JsonNamingPolicy.KebabCaseLower, allowIntegerValues: false),
            new DecimalText(),
            new IdentityText<MeterPan>(),
            new IdentityText<SupplyGroupCode>(),
            new IdentityText<TariffIndex>(),
            new TokenText(),
        },
    };

    /// <summary>A decimal as a string, so that no reader makes a binary fraction of it.</summary>
    private sealed class DecimalText : JsonConverter<decimal>
    {
        public override decimal Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            decimal.Parse(reader.GetString() ?? "", NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture);

        public override void Write(Utf8JsonWriter writer, decimal value, JsonSerializerOptions options) =>
            writer.WriteStringValue(value.ToString(CultureInfo.InvariantCulture));
    }

    private sealed class IdentityText<T> : JsonConverter<T>
        where T : struct, IStsValue<T>
    {
        public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            T.TryParse(reader.GetString(), out var value, out var fault) ? value : throw new JsonException($"{T.Form}: the text {fault.Describe()}");

        public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());
    }

    private sealed class TokenText : JsonConverter<Token66>
    {
        public override Token66 Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            Token66.TryParse(reader.GetString(), out var token, out var fault) ? token : throw new JsonException(fault.Describe());

        public override void Write(Utf8JsonWriter writer, Token66 value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());
    }
}
