namespace OpenSts.Explaining;

/// <summary>How far a token could be read.</summary>
public enum ExplanationDepth
{
    /// <summary>Class 0 or 2 and no key: only the class is known.</summary>
    Encrypted,

    /// <summary>A key was there but the check does not hold: the fields are noise.</summary>
    CheckFailed,

    /// <summary>The check holds: every field is known.</summary>
    Open,

    /// <summary>Class 3: no document says how to read it.</summary>
    Reserved,
}

/// <summary>One field of a token: where it stands, what bits it has and what they mean.</summary>
public sealed record ExplainedField
{
    /// <summary>The name of the standard.</summary>
    public required string Name { get; init; }

    /// <summary>
    /// The place of the lowest bit, counted from 0 at the right of the 64-bit block; 64 for the class bits.
    /// </summary>
    public required int LowestBit { get; init; }

    /// <summary>How many bits.</summary>
    public required int Bits { get; init; }

    /// <summary>The bits as a number; null where they are key bits, which are not shown.</summary>
    public required ulong? Value { get; init; }

    /// <summary>What the bits say, in words.</summary>
    public required string Meaning { get; init; }
}

/// <summary>What a token identifier means when it counts from one base date.</summary>
/// <param name="BaseDate">The base date.</param>
/// <param name="Time">The minute.</param>
/// <param name="IsReserved">True for 00:01, which only special tokens carry.</param>
public sealed record IdentifierReading(BaseDate BaseDate, DateTimeOffset Time, bool IsReserved);

/// <summary>The token x-ray: everything that can be said of a token, as a value any face can draw.</summary>
public sealed record TokenExplanation
{
    /// <summary>The token.</summary>
    public required Token66 Token { get; init; }

    /// <summary>How far it could be read.</summary>
    public required ExplanationDepth Depth { get; init; }

    /// <summary>The 64 bits: in clear where the depth is Open or CheckFailed, else as they travel.</summary>
    public required ulong Block { get; init; }

    /// <summary>The fields, the leftmost first; of an encrypted token only the class.</summary>
    public required IReadOnlyList<ExplainedField> Fields { get; init; }

    /// <summary>The meaning; null where the token did not open or its fields are out of range.</summary>
    public Token? Meaning { get; init; }

    /// <summary>The check as found in the token; null where it could not be read.</summary>
    public ushort? CheckFound { get; init; }

    /// <summary>The check that would belong to the other bits.</summary>
    public ushort? CheckExpected { get; init; }

    /// <summary>The identifier under each possible base date; empty where the token has none.</summary>
    public IReadOnlyList<IdentifierReading> Identifier { get; init; } = [];

    /// <summary>What a meter would answer, in the standard's word.</summary>
    public required string Answer { get; init; }

    /// <summary>Why, and what else a reader should know; whole sentences.</summary>
    public required IReadOnlyList<string> Reasons { get; init; }
}
