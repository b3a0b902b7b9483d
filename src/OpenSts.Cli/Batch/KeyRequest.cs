using System.Text;
using System.Text.Json.Nodes;
using OpenSts.Keys;

namespace OpenSts.Cli.Batch;

/// <summary>Reads the meter and key of a request for commands that need the key itself.</summary>
internal static class KeyRequest
{
    /// <summary>The key and, where they are complete, its attributes; null and the fault otherwise.</summary>
    public static DecoderKey? Read(JsonObject request, out DecoderKeyAttributes? attributes, out BatchFault? fault)
    {
        var line = new RequestLine();
        var fields = new FieldReader(line);
        using var meter = new MeterFields(fields);
        line.Parse(Encoding.UTF8.GetBytes(request.ToJsonString()));
        fields.Reset();
        var key = meter.ReadKey(line.Top, line.Meter);
        attributes = meter.Attributes;
        fault = fields.Fault;
        return key;
    }
}
