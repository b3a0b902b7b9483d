namespace OpenSts;

/// <summary>A value with one text form: ASCII digits, independent of culture, without spaces around them.</summary>
/// <typeparam name="TSelf">The value's own type.</typeparam>
/// <remarks>
/// A type implements <c>TryParse</c> with a fault. <see cref="StsValueParsing"/> adds <c>Parse</c> and the short
/// <c>TryParse</c>; this interface implements the parsing and formatting interfaces of .NET.
/// </remarks>
public interface IStsValue<TSelf> : ISpanParsable<TSelf>, ISpanFormattable
    where TSelf : struct, IStsValue<TSelf>
{
    /// <summary>The name of the value and its valid form, for error messages.</summary>
    static abstract string Form { get; }

    /// <summary>
    /// Reads the text; on failure <paramref name="value"/> is the default and the fault names the first broken rule.
    /// </summary>
    static abstract bool TryParse(ReadOnlySpan<char> text, out TSelf value, out IdentityFault fault);

    static TSelf ISpanParsable<TSelf>.Parse(ReadOnlySpan<char> s, IFormatProvider? provider) =>
        StsValueParsing.Read<TSelf>(s);

    static bool ISpanParsable<TSelf>.TryParse(ReadOnlySpan<char> s, IFormatProvider? provider, out TSelf result) =>
        TSelf.TryParse(s, out result, out _);

    static TSelf IParsable<TSelf>.Parse(string s, IFormatProvider? provider) => StsValueParsing.Read<TSelf>(s);

    static bool IParsable<TSelf>.TryParse(string? s, IFormatProvider? provider, out TSelf result) =>
        TSelf.TryParse(s.AsSpan(), out result, out _);

    string IFormattable.ToString(string? format, IFormatProvider? formatProvider) => ToString() ?? "";

    bool ISpanFormattable.TryFormat(Span<char> destination, out int charsWritten, ReadOnlySpan<char> format,
        IFormatProvider? provider)
    {
        var text = ToString(format.IsEmpty ? null : format.ToString(), null);
        var fits = text.AsSpan().TryCopyTo(destination);
        charsWritten = fits ? text.Length : 0;
        return fits;
    }
}

/// <summary>Parsing for every <see cref="IStsValue{TSelf}"/>.</summary>
public static class StsValueParsing
{
    extension<TValue>(TValue)
        where TValue : struct, IStsValue<TValue>
    {
        /// <summary>Reads the text.</summary>
        /// <exception cref="FormatException">The text breaks a rule; the message names it and the
        /// valid form.</exception>
        public static TValue Parse(ReadOnlySpan<char> text) => Read<TValue>(text);

        /// <summary>Reads the text; false, and the default value, if it breaks a rule.</summary>
        public static bool TryParse(ReadOnlySpan<char> text, out TValue value) =>
            TValue.TryParse(text, out value, out _);
    }

    internal static TValue Read<TValue>(ReadOnlySpan<char> text)
        where TValue : struct, IStsValue<TValue> =>
        TValue.TryParse(text, out var value, out var fault)
            ? value
            : throw new FormatException($"'{Excerpt(text)}' {fault.Describe()}; expected {TValue.Form}.");

    // Limits the length of the message.
    private static string Excerpt(ReadOnlySpan<char> text) =>
        text.Length <= 40 ? text.ToString() : string.Concat(text[..40], "...");
}
