using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using OpenSts.Pkcs11;

namespace OpenSts.KeyManagement.Storage;

/// <summary>How a centre is opened.</summary>
public sealed record CentreOptions
{
    /// <summary>The centre's clock.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>A file on another volume that remembers how far the audit log was; null for none.</summary>
    public string? CheckpointFile { get; init; }

    /// <summary>The program's log; nothing is written by default.</summary>
    public ILogger Logger { get; init; } = NullLogger.Instance;

    /// <summary>
    /// The token whose key seals the centre's keys, where one does; it stays open as long as the centre. Without it
    /// lists and reports work, and nothing that needs a key.
    /// </summary>
    public Pkcs11Token? Token { get; init; }

    /// <summary>
    /// How long another process that has the centre open is waited for: 0 to some minutes; usually 10 seconds.
    /// </summary>
    public TimeSpan OpenTimeout { get; init; } = TimeSpan.FromSeconds(10);
}
