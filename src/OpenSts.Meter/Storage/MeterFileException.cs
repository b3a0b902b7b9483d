namespace OpenSts.Meter.Storage;

/// <summary>A meter file cannot be used; the message names the file and what is wrong with it.</summary>
public sealed class MeterFileException(string message) : IOException(message);
