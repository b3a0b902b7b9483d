using OpenSts.Sts6;

namespace OpenSts.Batch.Tokens;

/// <summary>
/// What a <see cref="TokenRequestProcessor"/> may do beyond answering requests that carry their key.
/// </summary>
public sealed record TokenRequestOptions
{
    /// <summary>Whether decode answers hold the key bits of key change tokens. Default: false.</summary>
    public bool ShowKeyBits { get; init; }

    /// <summary>
    /// The module that knows the keys of requests with <c>register</c>; null: such requests are refused. Not disposed.
    /// </summary>
    public ISecurityModule? Module { get; init; }

    /// <summary>
    /// Measures how long the attributes of a register are kept before they are read again. No token depends on its
    /// wall clock.
    /// </summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}
