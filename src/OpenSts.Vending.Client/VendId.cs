using System.Diagnostics.CodeAnalysis;

namespace OpenSts.Vending.Client;

/// <summary>The client's own identity of a sale or another issue of tokens: 8 to 64 letters, digits, dots, dashes and underlines.</summary>
/// <remarks>
/// It is chosen and kept before the server is asked: with it the outcome can be found out whatever happens afterwards, and sending again
/// never makes a second token. An id belongs to one request for ever. The default value is not an id; reading it throws.
/// </remarks>
public readonly record struct VendId
{
    /// <summary>The permitted form, as an error message says it.</summary>
    public const string Form = "8 to 64 letters, digits, dots, dashes and underlines";

    private readonly string? _text;

    private VendId(string text) => _text = text;

    /// <summary>A new id that nobody else has: version 7 of RFC 9562, so ids made later stand behind earlier ones in a list.</summary>
    public static VendId New() => new(Guid.CreateVersion7().ToString("N"));

    /// <summary>Takes an id of the caller's own making, such as the number of a payment.</summary>
    /// <exception cref="FormatException">The text has another form.</exception>
    public static VendId Parse(string text) =>
        TryParse(text, out var id) ? id : throw new FormatException($"The id held '{(text?.Length <= 70 ? text : "something longer")}'; permitted are {Form}.");

    /// <summary>Takes an id of the caller's own making; false where the text has another form.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out VendId id)
    {
        var good = text is { Length: >= 8 and <= 64 } && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_');
        id = good ? new VendId(text!) : default;
        return good;
    }

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">The value is default.</exception>
    public override string ToString() => _text ?? throw new InvalidOperationException("The default value is not an id.");
}
