using System.Text.Json;
using OpenSts.Keys;

namespace OpenSts.Batch.Tokens;

/// <summary>Writes what a token says as the fields of a decode answer.</summary>
internal static class TokenAnswer
{
    public static void Write(Utf8JsonWriter json, Token token, BaseDate baseDate, bool showKeyBits,
        bool withRandom = true)
    {
        json.WriteNumber("class", (int)token.Class);
        json.WriteNumber("subclass", token.Subclass);
        json.WriteString("name", token.Name);
        WritePayload(json, token, withRandom);
        if (token.Identifier is { } tid)
        {
            json.WriteString("issuedAt", Rfc3339.Format(tid.ToTime(baseDate)));
            json.WriteNumber("tokenIdentifier", tid.Value);
        }

        if (withRandom && token is TransferCredit credit)
            json.WriteNumber("random", credit.Random);
        else if (withRandom && token is ManagementToken management)
            json.WriteNumber("random", management.Random);
        if (showKeyBits && token is KeyChangeToken keyChange)
            json.WriteString("keySection", Hazmat.Export(keyChange.Section).ToString("x8"));
    }

    private static void WritePayload(Utf8JsonWriter json, Token token, bool withRandom)
    {
        switch (token)
        {
            case TransferCredit t:
                json.WriteString("amount", t.Amount.ToTenthsString());
                break;
            case TransferCurrency t:
                json.WriteString("amount", t.Amount.ToString());
                break;
            case InitiateMeterTest t:
                WriteTest(json, (long)t.Tests, t.ManufacturerCode, t.Subclass);
                break;
            case ReadExtension t:
                WriteTest(json, t.Control, t.ManufacturerCode, t.Subclass);
                break;
            case ProprietaryTest t:
                WriteTest(json, t.Control, t.ManufacturerCode, t.Subclass);
                break;
            case SetMaximumPowerLimit t:
                json.WriteNumber("watts", t.Watts.Units);
                break;
            case SetMaximumPhasePowerUnbalanceLimit t:
                json.WriteNumber("watts", t.Watts.Units);
                break;
            case ClearCredit t:
                json.WriteNumber("register", (int)t.Register);
                break;
            case SetControlElement t:
                json.WriteStartObject("control");
                json.WriteNumber("index", t.Index);
                json.WriteNumber("value", t.Element);
                json.WriteEndObject();
                break;
            case SetFlag t:
                json.WriteStartObject("flag");
                json.WriteNumber("index", t.Index);
                json.WriteBoolean("value", t.Enabled);
                json.WriteEndObject();
                break;
            case ManagementToken t:
                json.WriteNumber("value", t.Value);
                break;
            case ProprietaryManagement t:
                // The random bits are part of it.
                if (withRandom)
                    json.WriteString("payload", t.Payload.ToString("x11"));
                json.WriteNumber("value", (int)(t.Payload & 0xFFFF));
                break;
            default:
                WriteKeyChange(json, token);
                break;
        }
    }

    private static void WriteKeyChange(Utf8JsonWriter json, Token token)
    {
        switch (token)
        {
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
        }
    }

    private static void WriteTest(Utf8JsonWriter json, long control, int maker, int subclass)
    {
        json.WriteNumber("control", control);
        json.WriteString("manufacturerCode", maker.ToString(TokenLayout.ControlBits(subclass) == 28 ? "D4" : "D2"));
    }
}
