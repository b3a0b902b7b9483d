namespace OpenSts.Batch.Meters;

/// <summary>The names of carriers on the command line and in JSON.</summary>
public static class CarrierNames
{
    /// <summary>All names, for a message.</summary>
    public const string Permitted = "keypad, magneticCard, localPort or dlms";

    /// <summary>The name of a carrier; <c>keypad</c> where it has none of its own.</summary>
    public static string Name(TokenCarrierType carrier) => carrier switch
    {
        TokenCarrierType.MagneticCard => "magneticCard",
        TokenCarrierType.VirtualLocal => "localPort",
        TokenCarrierType.VirtualDlms => "dlms",
        _ => "keypad",
    };

    /// <summary>Reads a name, in either case; false where it is none.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out TokenCarrierType carrier)
    {
        foreach (var candidate in Enum.GetValues<TokenCarrierType>())
        {
            if (text.Equals(Name(candidate), StringComparison.OrdinalIgnoreCase))
            {
                carrier = candidate;
                return true;
            }
        }

        carrier = TokenCarrierType.Numeric;
        return false;
    }
}
