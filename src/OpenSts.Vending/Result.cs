using System.Diagnostics.CodeAnalysis;

namespace OpenSts.Vending;

/// <summary>A value, or the refusal that stands in its place.</summary>
public readonly record struct Result<T>
    where T : class
{
    private readonly T? _value;
    private readonly Refusal? _refusal;

    private Result(T? value, Refusal? refusal) => (_value, _refusal) = (value, refusal);

    /// <summary>The refusal; null where there is a value.</summary>
    public Refusal? Refusal => _refusal;

    /// <summary>True with the value, false with the refusal.</summary>
    /// <exception cref="InvalidOperationException">This is the default, which holds neither.</exception>
    public bool TryGet([NotNullWhen(true)] out T? value, [NotNullWhen(false)] out Refusal? refusal)
    {
        value = _value;
        refusal = value is null ? _refusal
            ?? throw new InvalidOperationException("The default result holds nothing.") : null;
        return value is not null;
    }

    public static implicit operator Result<T>(T value) => new(value, null);

    public static implicit operator Result<T>(Refusal refusal) => new(null, refusal);
}
