using OpenSts.Explaining;
using OpenSts.Sts6;
using OpenSts.Vending.Issues;
using OpenSts.Vending.Receipts;

namespace OpenSts.Vending.Explaining;

/// <summary>What is known of a token: why it is refused, what tells so, what the customer does next.</summary>
public sealed record TokenFinding
{
    public required TokenCause Cause { get; init; }

    /// <summary>What the meter would answer, in the standard's word; unknown where nothing can be said.</summary>
    public required string Answer { get; init; }

    /// <summary>The cause in one sentence.</summary>
    public required Sentence Says { get; init; }

    /// <summary>What the customer does next.</summary>
    public required Sentence Next { get; init; }

    /// <summary>What tells so, the most telling first.</summary>
    public IReadOnlyList<Sentence> Reasons { get; init; } = [];

    /// <summary>What can be read without a key; null where it is no token.</summary>
    public TokenExplanation? Explanation { get; init; }

    /// <summary>What the module found; null where it was not asked or no key opened it.</summary>
    public TokenVerification? Verification { get; init; }

    /// <summary>The issue that holds it, or the token that was meant, where the caller sees that issue.</summary>
    public Issue? Issue { get; init; }

    /// <summary>The token that was meant, where one slip lies between.</summary>
    public Token66? Meant { get; init; }

    /// <summary>That slip.</summary>
    public DigitSlip? Slip { get; init; }
}
