namespace OpenSts;

/// <summary>
/// A token of a reserved subclass: class 0 subclass 8 to 15, class 1 subclass 3 to 5, and class 3. It is never issued.
/// </summary>
public sealed record ReservedToken : Token
{
    /// <summary>The class and the data bits.</summary>
    public required TokenContent Content { get; init; }

    /// <inheritdoc/>
    public override TokenClass Class => Content.Class;

    /// <inheritdoc/>
    public override int Subclass => Content.Subclass;

    /// <inheritdoc/>
    public override string Name => "Reserved";
}
