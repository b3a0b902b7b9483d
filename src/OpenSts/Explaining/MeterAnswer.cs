using OpenSts.Keys;

namespace OpenSts.Explaining;

/// <summary>Predicts the answer of a meter to a token, without the token identifiers that the meter stores.</summary>
internal static class MeterAnswer
{
    public static IReadOnlyList<string> CheckFailed(TokenClass tokenClass) =>
        tokenClass == TokenClass.NonMeterSpecificManagement
        ? ["The CRC does not match. A class 1 token needs no key, so a digit is wrong or the number is not a token.",
            "The meter counts it as an authentication failure, which can lead to a lockout."]
        :
        [
            "The CRC does not match under this key: the token was made for another meter, supply group, tariff, key "
                + "revision or base date, or a digit is wrong.",
            "The values of the fields have no meaning. The meter counts the token as an authentication failure, which "
                + "can lead to a lockout.",
        ];

    // The checks are in the order in which a meter makes them.
    public static (string Answer, IReadOnlyList<string> Reasons) To(TokenContent content, Token? meaning,
        TokenLayoutFault fault, DecoderKeyAttributes? attributes)
    {
        if (fault == TokenLayoutFault.OutOfRange)
            return ("RangeError",
                ["The token contains a key revision number, tariff index or supply group code that is out of range."]);
        if (fault == TokenLayoutFault.ReservedBits)
            return ("FormatError", ["Reserved bits of the token are not zero."]);
        if (meaning is ReservedToken)
            return ("FunctionError", [$"Subclass {content.Subclass} of class {(int)content.Class} is reserved."]);
        if (content.Class == TokenClass.Credit && attributes is { KeyType: KeyType.Default })
            return ("DDTKError",
                ["The meter has a default key (DDTK) and accepts no credit under it. Change its key first."]);
        if (meaning!.Identifier is { } tid && attributes is not null && !attributes.KeyExpiryNumber.Serves(tid))
            return ("KeyExpiredError",
                [$"The token was made after its key expired (key expiry number {attributes.KeyExpiryNumber}); a meter "
                    + "that checks the expiry refuses it."]);
        if (meaning is ClearCredit { Register: var register } && !Enum.IsDefined(register))
            return ("RangeError",
                [$"{(int)register} is not a credit register; use 0 to 7, or 65535 for all registers."]);
        return meaning switch
        {
            InitiateMeterTest or ReadExtension =>
                ("Accept",
                ["A meter that supports the tests runs them each time the token is entered; other meters answer "
                    + "FunctionError."]),
            ProprietaryTest t =>
                ("Accept",
                [$"A meter of manufacturer {t.ManufacturerCode} that supports this test runs it; a meter of another "
                    + "manufacturer answers MfrCodeError."]),
            Set1stSectionDecoderKey t => KeyChange("1stKCT", t, attributes),
            Set2ndSectionDecoderKey => KeyChange("2ndKCT"),
            Set3rdSectionSupplyGroupCode or Set3rdSectionDecoderKey => KeyChange("3rdKCT"),
            Set4thSectionDecoderKey => KeyChange("4thKCT"),
            ProprietaryManagement =>
                ("FunctionError",
                ["The manufacturer defines this subclass; only a meter of that manufacturer accepts it."]),
            _ =>
                ("Accept",
                ["The meter accepts it once. It answers UsedError if the token was entered before, and OldError if "
                    + "the token is older than all token identifiers that the meter stores."]),
        };
    }

    private static (string Answer, IReadOnlyList<string> Reasons) KeyChange(string answer,
        Set1stSectionDecoderKey? first = null, DecoderKeyAttributes? attributes = null)
    {
        if (first is not null && attributes is not null && !attributes.KeyType.MayChangeTo(first.KeyType))
            return ("KeyTypeError",
                [$"A key of type {attributes.KeyType.Abbreviation()} must not be changed to a key of type "
                    + $"{first.KeyType.Abbreviation()}."]);
        return (answer,
            ["The token carries a part of a new key. The key changes when all tokens of the set have been entered, in "
                + "any order; the meter answers Accept to the last one."]);
    }
}
