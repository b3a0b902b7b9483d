namespace OpenSts.SecurityModule.Transport;

/// <summary>What a host may take of a module that serves others too.</summary>
public sealed record ServerLimits
{
    /// <summary>
    /// Open connections; when there are as many, the one that was silent longest is closed for a new one.
    /// </summary>
    public int Connections { get; init; } = 16_384;

    /// <summary>How long a request may take to arrive once it has begun, and a TLS handshake.</summary>
    public TimeSpan RequestTime { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long answers may wait for a host that does not read.</summary>
    public TimeSpan AnswerTime { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Portions of answers that wait for the disk or the host while further requests are taken.</summary>
    public int PortionsInFlight { get; init; } = 8;
}
