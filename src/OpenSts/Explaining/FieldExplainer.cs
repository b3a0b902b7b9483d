namespace OpenSts.Explaining;

/// <summary>Splits a token's bits into the fields of the standard and describes the value of each.</summary>
internal static class FieldExplainer
{
    private const int ClassBit = 64;

    public static ExplainedField ClassField(TokenClass tokenClass) => new()
    {
        Name = "Class",
        LowestBit = ClassBit,
        Bits = 2,
        Value = (ulong)tokenClass,
        Meaning = tokenClass switch
        {
            TokenClass.Credit => "credit, encrypted",
            TokenClass.NonMeterSpecificManagement => "test or display, the same for every meter, not encrypted",
            TokenClass.MeterSpecificManagement => "management of one meter, encrypted",
            _ => "reserved",
        },
    };

    public static IEnumerable<ExplainedField> Fields(PlainBlock block, EncryptionAlgorithm ea, Token? meaning,
        bool crcValid)
    {
        var content = block.UncheckedContent;
        var position = 64;
        ExplainedField Next(string name, int bits, string text, bool secret = false)
        {
            position -= bits;
            var value = (block.Value >> position) & ((1ul << bits) - 1);
            return new ExplainedField
            {
                Name = name,
                LowestBit = position,
                Bits = bits,
                Value = secret ? null : value,
                Meaning = crcValid || secret ? text : "not readable, because the CRC does not match",
            };
        }

        yield return Next("SubClass", 4, meaning?.Name ?? "not a token of the standard");
        foreach (var (name, bits, text, secret) in Layout(content, ea, meaning))
            yield return Next(name, bits, text, secret);
        var crc = content.IsCurrency ? "CRC_C" : "CRC";
        yield return Next(crc, 16, "") with
        {
            Meaning = crcValid ? "matches" : $"does not match; the {crc} of the bits before it is {content.Crc:X4}",
        };
    }

    private static IEnumerable<(string Name, int Bits, string Text, bool Secret)> Layout(TokenContent content,
        EncryptionAlgorithm ea, Token? meaning)
    {
        switch (content.Class, content.Subclass)
        {
            case (TokenClass.NonMeterSpecificManagement, var subclass):
                yield return ("Control", TokenLayout.ControlBits(subclass), Tests(meaning), false);
                yield return ("MfrCode", 44 - TokenLayout.ControlBits(subclass), Manufacturer(meaning), false);
                break;
            case (TokenClass.MeterSpecificManagement, 3):
                var first = meaning as Set1stSectionDecoderKey;
                yield return ("KENHO", 4, "upper half of the new key expiry number", false);
                yield return ("KRN", 4, $"new key revision number {first?.KeyRevisionNumber}", false);
                yield return ("RO", 1, first?.Rollover == true
                    ? "the base date changes: the meter clears the token identifiers it stores"
                    : "the base date does not change", false);
                yield return (ea == EncryptionAlgorithm.Ea11 ? "Res" : "3KCT", 1, first?.ThirdTokenFollows == true
                    ? "the set has a third token, with the supply group code"
                    : "the set has no third token with the supply group code", false);
                yield return ("KT", 2, first is null ? "new key type"
                    : $"new key type {first.KeyType.Abbreviation()}", false);
                yield return ("NKHO", 32, "key bits, not shown", true);
                break;
            case (TokenClass.MeterSpecificManagement, 4):
                yield return ("KENLO", 4, "lower half of the new key expiry number", false);
                yield return ("TI", 8, $"new tariff index {(meaning as Set2ndSectionDecoderKey)?.TariffIndex}", false);
                yield return ("NKLO", 32, "key bits, not shown", true);
                break;
            case (TokenClass.MeterSpecificManagement, 8) when ea != EncryptionAlgorithm.Ea11:
                yield return ("SGC", 24,
                    $"new supply group code {(meaning as Set3rdSectionSupplyGroupCode)?.SupplyGroupCode}", false);
                yield return ("Res", 20, "zero", false);
                break;
            case (TokenClass.MeterSpecificManagement, 8):
                yield return ("SGCLO", 12, "lower half of the new supply group code", false);
                yield return ("NKMO2", 32, "key bits, not shown", true);
                break;
            case (TokenClass.MeterSpecificManagement, 9):
                yield return ("SGCHO", 12, "upper half of the new supply group code", false);
                yield return ("NKMO1", 32, "key bits, not shown", true);
                break;
            default:
                yield return (content.IsCurrency ? "S&E" : "RND", 4, content.IsCurrency
                    ? "sign and upper exponent bits of the amount" : "random bits", false);
                var tid = TokenLayout.IdentifierOf(content);
                var reserved = tid.IsReserved ? " (00:01, reserved for special tokens)" : "";
                yield return ("TID", 24, $"{tid} minutes after the base date{reserved}", false);
                yield return (ValueName(content), 16, Value(content, meaning), false);
                break;
        }
    }

    private static string ValueName(TokenContent content) =>
        content.Class == TokenClass.Credit ? "Amount" : content.Subclass switch
        {
            0 => "MPL",
            1 => "Register",
            2 => "Rate",
            5 => "Pad",
            6 => "MPPUL",
            7 => "WMFactor",
            10 => "Extension",
            _ => "Value",
        };

    private static string Value(TokenContent content, Token? meaning) => meaning switch
    {
        TransferCredit t => $"{t.Amount.ToTenthsString()} {Unit(t.Service)}",
        TransferCurrency t => $"{t.Amount} base units of currency for {t.Service.ToString().ToLowerInvariant()}",
        SetMaximumPowerLimit t => $"{t.Watts} W",
        SetMaximumPhasePowerUnbalanceLimit t => $"{t.Watts} W",
        ClearCredit t => Enum.IsDefined(t.Register) ? $"clears {t.Register}" : "not a credit register",
        SetControlElement t => $"control element {t.Index} ({ExtendedNames.OfControl(t.Index)}) is set to {t.Element}",
        // The commissioning flag is inverted: 0 means on. See ExtendedFlag.
        SetFlag { Index: (int)ExtendedFlag.CommissioningMode } t =>
            $"flag {t.Index} (CommissioningMode) is set to {(t.Enabled ? "off" : "on")}",
        SetFlag t => $"flag {t.Index} ({ExtendedNames.OfFlag(t.Index)}) is set to {(t.Enabled ? "on" : "off")}",
        _ => $"{content.Data & 0xFFFF}",
    };

    private static string Unit(CreditService service) => service switch
    {
        CreditService.Electricity => "kWh",
        CreditService.Time => "minutes",
        _ => "m3",
    };

    private static string Tests(Token? meaning) => meaning switch
    {
        InitiateMeterTest { Tests: MeterTests.AllOf36, FourDigitForm: false }
            or InitiateMeterTest { Tests: MeterTests.AllOf28, FourDigitForm: true } => "every test",
        InitiateMeterTest { Tests: MeterTests.None } => "no test",
        InitiateMeterTest t => t.Tests.ToString(),
        ReadExtension { FlagIndex: { } flag } => $"shows flag {flag} ({ExtendedNames.OfFlag(flag)})",
        ReadExtension { ControlIndex: { } control } =>
            $"shows control element {control} ({ExtendedNames.OfControl(control)})",
        _ => "defined by the manufacturer",
    };

    private static string Manufacturer(Token? meaning) => meaning switch
    {
        InitiateMeterTest { ManufacturerCode: 0 } or ReadExtension { ManufacturerCode: 0 } => "every manufacturer",
        InitiateMeterTest t => $"manufacturer {t.ManufacturerCode}",
        ReadExtension t => $"manufacturer {t.ManufacturerCode}",
        ProprietaryTest t => $"manufacturer {t.ManufacturerCode}",
        _ => "unknown",
    };
}
