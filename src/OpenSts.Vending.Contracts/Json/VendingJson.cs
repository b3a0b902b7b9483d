using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace OpenSts.Vending.Contracts.Json;

/// <summary>How the records of the API are written and read: camel case, money and units as decimal strings, enums by
/// name.</summary>
public static class VendingJson
{
    /// <summary>For requests, strict: an unknown, doubled or differently cased field, a number in quotes and a null
    /// are refused.</summary>
    public static JsonSerializerOptions Requests { get; } = Create(strict: true);

    /// <summary>For answers: fields that a newer server added are passed over.</summary>
    public static JsonSerializerOptions Answers { get; } = Create(strict: false);

    /// <summary>Sets the options of the API on those of a host.</summary>
    /// <param name="options">The options, not yet in use.</param>
    /// <param name="strict">True for reading requests.</param>
    public static void Configure(JsonSerializerOptions options, bool strict)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.PropertyNamingPolicy = JsonNamingPolicy.CamelCase;
        options.DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull;
        options.PropertyNameCaseInsensitive = false;
        options.NumberHandling = JsonNumberHandling.Strict;
        options.MaxDepth = 8;
        // Answers are JSON documents and never markup: letters of every language are written as they are.
        options.Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping;
        options.UnmappedMemberHandling = strict ? JsonUnmappedMemberHandling.Disallow
            : JsonUnmappedMemberHandling.Skip;
        options.AllowDuplicateProperties = !strict;
        options.RespectNullableAnnotations = strict;
        options.RespectRequiredConstructorParameters = true;
        options.TypeInfoResolverChain.Insert(0, new VendingJsonContext());
    }

    private static JsonSerializerOptions Create(bool strict)
    {
        var options = new JsonSerializerOptions();
        Configure(options, strict);
        options.MakeReadOnly();
        return options;
    }
}
