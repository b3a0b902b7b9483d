
namespace OpenSts.Vending;

/// <summary>What an argument of a refusal holds; the edge formats it in the reader's language.</summary>
public enum ArgumentKind
{
    /// <summary>A <see cref="string"/>: an id, a name, a code.</summary>
    Text,

    /// <summary>A <see cref="decimal"/>: a count, units, percent, minutes.</summary>
    Number,

    /// <summary>A <see cref="MoneyAmount"/>.</summary>
    Money,

    /// <summary>A <see cref="DateOnly"/>: a local day.</summary>
    Date,

    /// <summary>A <see cref="DateTimeOffset"/>: an instant.</summary>
    Time,
}

/// <summary>One named value of a refusal.</summary>
public sealed record RefusalArgument
{
    private RefusalArgument(string name, ArgumentKind kind, object value) => (Name, Kind, Value) = (name, kind, value);

    /// <summary>The name that texts refer to, in camel case.</summary>
    public string Name { get; }

    /// <summary>The type of <see cref="Value"/>.</summary>
    public ArgumentKind Kind { get; }

    /// <summary>The value.</summary>
    public object Value { get; }

    public static RefusalArgument Text(string name, string value) => new(name, ArgumentKind.Text, value);

    public static RefusalArgument Number(string name, decimal value) => new(name, ArgumentKind.Number, value);

    public static RefusalArgument Money(string name, MoneyAmount value) => new(name, ArgumentKind.Money, value);

    public static RefusalArgument Date(string name, DateOnly value) => new(name, ArgumentKind.Date, value);

    public static RefusalArgument Time(string name, DateTimeOffset value) => new(name, ArgumentKind.Time, value);
}

/// <summary>Why something was not done: a code, the field it is about, and values for the text. It holds no
/// sentence.</summary>
/// <param name="Code">Of <see cref="ErrorCodes"/>.</param>
/// <param name="Field">The JSON name of the field, or null.</param>
/// <param name="Arguments">Values that the text names.</param>
public sealed record Refusal(ErrorCode Code, string? Field, params IReadOnlyList<RefusalArgument> Arguments)
{
    public Refusal(ErrorCode code)
        : this(code, null)
    {
    }

    /// <summary>The value of an argument, or null.</summary>
    public object? this[string name] => Arguments.FirstOrDefault(argument => argument.Name == name)?.Value;

    public bool Equals(Refusal? other) =>
        other is not null && Code == other.Code && Field == other.Field && Arguments.SequenceEqual(other.Arguments);

    public override int GetHashCode() => HashCode.Combine(Code, Field, Arguments.Count);
}
