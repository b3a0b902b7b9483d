using System.Diagnostics.CodeAnalysis;

namespace OpenSts.SecurityModule.Root;

/// <summary>Why the root did not sign.</summary>
public enum RootRefusal
{
    /// <summary>It signed.</summary>
    None,

    /// <summary>The line is not the certificate it should be; the sentence names the field.</summary>
    Format,

    /// <summary>The certificate would have ended already.</summary>
    Time,
}

/// <summary>The root's answer: a signed certificate, or why it was refused and one sentence.</summary>
/// <typeparam name="T">The kind of certificate.</typeparam>
/// <param name="Refusal">Why it was refused.</param>
/// <param name="Text">What is wrong and what is permitted; empty where it was signed.</param>
/// <param name="Value">The certificate; null where it was refused.</param>
public sealed record RootAnswer<T>(RootRefusal Refusal, string Text, T? Value = null)
    where T : class
{
    internal RootAnswer(T value)
        : this(RootRefusal.None, "", value)
    {
    }

    /// <summary>True where it was signed.</summary>
    public bool TryGet([NotNullWhen(true)] out T? value)
    {
        value = Value;
        return value is not null;
    }

    /// <inheritdoc/>
    public override string ToString() => Value is null ? $"{Refusal}: {Text}" : $"{Value}";
}
