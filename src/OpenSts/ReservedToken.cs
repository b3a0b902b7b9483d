namespace OpenSts;

/// <summary>
/// A token no document assigns: class 0 subclass 8 to 15, class 1 subclass 3 to 5, class 3. Never issued.
/// </summary>
public sealed record ReservedToken : Token
{
    /// <summary>The class and data bits as found.</summary>
    public required TokenContent Content { get; init; }

    /// <inheritdoc/>
    public override TokenClass Class => Content.Class;

    /// <inheritdoc/>
    public override int Subclass => Content.Subclass;

    /// <inheritdoc/>
    public override string Name => "Reserved";
}
