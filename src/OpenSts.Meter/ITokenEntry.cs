namespace OpenSts.Meter;

/// <summary>The narrow way into a meter that every carrier uses: these digits, by this carrier.</summary>
public interface ITokenEntry
{
    /// <summary>Enters 20 digits; spaces and dashes may stand between them.</summary>
    /// <exception cref="IOException">The state could not be made durable; the token was not accepted.</exception>
    MeterAnswer Enter(ReadOnlySpan<char> digits, TokenCarrierType carrier);
}
