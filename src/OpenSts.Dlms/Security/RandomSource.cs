namespace OpenSts.Dlms.Security;

/// <summary>Fills a span with unpredictable octets.</summary>
public delegate void RandomSource(Span<byte> destination);
