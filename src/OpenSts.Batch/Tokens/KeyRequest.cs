using OpenSts.Batch.Lines;
using OpenSts.Keys;

namespace OpenSts.Batch.Tokens;

/// <summary>Reads the meter and the key of a request, for callers that need the key itself.</summary>
public static class KeyRequest
{
    /// <summary>The key and, where they are complete, its attributes; null and the error otherwise.</summary>
    public static DecoderKey? Read(ReadOnlyMemory<byte> request, out DecoderKeyAttributes? attributes,
        out BatchError? error)
    {
        var line = new TokenRequestLine();
        var fields = new FieldReader(line);
        using var meter = new MeterFields(fields);
        line.Parse(request);
        fields.Reset();
        var key = meter.ReadKey(line.Top, line.Meter);
        attributes = meter.Attributes;
        error = fields.Error;
        return key;
    }
}
