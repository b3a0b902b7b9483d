using System.Text.Json;
using OpenSts.Meter;
using OpenSts.Metering;

namespace OpenSts.Batch.Meters;

/// <summary>How a meter's answers and registers are written as members of a JSON object.</summary>
public static class MeterJson
{
    /// <summary>The answer to a token.</summary>
    public static void WriteAnswer(Utf8JsonWriter json, MeterAnswer answer, PaymentMeter meter, DateTimeOffset now)
    {
        var record = meter.Record;
        json.WriteString("result", answer.Result.StandardName());
        json.WriteNumber("tokenStatus", (int)answer.Result);
        WriteNumber(json, "class", answer.Token is { } token ? (int)token.Class : null);
        WriteNumber(json, "subclass", answer.Token?.Subclass);
        WriteCredit(json, record);
        json.WriteNumber("keyRevisionNumber", record.State.KeyRevisionNumber.Value);
        json.WriteString("tariffIndex", record.State.TariffIndex.ToString());
        WriteLockedUntil(json, meter, now);
        if (answer.Display.Count == 0)
            return;
        json.WriteStartArray("display");
        foreach (var item in answer.Display)
        {
            json.WriteStartObject();
            json.WriteString("name", item.Name);
            json.WriteString("value", item.Value);
            if (item.Unit.Length > 0)
                json.WriteString("unit", item.Unit);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    /// <summary>Everything a meter can tell.</summary>
    public static void WriteRegisters(Utf8JsonWriter json, PaymentMeter meter, DateTimeOffset now)
    {
        var record = meter.Record;
        var (settings, state) = (record.Settings, record.State);
        if (settings.MeterPan != default)
            json.WriteString("pan", settings.MeterPan.ToString());
        json.WriteString("commodity", Name(settings.Service));
        WriteCredit(json, record, withZeroCurrency: true);
        json.WriteString("cumulative", ExactDecimal.Format(record.CumulativeMicro, 6));
        json.WriteString("loadSwitch", Supply.Block(record) == SupplyBlock.None ? "closed" : "open");
        json.WriteString(
            "openBecause", Supply.Block(record) == SupplyBlock.None ? null : Supply.Block(record).ToString());
        json.WriteString("power", record.HasPower ? "on" : "off");
        json.WriteNumber("keyRevisionNumber", state.KeyRevisionNumber.Value);
        json.WriteString("keyType", state.KeyType.Abbreviation());
        json.WriteNumber("keyExpiryNumber", state.KeyExpiryNumber.Value);
        json.WriteString("tariffIndex", state.TariffIndex.ToString());
        json.WriteString("supplyGroupCode", state.SupplyGroupCode.ToString());
        json.WriteNumber("baseDate", record.BaseDate.Year);
        json.WriteString("encryptionAlgorithm", settings.EncryptionAlgorithm.Name());
        json.WriteNumber("keyChangeTokensSupported", settings.KeyChangeTokensSupported);
        json.WriteBoolean("keyChangePending", !state.KeyChange.IsEmpty);
        WriteNumber(json, "maximumPowerLimit", state.MaximumPowerLimit);
        WriteNumber(json, "maximumPhasePowerUnbalanceLimit", state.MaximumPhasePowerUnbalanceLimit);
        WriteNumber(json, "tariffRate", state.TariffRate);
        WriteNumber(json, "waterMeterFactor", state.WaterMeterFactor);
        json.WriteBoolean("tamper", state.Tamper != TamperFlags.None);
        WriteExtensions(json, settings, state);
        json.WriteNumber("tokenStatus", (int)(record.LastToken?.Result ?? 0));
        WriteLast(json, record.LastToken);
        json.WriteNumber("lockoutFailures", state.Lockout.Failures);
        WriteLockedUntil(json, meter, now);
        json.WriteNumber("oldestTokenIdentifier", state.Memory.Identifiers[0]);
        json.WriteNumber("newestTokenIdentifier", state.Memory.Identifiers[^1]);
        json.WriteNumber("powerFailures", record.PowerFailures);
    }

    /// <summary>The credit registers the meter has: units, and currency where it is not zero, the only one or asked
    /// for.</summary>
    public static void WriteCredit(Utf8JsonWriter json, MeterRecord record, bool withZeroCurrency = false)
    {
        var name = Name(record.Settings.Service);
        json.WriteStartObject("credit");
        if (record.Settings.CountsUnits)
            json.WriteString(name, ExactDecimal.Format(Consumption.UnitsLeft(record), 6));
        if (record.Settings.CountsCurrency
                && (withZeroCurrency || !record.Settings.CountsUnits || record.State.CreditSteps != 0))
            json.WriteString(
                $"{name}Currency", ExactDecimal.Format(record.State.CreditSteps, CurrencyAmount.Decimals));
        json.WriteEndObject();
    }

    private static string Name(CreditService service) => service.ToString().ToLowerInvariant();

    private static void WriteExtensions(Utf8JsonWriter json, MeterSettings settings, MeterState state)
    {
        json.WriteStartObject("flags");
        for (var i = 0; i < FlagArray.Length; i++)
        {
            if (settings.HasFlag(i))
                json.WriteBoolean(ExtendedNames.OfFlag(i), state.Flags[(ExtendedFlag)i]);
        }

        json.WriteEndObject();
        json.WriteStartObject("controls");
        json.WriteNumber(ExtendedNames.OfControl(0), state.ComplianceControl);
        json.WriteEndObject();
    }

    private static void WriteLast(Utf8JsonWriter json, LastToken? last)
    {
        if (last is null)
        {
            json.WriteNull("lastToken");
            return;
        }

        json.WriteStartObject("lastToken");
        json.WriteString("at", Rfc3339.Format(last.At));
        json.WriteString("carrier", CarrierNames.Name(last.Carrier));
        json.WriteString("result", last.Result.StandardName());
        WriteNumber(json, "class", last.Class);
        WriteNumber(json, "subclass", last.Subclass);
        WriteNumber(json, "tokenIdentifier", last.Identifier);
        WriteNumber(json, "amountField", last.Amount);
        json.WriteEndObject();
    }

    private static void WriteLockedUntil(Utf8JsonWriter json, PaymentMeter meter, DateTimeOffset now)
    {
        var left = meter.LockedFor;
        json.WriteString(
            "lockedUntil",
            left > TimeSpan.Zero ? Rfc3339.Format((now + left).AddTicks(TimeSpan.TicksPerSecond - 1)) : null);
    }

    private static void WriteNumber(Utf8JsonWriter json, string name, int? value)
    {
        if (value is { } number)
            json.WriteNumber(name, number);
        else
            json.WriteNull(name);
    }
}
