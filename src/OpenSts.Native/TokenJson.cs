using System.Buffers;
using System.Text.Json;
using OpenSts.Explaining;

namespace OpenSts.Native;

/// <summary>Tokens as JSON. Key bits are never written.</summary>
internal static class TokenJson
{
    public static ReadOnlySpan<byte> Of(Token token, BaseDate? baseDate)
    {
        var output = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(output))
        {
            json.WriteStartObject();
            json.WriteNumber("class", (int)token.Class);
            json.WriteNumber("subclass", token.Subclass);
            json.WriteString("name", token.Name);
            WritePayload(json, token);
            if (token.Identifier is { } tid)
            {
                json.WriteNumber("tokenIdentifier", tid.Value);
                if (baseDate is { } from)
                    json.WriteString("issuedAt", Minute(tid.ToTime(from)));
            }

            json.WriteEndObject();
        }

        return output.WrittenSpan;
    }

    public static ReadOnlySpan<byte> Of(TokenExplanation explanation)
    {
        var output = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(output))
        {
            json.WriteStartObject();
            json.WriteString("token", explanation.Token.ToString());
            json.WriteString("depth", Depth(explanation.Depth));
            json.WriteString("name", explanation.Meaning?.Name);
            json.WriteStartArray("fields");
            foreach (var field in explanation.Fields)
            {
                json.WriteStartObject();
                json.WriteString("name", field.Name);
                json.WriteNumber("lowestBit", field.LowestBit);
                json.WriteNumber("bits", field.Bits);
                if (field.Value is { } value)
                    json.WriteNumber("value", value);
                else
                    json.WriteNull("value");
                json.WriteString("meaning", field.Meaning);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            WriteCheck(json, explanation);
            json.WriteStartArray("identifier");
            foreach (var reading in explanation.Identifier)
            {
                json.WriteStartObject();
                json.WriteNumber("baseDate", reading.BaseDate.Year);
                json.WriteString("time", Minute(reading.Time));
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteString("answer", explanation.Answer);
            json.WriteStartArray("reasons");
            foreach (var reason in explanation.Reasons)
                json.WriteStringValue(reason);
            json.WriteEndArray();
            json.WriteEndObject();
        }

        return output.WrittenSpan;
    }

    private static void WriteCheck(Utf8JsonWriter json, TokenExplanation explanation)
    {
        if (explanation.CheckFound is not { } found)
            return;
        json.WriteString("crcFound", found.ToString("x4"));
        json.WriteString("crcExpected", explanation.CheckExpected?.ToString("x4"));
    }

    private static void WritePayload(Utf8JsonWriter json, Token token)
    {
        switch (token)
        {
            case TransferCredit t:
                json.WriteString("amount", t.Amount.ToTenthsString());
                json.WriteNumber("random", t.Random);
                break;
            case TransferCurrency t:
                json.WriteString("amount", t.Amount.ToString());
                break;
            case SetMaximumPowerLimit t:
                json.WriteNumber("watts", t.Watts.Units);
                json.WriteNumber("random", t.Random);
                break;
            case SetMaximumPhasePowerUnbalanceLimit t:
                json.WriteNumber("watts", t.Watts.Units);
                json.WriteNumber("random", t.Random);
                break;
            case ClearCredit t:
                json.WriteNumber("register", (int)t.Register);
                json.WriteNumber("random", t.Random);
                break;
            case ManagementToken t:
                json.WriteNumber("value", t.Value);
                json.WriteNumber("random", t.Random);
                break;
            case InitiateMeterTest t:
                json.WriteNumber("control", (long)t.Tests);
                json.WriteNumber("manufacturerCode", t.ManufacturerCode);
                break;
            case ReadExtension t:
                json.WriteNumber("control", t.Control);
                json.WriteNumber("manufacturerCode", t.ManufacturerCode);
                break;
            case ProprietaryTest t:
                json.WriteNumber("control", t.Control);
                json.WriteNumber("manufacturerCode", t.ManufacturerCode);
                break;
            case Set1stSectionDecoderKey t:
                json.WriteNumber("keyExpiryNumberHigh", t.KeyExpiryHigh);
                json.WriteNumber("keyRevisionNumber", t.KeyRevisionNumber.Value);
                json.WriteBoolean("rollover", t.Rollover);
                json.WriteBoolean("thirdTokenFollows", t.ThirdTokenFollows);
                json.WriteString("keyType", t.KeyType.Abbreviation());
                break;
            case Set2ndSectionDecoderKey t:
                json.WriteNumber("keyExpiryNumberLow", t.KeyExpiryLow);
                json.WriteString("tariffIndex", t.TariffIndex.ToString());
                break;
            case Set3rdSectionSupplyGroupCode t:
                json.WriteString("supplyGroupCode", t.SupplyGroupCode.ToString());
                break;
            case Set3rdSectionDecoderKey t:
                json.WriteNumber("supplyGroupCodeLow", t.SupplyGroupCodeLow);
                break;
            case Set4thSectionDecoderKey t:
                json.WriteNumber("supplyGroupCodeHigh", t.SupplyGroupCodeHigh);
                break;
            default:
                break;
        }
    }

    private static string Depth(ExplanationDepth depth) => depth switch
    {
        ExplanationDepth.Open => "open",
        ExplanationDepth.Encrypted => "encrypted",
        ExplanationDepth.CheckFailed => "crcFailed",
        _ => "reserved",
    };

    private static string Minute(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'");
}
