using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace OpenSts.Vending.Client;

/// <summary>How the API writes: camel case, decimals as strings, enums as words with dashes.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, MaxDepth = 16, Converters =
[
    typeof(DecimalText), typeof(VendIdText), typeof(KeyTypeWord), typeof(AlgorithmWord),
    typeof(EnumWord<VendKind>), typeof(EnumWord<VendState>), typeof(EnumWord<TokenKind>), typeof(EnumWord<PriceLineKind>), typeof(EnumWord<KeyChoice>),
    typeof(EnumWord<EngineeringKind>), typeof(EnumWord<MeterStatus>), typeof(EnumWord<MeterService>), typeof(EnumWord<MeterForm>), typeof(EnumWord<TokenCarrier>),
    typeof(EnumWord<ReceiptForm>), typeof(EnumWord<ArrearsRule>), typeof(EnumWord<LogFault>),
])]
[JsonSerializable(typeof(Problem))]
[JsonSerializable(typeof(Sale))]
[JsonSerializable(typeof(Trial))]
[JsonSerializable(typeof(Vend))]
[JsonSerializable(typeof(ListPage<Vend>))]
[JsonSerializable(typeof(KeyChangeOrder))]
[JsonSerializable(typeof(EngineeringOrder))]
[JsonSerializable(typeof(ReplacementOrder))]
[JsonSerializable(typeof(ReasonBody))]
[JsonSerializable(typeof(ReceiptOrder))]
[JsonSerializable(typeof(RegisteredMeter))]
[JsonSerializable(typeof(ListPage<RegisteredMeter>))]
[JsonSerializable(typeof(MeterRegistration))]
[JsonSerializable(typeof(ExchangeOrder))]
[JsonSerializable(typeof(CustomerAccount))]
[JsonSerializable(typeof(ListPage<CustomerAccount>))]
[JsonSerializable(typeof(CustomerRegistration))]
[JsonSerializable(typeof(BookingBody))]
[JsonSerializable(typeof(VendorAccount))]
[JsonSerializable(typeof(ListPage<VendorAccount>))]
[JsonSerializable(typeof(VendorRegistration))]
[JsonSerializable(typeof(ListPage<WalletEntry>))]
[JsonSerializable(typeof(ListPage<LogEntry>))]
[JsonSerializable(typeof(LogHead))]
[JsonSerializable(typeof(LogVerification))]
[JsonSerializable(typeof(WitnessBody))]
[JsonSerializable(typeof(JournalLine))]
[JsonSerializable(typeof(LogFileLine))]
internal sealed partial class ClientJson : JsonSerializerContext;

/// <summary>One page of a list.</summary>
internal sealed record ListPage<T>(IReadOnlyList<T> Items, string? Next);

/// <summary>Why something is done.</summary>
internal sealed record ReasonBody(string Reason);

/// <summary>A decimal as a string, as it is: no reader makes a binary fraction of it.</summary>
internal sealed class DecimalText : JsonConverter<decimal>
{
    public override decimal Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        decimal.TryParse(reader.GetString(), NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value)
            ? value
            : throw new JsonException("not a decimal");

    public override void Write(Utf8JsonWriter writer, decimal value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString(CultureInfo.InvariantCulture));
}

/// <summary>An id as its text.</summary>
internal sealed class VendIdText : JsonConverter<VendId>
{
    public override VendId Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        VendId.TryParse(reader.GetString(), out var id) ? id : throw new JsonException("not an id");

    public override void Write(Utf8JsonWriter writer, VendId value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());
}

/// <summary>An enum as a word with dashes. A word of a newer server reads as the first member, so that it spoils nothing else of an answer.</summary>
internal class EnumWord<T> : JsonConverter<T>
    where T : struct, Enum
{
    public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => Parse(reader.GetString() ?? "");

    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) => writer.WriteStringValue(Word(value));

    protected virtual T Parse(string word) => Enum.GetValues<T>().FirstOrDefault(value => JsonNamingPolicy.KebabCaseLower.ConvertName(value.ToString()) == word);

    protected virtual string Word(T value) => JsonNamingPolicy.KebabCaseLower.ConvertName(value.ToString());
}

/// <summary>A key type: requests have the standard's abbreviation, answers the word.</summary>
internal sealed class KeyTypeWord : EnumWord<KeyType>
{
    protected override string Word(KeyType value) => value switch
    {
        KeyType.Initialization => "DITK",
        KeyType.Default => "DDTK",
        KeyType.Unique => "DUTK",
        KeyType.Common => "DCTK",
        _ => base.Word(value),
    };
}

/// <summary>An encryption algorithm: requests have the standard's abbreviation in capitals.</summary>
internal sealed class AlgorithmWord : EnumWord<MeterAlgorithm>
{
    protected override string Word(MeterAlgorithm value) => base.Word(value).ToUpperInvariant();
}
