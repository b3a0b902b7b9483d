namespace OpenSts.Meter.Carriers.Card;

/// <summary>A disposable magnetic card that carries one token on track 2.</summary>
/// <remarks>IEC 62055-51. How a used card is marked is not public; ours is overwritten with <c>=</c>, see
/// docs/standard/readings.md.</remarks>
public sealed class TokenCard
{
    private const char Spent = '=';

    /// <param name="track">The track as a reader gives it, sentinels and check character included.</param>
    public TokenCard(string track) => Track = track;

    /// <summary>The track.</summary>
    public string Track { get; private set; }

    /// <summary>True once a meter has overwritten it.</summary>
    public bool IsSpent =>
        Track2.TryRead(Track, out var characters, out _) && characters.Length > 0
            && !characters.AsSpan().ContainsAnyExcept(Spent);

    /// <summary>A card with a token on it.</summary>
    public static TokenCard Write(Token66 token) => new(Track2.Frame(token.ToString()));

    /// <summary>Overwrites the token.</summary>
    public void Spend() => Track = Track2.Frame(new string(Spent, Token66.Digits));
}
