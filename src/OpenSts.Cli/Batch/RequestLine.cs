using System.Text.Json;
using System.Text.Unicode;

namespace OpenSts.Cli.Batch;

/// <summary>The fields of one request line, found but not yet understood. One object serves many lines.</summary>
/// <remarks>Form only: valid UTF-8, valid JSON, every name known in its place and given once. What the values mean is decided by the operations.</remarks>
internal sealed class RequestLine
{
    private static readonly string[] MeterNames =
    [
        "pan", "supplyGroupCode", "tariffIndex", "keyRevisionNumber", "keyType", "keyExpiryNumber", "baseDate",
        "encryptionAlgorithm", "decoderKeyGenerationAlgorithm",
    ];

    private ReadOnlyMemory<byte> _line;

    public RequestLine()
    {
        Meter = new RequestObject("meter.", MeterNames);
        From = Party("from");
        To = Party("to");
        Control = new RequestObject("token.control.", "index", "value");
        Flag = new RequestObject("token.flag.", "index", "value");
        Token = new RequestObject(
            "token.", "class", "subclass", "issuedAt", "random", "amount", "watts", "register", "value", "control", "flag", "manufacturerCode")
            .With("control", Control).With("flag", Flag);
        Top = new RequestObject(
            "", "id", "op", "meter", "vendingKey", "decoderKey", "token", "from", "to", "tokens", "encryptionAlgorithm", "key", "block")
            .With("meter", Meter).With("token", Token).With("from", From.Object).With("to", To.Object);
    }

    public RequestObject Top { get; }

    public RequestObject Meter { get; }

    public RequestParty From { get; }

    public RequestParty To { get; }

    public RequestObject Token { get; }

    public RequestObject Control { get; }

    public RequestObject Flag { get; }

    /// <summary>The first fault of form; null when there is none.</summary>
    public BatchFault? Fault { get; private set; }

    /// <summary>The request's id as it stands in the line (a JSON string or number), or null.</summary>
    public ReadOnlySpan<byte> RawId => Top["id"] is { Kind: JsonTokenType.String } id ? _line.Span.Slice(id.Start - 1, id.Length + 2)
        : Top["id"] is { Kind: JsonTokenType.Number } number ? Value(number)
        : "null"u8;

    /// <summary>Finds the fields of a line.</summary>
    public void Parse(ReadOnlyMemory<byte> line)
    {
        Top.Clear();
        _line = line;
        BatchFault? fault = null;
        if (!Utf8.IsValid(line.Span))
        {
            Fault = new BatchFault(BatchFault.Format, "the line is not valid UTF-8");
            return;
        }

        try
        {
            var reader = new Utf8JsonReader(line.Span);
            if (reader.Read() && reader.TokenType == JsonTokenType.StartObject)
                Top.Read(ref reader, ref fault);
            else
                fault = new BatchFault(BatchFault.Format, "the line is not a JSON object");
            if (reader.Read())
                fault ??= new BatchFault(BatchFault.Format, "the line holds more than one JSON value");
        }
        catch (JsonException error)
        {
            Top.Clear();
            fault = new BatchFault(BatchFault.Format, $"the line is not JSON (octet {error.BytePositionInLine})");
        }

        Fault = fault;
    }

    /// <summary>The bytes of a value, a string without its quotes and with its escapes as they stand.</summary>
    public ReadOnlySpan<byte> Value(JsonSlot slot) => _line.Span.Slice(slot.Start, slot.Length);

    private static RequestParty Party(string name)
    {
        var meter = new RequestObject($"{name}.meter.", MeterNames);
        return new RequestParty(new RequestObject($"{name}.", "meter", "vendingKey", "decoderKey").With("meter", meter), meter);
    }
}

/// <summary>One side of a key change: a meter's attributes and a key.</summary>
internal sealed record RequestParty(RequestObject Object, RequestObject Meter);
