namespace OpenSts;

/// <summary>The first rule a text breaks, in the order in which the rules are checked.</summary>
public enum IdentityFault
{
    /// <summary>No rule is broken.</summary>
    None,

    /// <summary>The text does not have the required number of characters.</summary>
    Length,

    /// <summary>A character is not one of the ASCII digits 0 to 9.</summary>
    NotDecimal,

    /// <summary>The issuer identification number is neither 600727 nor 0000.</summary>
    IssuerIdentificationNumber,

    /// <summary>The number is out of range.</summary>
    OutOfRange,

    /// <summary>The check digit of the decoder reference number is wrong.</summary>
    DecoderReferenceNumberCheckDigit,

    /// <summary>The check digit of the MeterPAN is wrong.</summary>
    MeterPanCheckDigit,
}

/// <summary>The text of each <see cref="IdentityFault"/>.</summary>
public static class IdentityFaults
{
    /// <summary>The error in English, as the end of a sentence that begins with the text.</summary>
    public static string Describe(this IdentityFault fault) => fault switch
    {
        IdentityFault.None => "is well formed",
        IdentityFault.Length => "has the wrong length",
        IdentityFault.NotDecimal => "has a character that is not a digit 0 to 9",
        IdentityFault.IssuerIdentificationNumber => "has an issuer identification number other than 600727 and 0000",
        IdentityFault.OutOfRange => "is out of range",
        IdentityFault.DecoderReferenceNumberCheckDigit => "has a wrong check digit in its decoder reference number",
        IdentityFault.MeterPanCheckDigit => "has a wrong check digit at its end",
        _ => throw new ArgumentOutOfRangeException(nameof(fault), fault, null),
    };
}
