namespace OpenSts.Dlms.Server;

/// <summary>To whom the server tells of a new alarm without being asked.</summary>
public sealed record PushOptions
{
    /// <summary>
    /// The host and port, such as <c>192.0.2.1:4059</c>; at most 128 ASCII characters. The TCP wrapper is used.
    /// </summary>
    public required string Destination { get; init; }

    /// <summary>The service access point there.</summary>
    public ushort ClientSap { get; init; } = 103;

    /// <summary>How often it is tried again after a failure.</summary>
    public byte Retries { get; init; } = 3;

    /// <summary>How long after a failure, 1 to 65535 s.</summary>
    public ushort RepetitionDelay { get; init; } = 10;
}
