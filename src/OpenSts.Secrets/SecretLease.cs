using System.Diagnostics;

namespace OpenSts.Secrets;

/// <summary>
/// Read access to a <see cref="SecretBytes"/>. The secret cannot be released before the lease is disposed.
/// </summary>
[DebuggerDisplay("(secret)")]
public readonly unsafe ref struct SecretLease : IDisposable
{
    private readonly SecretBytes? _secret;

    internal SecretLease(SecretBytes secret)
    {
        var added = false;
        secret.DangerousAddRef(ref added);
        _secret = secret;
        Span = new ReadOnlySpan<byte>((void*)secret.DangerousGetHandle(), secret.Length);
    }

    /// <summary>The bytes of the secret; not to be used after <see cref="Dispose"/>.</summary>
    public ReadOnlySpan<byte> Span { get; }

    /// <summary>Ends the access. Call it exactly once.</summary>
    public void Dispose() => _secret?.DangerousRelease();
}

/// <summary>
/// Write access to a <see cref="SecretBytes"/>. The secret cannot be released before the lease is disposed.
/// </summary>
[DebuggerDisplay("(secret)")]
public readonly unsafe ref struct WritableSecretLease : IDisposable
{
    private readonly SecretBytes? _secret;

    internal WritableSecretLease(SecretBytes secret)
    {
        var added = false;
        secret.DangerousAddRef(ref added);
        _secret = secret;
        Span = new Span<byte>((void*)secret.DangerousGetHandle(), secret.Length);
    }

    /// <summary>The bytes of the secret; not to be used after <see cref="Dispose"/>.</summary>
    public Span<byte> Span { get; }

    /// <summary>Ends the access. Call it exactly once.</summary>
    public void Dispose() => _secret?.DangerousRelease();
}
