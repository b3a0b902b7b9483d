namespace OpenSts.Explaining;

/// <summary>How much of a token could be decoded.</summary>
public enum ExplanationDepth
{
    /// <summary>A class 0 or 2 token without a key: only the class is known.</summary>
    Encrypted,

    /// <summary>The CRC does not match: the values of the fields have no meaning.</summary>
    CheckFailed,

    /// <summary>The CRC matches: every field is known.</summary>
    Open,

    /// <summary>A class 3 token: the standard defines no fields for it.</summary>
    Reserved,
}

/// <summary>One field of a token: position, width, value and meaning.</summary>
public sealed record ExplainedField
{
    /// <summary>The name of the field in the standard, such as TID.</summary>
    public required string Name { get; init; }

    /// <summary>The position of the lowest bit in the 64-bit block, 0 to 63; 64 for the class bits.</summary>
    public required int LowestBit { get; init; }

    /// <summary>The width in bits, 1 to 44.</summary>
    public required int Bits { get; init; }

    /// <summary>The bits as a number; null for key bits, which are not shown.</summary>
    public required ulong? Value { get; init; }

    /// <summary>The meaning of the value, in English.</summary>
    public required string Meaning { get; init; }
}

/// <summary>The time of a token identifier, counted from one base date.</summary>
/// <param name="BaseDate">The base date.</param>
/// <param name="Time">The minute in UTC.</param>
/// <param name="IsReserved">True for 00:01, which is reserved for special tokens.</param>
public sealed record IdentifierReading(BaseDate BaseDate, DateTimeOffset Time, bool IsReserved);

/// <summary>The decoded fields of a token and the predicted answer of a meter.</summary>
public sealed record TokenExplanation
{
    /// <summary>The token.</summary>
    public required Token66 Token { get; init; }

    /// <summary>How much of the token could be decoded.</summary>
    public required ExplanationDepth Depth { get; init; }

    /// <summary>
    /// The 64-bit block: decrypted if <see cref="Depth"/> is Open or CheckFailed, else as the token carries it.
    /// </summary>
    public required ulong Block { get; init; }

    /// <summary>The fields, most significant first; only the class if the token could not be decrypted.</summary>
    public required IReadOnlyList<ExplainedField> Fields { get; init; }

    /// <summary>The decoded token; null if the CRC does not match or a field is out of range.</summary>
    public Token? Meaning { get; init; }

    /// <summary>The CRC in the token; null if the token could not be decrypted.</summary>
    public ushort? CheckFound { get; init; }

    /// <summary>The CRC computed from the other bits; null if the token could not be decrypted.</summary>
    public ushort? CheckExpected { get; init; }

    /// <summary>The time of the token identifier for each base date; empty if the token has no identifier.</summary>
    public IReadOnlyList<IdentifierReading> Identifier { get; init; } = [];

    /// <summary>
    /// The predicted answer in the standard's terms, such as Accept or CRCError; "unknown" without the key.
    /// </summary>
    public required string Answer { get; init; }

    /// <summary>The reasons for the answer; each is a sentence in English.</summary>
    public required IReadOnlyList<string> Reasons { get; init; }
}
