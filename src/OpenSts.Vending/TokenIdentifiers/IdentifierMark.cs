namespace OpenSts.Vending.TokenIdentifiers;

/// <summary>The highest identifier that a token of a meter and base date has, or may have.</summary>
/// <param name="Pan">The meter.</param>
/// <param name="BaseDate">The base date of the key.</param>
/// <param name="Highest">Null where none was given.</param>
/// <remarks>
/// The standard asks for rising identifiers per meter and key; one mark for all keys of a base date is stricter and
/// needs no rule for the
/// time when two keys are vended side by side.
/// </remarks>
public sealed record IdentifierMark(MeterPan Pan, BaseDate BaseDate, TokenIdentifier? Highest);
