namespace OpenSts.Batch.Meters;

/// <summary>The names of carriers on the command line and in JSON.</summary>
public static class CarrierNames
{
    public const string Permitted = "keypad, magneticCard, localPort or dlms";

    public static string Name(TokenCarrierType carrier) => carrier switch
    {
        TokenCarrierType.MagneticCard => "magneticCard",
        TokenCarrierType.VirtualLocal => "localPort",
        TokenCarrierType.VirtualDlms => "dlms",
        _ => "keypad",
    };

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
