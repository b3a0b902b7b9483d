namespace OpenSts.Vending.Storage;

/// <summary>A parameter of a statement: nothing, a whole number, a text, or a list of texts.</summary>
/// <remarks>Times travel as milliseconds since 1970 UTC, money as minor units, units as thousandths. The default value is nothing (NULL).</remarks>
public readonly record struct SqlValue
{
    private SqlValue(long? number, string? text, IReadOnlyCollection<string>? texts = null) => (Number, Text, Texts) = (number, text, texts);

    /// <summary>The number, where it is one.</summary>
    public long? Number { get; }

    /// <summary>The text, where it is one.</summary>
    public string? Text { get; }

    /// <summary>The texts, where it is a list.</summary>
    public IReadOnlyCollection<string>? Texts { get; }

    /// <summary>A list, which stands in a statement as <c>= ANY($1)</c>.</summary>
    public static SqlValue Of(IReadOnlyCollection<string> texts) => new(null, null, texts);

    public static implicit operator SqlValue(long value) => new(value, null);

    public static implicit operator SqlValue(long? value) => new(value, null);

    public static implicit operator SqlValue(string? value) => new(null, value);

    public static implicit operator SqlValue(bool value) => new(value ? 1 : 0, null);

    public static implicit operator SqlValue(DateTimeOffset value) => new(value.ToUnixTimeMilliseconds(), null);

    public static implicit operator SqlValue(DateTimeOffset? value) => new(value?.ToUnixTimeMilliseconds(), null);
}
