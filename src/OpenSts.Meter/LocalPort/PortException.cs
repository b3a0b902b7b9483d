namespace OpenSts.Meter.LocalPort;

/// <summary>A meter's local port did not answer, or not as it should; the message names what was asked.</summary>
public sealed class PortException(string message) : IOException(message);
