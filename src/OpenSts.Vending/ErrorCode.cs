namespace OpenSts.Vending;

/// <summary>Whether a request that was answered with an error changed anything.</summary>
public enum Effect
{
    /// <summary>Nothing was stored. The same id may be sent again.</summary>
    None,

    /// <summary>The refusal is stored: the id is used and never gets a token.</summary>
    Decided,

    /// <summary>Whether it was done is not known. The client sends the same id again.</summary>
    Unknown,
}

/// <summary>One kind of error. Its text is stable for ever: clients compare it.</summary>
/// <param name="Text">Lower case with hyphens, the end of the problem's type URI.</param>
/// <param name="Status">The HTTP status, 400 to 599.</param>
/// <param name="Effect">Whether anything was done.</param>
public sealed record ErrorCode(string Text, int Status, Effect Effect)
{
    /// <summary>The stable text.</summary>
    public override string ToString() => Text;
}
