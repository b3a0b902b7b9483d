using System.Text.Json;
using System.Text.Json.Serialization;

namespace OpenSts.Vending.Contracts.Json;

/// <summary>Writes an enum as its name in lower case with hyphens; a number is refused.</summary>
/// <typeparam name="T">The enum.</typeparam>
public sealed class KebabEnumConverter<T> : JsonStringEnumConverter<T>
    where T : struct, Enum
{
    /// <summary>The converter.</summary>
    public KebabEnumConverter()
        : base(JsonNamingPolicy.KebabCaseLower, allowIntegerValues: false)
    {
    }
}
