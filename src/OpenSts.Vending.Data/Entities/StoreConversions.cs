using System.Globalization;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;
using OpenSts.Vending.Customers;
using OpenSts.Vending.Data.Stores;
using OpenSts.Vending.Meters;
using OpenSts.Vending.SupplyGroups;
using OpenSts.Vending.Tariffs;

namespace OpenSts.Vending.Data.Entities;

/// <summary>How values of entities are stored: names in lower case with underscores, enums by their stored texts,
/// SQLite's own forms.</summary>
internal static class StoreConversions
{
    private static readonly StoredTexts<TariffState> TariffStates =
        new((TariffState.Draft, "draft"), (TariffState.Active, "active"));

    private static readonly Dictionary<Type, ValueConverter> Enums = new()
    {
        [typeof(ArrearsRule)] = Of(StoredTexts.ArrearsRule),
        [typeof(KeyChangePolicy)] = Of(StoredTexts.KeyChangePolicy),
        [typeof(KeyType)] = Of(StoredTexts.KeyType),
        [typeof(CreditService)] = Of(StoredTexts.Service),
        [typeof(TariffState)] = Of(TariffStates),
        [typeof(ChargePeriod)] = Of(StoredTexts.ChargePeriod),
        [typeof(EncryptionAlgorithm)] = Of(StoredTexts.EncryptionAlgorithm),
        [typeof(TokenForm)] = Of(StoredTexts.TokenForm),
        [typeof(MeterState)] = Of(StoredTexts.MeterState),
        [typeof(SandboxOutcome)] = Of(StoredTexts.Sandbox),
    };

    // SQLite cannot compare DateTimeOffset: whole milliseconds since 1970 can be.
    private static readonly ValueConverter<DateTimeOffset, long> Milliseconds =
        new(time => time.ToUnixTimeMilliseconds(), stored => DateTimeOffset.FromUnixTimeMilliseconds(stored));

    // PostgreSQL takes instants in UTC only.
    private static readonly ValueConverter<DateTimeOffset,
        DateTimeOffset> Utc = new(time => time.ToUniversalTime(), stored => stored);

    private static readonly ValueConverter<decimal, string> DecimalText =
        new(number => number.ToString(CultureInfo.InvariantCulture), stored =>
            decimal.Parse(stored, CultureInfo.InvariantCulture));

    /// <summary>Applies the conversions to every property of a model.</summary>
    public static void Apply(ModelBuilder model, bool isSqlite)
    {
        foreach (var entity in model.Model.GetEntityTypes())
        {
            if (isSqlite)
                entity.SetSchema(null);
            foreach (var property in entity.GetProperties())
                Apply(property, isSqlite);
        }
    }

    private static void Apply(IMutableProperty property, bool isSqlite)
    {
        property.SetColumnName(SnakeCase(property.Name));
        var type = Nullable.GetUnderlyingType(property.ClrType) ?? property.ClrType;
        if (Enums.TryGetValue(type, out var texts))
            property.SetValueConverter(texts);
        else if (type.IsEnum)
            throw new InvalidOperationException(
                $"{property.DeclaringType.DisplayName()}.{property.Name} has no stored texts.");
        else if (type == typeof(DateTimeOffset))
            property.SetValueConverter(isSqlite ? Milliseconds : Utc);
        else if (type == typeof(decimal) && isSqlite)
            property.SetValueConverter(DecimalText);
    }

    private static ValueConverter<T, string> Of<T>(StoredTexts<T> texts)
        where T : struct, Enum => new(value => texts.Of(value), stored => texts.Parse(stored));

    private static string SnakeCase(string name)
    {
        var text = new StringBuilder(name.Length + 4);
        foreach (var letter in name)
        {
            if (char.IsAsciiLetterUpper(letter) && text.Length > 0)
                _ = text.Append('_');
            _ = text.Append(char.ToLowerInvariant(letter));
        }

        return text.ToString();
    }
}
