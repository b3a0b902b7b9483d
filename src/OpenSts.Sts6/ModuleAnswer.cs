using System.Diagnostics.CodeAnalysis;

namespace OpenSts.Sts6;

/// <summary>
/// A module's answer: a value where its code is <see cref="ResponseCode.Successful"/>, otherwise the reason why not.
/// </summary>
public sealed record ModuleAnswer<T>
    where T : notnull
{
    /// <summary>The module's code.</summary>
    public required ResponseCode Code { get; init; }

    /// <summary>The text of an extended error; otherwise empty.</summary>
    public string Text { get; init; } = "";

    /// <summary>The value; default where the module refused.</summary>
    public T? Value { get; init; }

    /// <summary>True where there is a value.</summary>
    public bool TryGet([NotNullWhen(true)] out T? value)
    {
        value = Value;
        return Code == ResponseCode.Successful && value is not null;
    }

    /// <inheritdoc/>
    public override string ToString() => Code == ResponseCode.Successful ? $"{Value}" : $"{Code} {Text}".TrimEnd();
}
