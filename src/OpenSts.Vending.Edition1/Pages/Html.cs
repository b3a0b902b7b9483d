using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Encodings.Web;

namespace OpenSts.Vending.Pages;

/// <summary>Text that is already HTML.</summary>
public readonly record struct Html(string Text)
{
    /// <summary>Nothing.</summary>
    public static Html None { get; } = new("");

    /// <summary>A literal whose parts are encoded, unless they are HTML themselves.</summary>
    public static Html Of(HtmlLiteral literal) => new(literal.ToString());

    /// <summary>Several after each other.</summary>
    public static Html Join(IEnumerable<Html> parts) => new(string.Concat(parts.Select(part => part.Text)));

    /// <summary>The HTML where the condition holds; its parts are not even looked at where it does not.</summary>
    public static Html When(bool condition, [InterpolatedStringHandlerArgument(nameof(condition))] HtmlLiteral literal) => condition ? Of(literal) : None;

    /// <inheritdoc/>
    public override string ToString() => Text ?? "";
}

/// <summary>Puts a literal together and encodes its parts: nobody's name becomes a script.</summary>
[InterpolatedStringHandler]
public readonly struct HtmlLiteral
{
    private readonly StringBuilder _text;

    public HtmlLiteral(int literalLength, int formattedCount) => _text = new StringBuilder(literalLength + (16 * formattedCount));

    /// <summary>Begins a literal where the condition holds.</summary>
    public HtmlLiteral(int literalLength, int formattedCount, bool condition, out bool holds)
    {
        holds = condition;
        _text = condition ? new StringBuilder(literalLength + (16 * formattedCount)) : new StringBuilder(0);
    }

    public void AppendLiteral(string text) => _text.Append(text);

    public void AppendFormatted(Html html) => _text.Append(html.Text);

    public void AppendFormatted(string? text) => _text.Append(HtmlEncoder.Default.Encode(text ?? ""));

    public void AppendFormatted<T>(T value, string format)
        where T : IFormattable => AppendFormatted(value.ToString(format, CultureInfo.InvariantCulture));

    public void AppendFormatted<T>(T value) => AppendFormatted(Convert.ToString(value, CultureInfo.InvariantCulture));

    /// <inheritdoc/>
    public override string ToString() => _text.ToString();
}
