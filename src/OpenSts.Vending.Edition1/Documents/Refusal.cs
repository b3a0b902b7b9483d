using System.Diagnostics.CodeAnalysis;

namespace OpenSts.Vending.Documents;

/// <summary>Why something was not done: a code of the problem catalogue, a sentence, and the field it is about.</summary>
/// <param name="Code">A code of <see cref="Api.ProblemCatalogue"/>.</param>
/// <param name="Detail">What was held and what is permitted.</param>
/// <param name="Field">The field, where it is one.</param>
public sealed record Refusal(string Code, string Detail, string? Field = null);

/// <summary>A value, or why there is none.</summary>
public readonly record struct Verdict<T>
    where T : class
{
    private Verdict(T? value, Refusal? refusal) => (Value, Refusal) = (value, refusal);

    /// <summary>The value; null where there is a refusal.</summary>
    public T? Value { get; }

    /// <summary>The refusal; null where there is a value.</summary>
    public Refusal? Refusal { get; }

    /// <summary>True with the value, false with the refusal.</summary>
    public bool TryGet([NotNullWhen(true)] out T? value, [NotNullWhen(false)] out Refusal? refusal)
    {
        value = Value;
        refusal = value is null ? Refusal ?? throw new InvalidOperationException("The default verdict holds nothing.") : null;
        return value is not null;
    }

    public static implicit operator Verdict<T>(T value) => new(value, null);

    public static implicit operator Verdict<T>(Refusal refusal) => new(null, refusal);
}
