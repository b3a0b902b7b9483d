using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using OpenSts.Vending.Data.Stores;
using OpenSts.Vending.Vends;

namespace OpenSts.Vending.Data.Vends;

/// <summary>The frozen picture of a vend as JSON. Its form has a version; every older one is read for ever.</summary>
/// <remarks>The state is no part of it: what came of a vend is in its result.</remarks>
internal static class VendPlanJson
{
    /// <summary>The version that is written.</summary>
    public const int Version = 1;

    private static readonly JsonSerializerOptions Options = Create();

    /// <summary>Writes a picture.</summary>
    public static string Write(VendPlan plan) => JsonSerializer.Serialize(plan, Options);

    /// <summary>Reads a picture and gives it its state.</summary>
    /// <exception cref="JsonException">It is no picture.</exception>
    public static VendPlan Read(string text, VendState state) =>
        (JsonSerializer.Deserialize<VendPlan>(text, Options)
            ?? throw new JsonException("The picture is null.")) with
        { State = state };

    /// <summary>Writes the arguments of a refusal.</summary>
    public static string WriteArguments(Refusal refusal) => JsonSerializer.Serialize(
        new StoredArguments(refusal.Field, [.. refusal.Arguments.Select(argument => new StoredArgument(
            argument.Name, StoredTexts.ArgumentKind.Of(argument.Kind), Text(argument.Value)))]), Options);

    /// <summary>Reads a stored refusal.</summary>
    public static Refusal ReadRefusal(string code, string? arguments)
    {
        var found = ErrorCodes.Find(code) ?? ErrorCodes.Internal;
        if (arguments is null || JsonSerializer.Deserialize<StoredArguments>(arguments, Options) is not { } stored)
            return new Refusal(found);
        return new Refusal(found, stored.Field, [.. stored.Arguments.Select(Read)]);
    }

    private static string Text(object value) => value switch
    {
        DateTimeOffset time => time.UtcDateTime.ToString("O", CultureInfo.InvariantCulture),
        DateOnly day => day.ToString("O", CultureInfo.InvariantCulture),
        MoneyAmount money => $"{money.Minor.ToString(CultureInfo.InvariantCulture)} {money.Currency}",
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => (string)value,
    };

    private static RefusalArgument Read(StoredArgument stored) => StoredTexts.ArgumentKind.Parse(stored.Kind) switch
    {
        ArgumentKind.Text => RefusalArgument.Text(stored.Name, stored.Value),
        ArgumentKind.Number =>
            RefusalArgument.Number(stored.Name, decimal.Parse(stored.Value, CultureInfo.InvariantCulture)),
        ArgumentKind.Date =>
            RefusalArgument.Date(stored.Name, DateOnly.ParseExact(stored.Value, "O", CultureInfo.InvariantCulture)),
        ArgumentKind.Time => RefusalArgument.Time(stored.Name,
            DateTimeOffset.Parse(stored.Value, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal)),
        _ => RefusalArgument.Money(stored.Name, Money(stored.Value)),
    };

    private static MoneyAmount Money(string text)
    {
        var parts = text.Split(' ', ':');
        return new MoneyAmount(long.Parse(parts[0], CultureInfo.InvariantCulture),
            new Currency(parts[1], int.Parse(parts[2], CultureInfo.InvariantCulture)));
    }

    private static JsonSerializerOptions Create()
    {
        var resolver = new DefaultJsonTypeInfoResolver();
        resolver.Modifiers.Add(type =>
        {
            // Computed members and the state are not stored.
            foreach (var property in type.Properties.Where(property =>
                property.Set is null || IsState(type, property)).ToList())
                _ = type.Properties.Remove(property);
        });
        return new JsonSerializerOptions
        {
            PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
            DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
            TypeInfoResolver = resolver,
            Converters =
            {
                new ParsableConverter<MeterPan>(), new ParsableConverter<SupplyGroupCode>(),
                    new ParsableConverter<TariffIndex>(),
                new ParsableConverter<KeyRevisionNumber>(), new DecimalConverter(), new IdentifierConverter(),
                    new BaseDateConverter(),
                new TextConverter<VendKind>(StoredTexts.VendKind),
                    new TextConverter<TokenPurpose>(StoredTexts.TokenPurpose),
                new TextConverter<KeyType>(StoredTexts.KeyType),
                new TextConverter<EncryptionAlgorithm>(StoredTexts.EncryptionAlgorithm),
                new TextConverter<TokenCarrierType>(StoredTexts.TokenCarrierType),
                new TextConverter<CreditService>(StoredTexts.Service),
                new TextConverter<Vending.Meters.TokenForm>(StoredTexts.TokenForm),
                new TextConverter<Vending.Meters.MeterState>(StoredTexts.MeterState),
                new TextConverter<Vending.Meters.SandboxOutcome>(StoredTexts.Sandbox),
                new TextConverter<Shifts.PaymentMethod>(StoredTexts.PaymentMethod),
                new TextConverter<EngineeringKind>(StoredTexts.EngineeringKind),
                new TextConverter<Tariffs.QuoteLineKind>(StoredTexts.QuoteLineKind),
            },
        };
    }

    private static bool IsState(JsonTypeInfo type, JsonPropertyInfo property) =>
        type.Type == typeof(VendPlan) && property.Name == "state";

    private sealed record StoredArguments(string? Field, IReadOnlyList<StoredArgument> Arguments);

    private sealed record StoredArgument(string Name, string Kind, string Value);

    private sealed class ParsableConverter<T> : JsonConverter<T>
        where T : struct, ISpanParsable<T>
    {
        public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            T.TryParse(reader.GetString(), CultureInfo.InvariantCulture, out var value)
                ? value
                : throw new JsonException($"'{reader.GetString()}' is no {typeof(T).Name}.");

        public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) =>
            writer.WriteStringValue(value.ToString());
    }

    private sealed class TextConverter<T>(StoredTexts<T> texts) : JsonConverter<T>
        where T : struct, Enum
    {
        public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            texts.Parse(reader.GetString() ?? "");

        public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) =>
            writer.WriteStringValue(texts.Of(value));
    }

    private sealed class DecimalConverter : JsonConverter<decimal>
    {
        public override decimal Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            decimal.Parse(reader.GetString() ?? "", CultureInfo.InvariantCulture);

        public override void Write(Utf8JsonWriter writer, decimal value, JsonSerializerOptions options) =>
            writer.WriteStringValue(value.ToString(CultureInfo.InvariantCulture));
    }

    private sealed class IdentifierConverter : JsonConverter<TokenIdentifier>
    {
        public override TokenIdentifier Read(
            ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            TokenIdentifier.FromNumber(reader.GetInt32());

        public override void Write(Utf8JsonWriter writer, TokenIdentifier value, JsonSerializerOptions options) =>
            writer.WriteNumberValue(value.Value);
    }

    private sealed class BaseDateConverter : JsonConverter<BaseDate>
    {
        public override BaseDate Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            BaseDate.FromYear(reader.GetInt32());

        public override void Write(Utf8JsonWriter writer, BaseDate value, JsonSerializerOptions options) =>
            writer.WriteNumberValue(value.Year);
    }
}
