using OpenSts.Metering;

namespace OpenSts.Meter.Carriers.Card;

/// <summary>The outcome of an inserted card.</summary>
/// <param name="Fault">Why the track was not read; None where it was.</param>
/// <param name="Answer">The meter's answer; null where no token was read.</param>
public sealed record CardOutcome(TrackFault Fault, MeterAnswer? Answer)
{
    /// <summary>True when the card is an identity card or a spent one: nothing was entered and nothing
    /// written.</summary>
    public bool IsIgnored => Fault == TrackFault.None && Answer is null;
}

/// <summary>A meter's card reader: reads a card, enters its token, and overwrites a token that can never be accepted
/// again.</summary>
public static class CardReader
{
    /// <summary>Reads a card and enters its token.</summary>
    /// <exception cref="IOException">The token could not be made durable; it was not accepted and the card is as it
    /// was.</exception>
    public static CardOutcome Insert(TokenCard card, PaymentMeter meter)
    {
        ArgumentNullException.ThrowIfNull(card);
        ArgumentNullException.ThrowIfNull(meter);
        if (!Track2.TryRead(card.Track, out var characters, out var fault))
            return new CardOutcome(fault, null);
        if (characters.Length != Token66.Digits || characters.AsSpan().ContainsAnyExceptInRange('0', '9'))
            return new CardOutcome(TrackFault.None, null);
        var answer = meter.Enter(characters, TokenCarrierType.MagneticCard);
        if (IsSpentBy(answer.Result))
            card.Spend();
        return new CardOutcome(TrackFault.None, answer);
    }

    // A reading: a refused card may be meant for another meter or another day, so it is left as it is.
    private static bool IsSpentBy(TokenResult result) => result.IsTaken() || result == TokenResult.UsedError;
}
