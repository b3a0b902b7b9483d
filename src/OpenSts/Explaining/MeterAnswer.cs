using OpenSts.Keys;

namespace OpenSts.Explaining;

/// <summary>What a meter would answer to a token, as far as it can be known without the meter's memory.</summary>
internal static class MeterAnswer
{
    public static IReadOnlyList<string> CheckFailed(TokenClass tokenClass) =>
        tokenClass == TokenClass.NonMeterSpecificManagement
        ? ["The check does not hold. A class 1 token needs no key, so a digit is wrong or the number is no token.",
            "It counts as an authentication failure for the meter's lock-out."]
        :
        [
            "The check does not hold under this key: the token was made for another meter, supply group, tariff, key "
                + "revision or base date, or a digit is wrong.",
            "What the fields show is noise. It counts as an authentication failure for the meter's lock-out.",
        ];

    // The order is that of the meter's own decision: key change rules, DDTK, key expiry, identifier, function, range.
    public static (string Answer, IReadOnlyList<string> Reasons) To(TokenContent content, Token? meaning,
        TokenLayoutFault fault, DecoderKeyAttributes? attributes)
    {
        if (fault == TokenLayoutFault.OutOfRange)
            return ("RangeError",
                ["A key revision number, tariff index or supply group code in it is outside its range."]);
        if (fault == TokenLayoutFault.ReservedBits)
            return ("FormatError", ["Bits that must be zero are not."]);
        if (meaning is ReservedToken)
            return ("FunctionError", [$"Subclass {content.Subclass} of class {(int)content.Class} is reserved."]);
        if (content.Class == TokenClass.Credit && attributes is { KeyType: KeyType.Default })
            return ("DDTKError",
                ["The meter holds a default key (DDTK), which takes no credit. Change its key first."]);
        if (meaning!.Identifier is { } tid && attributes is not null && !attributes.KeyExpiryNumber.Serves(tid))
            return ("KeyExpiredError",
                [$"The token was made after key expiry number {attributes.KeyExpiryNumber} ended; a meter that checks "
                    + "expiry refuses it."]);
        if (meaning is ClearCredit { Register: var register } && !Enum.IsDefined(register))
            return ("RangeError",
                [$"{(int)register} is no credit register; permitted are 0 to 7, and 65535 for all."]);
        return meaning switch
        {
            InitiateMeterTest or ReadExtension =>
                ("Accept",
                ["Every meter that supports the tests asked for runs them, as often as it is entered; others answer "
                    + "FunctionError."]),
            ProprietaryTest t =>
                ("Accept",
                [$"Meters of manufacturer {t.ManufacturerCode} that know this test run it; those of others answer "
                    + "MfrCodeError."]),
            Set1stSectionDecoderKey t => KeyChange("1stKCT", t, attributes),
            Set2ndSectionDecoderKey => KeyChange("2ndKCT"),
            Set3rdSectionSupplyGroupCode or Set3rdSectionDecoderKey => KeyChange("3rdKCT"),
            Set4thSectionDecoderKey => KeyChange("4thKCT"),
            ProprietaryManagement =>
                ("FunctionError", ["The subclass belongs to the maker; only a meter of that maker knows it."]),
            _ =>
                ("Accept",
                ["Once. When it was entered before the meter answers UsedError; when it is older than all the meter "
                    + "remembers, OldError."]),
        };
    }

    private static (string Answer, IReadOnlyList<string> Reasons) KeyChange(string answer,
        Set1stSectionDecoderKey? first = null, DecoderKeyAttributes? attributes = null)
    {
        if (first is not null && attributes is not null && !attributes.KeyType.MayChangeTo(first.KeyType))
            return ("KeyTypeError",
                [$"A key of type {attributes.KeyType.Abbreviation()} may not be followed by one of type "
                    + $"{first.KeyType.Abbreviation()}."]);
        return (answer,
            ["A part of a new key. Nothing changes until every part of the set is entered; the order does not matter. "
                + "The last one answers Accept."]);
    }
}
