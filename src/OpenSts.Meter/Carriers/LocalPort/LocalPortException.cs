namespace OpenSts.Meter.Carriers.LocalPort;

/// <summary>A meter's local port did not answer, or not as it should; the message names what was asked.</summary>
public sealed class LocalPortException(string message) : IOException(message);
