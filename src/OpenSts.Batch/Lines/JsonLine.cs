using System.Text.Json;
using System.Text.Unicode;

namespace OpenSts.Batch.Lines;

/// <summary>
/// One line of JSON Lines, its fields located but not yet interpreted. One object serves many lines.
/// </summary>
/// <remarks>
/// Form only: valid UTF-8, valid JSON, every name known in its place and given once. What the values mean is decided
/// by the operations.
/// </remarks>
internal abstract class JsonLine(RequestObject top)
{
    private ReadOnlyMemory<byte> _line;

    public RequestObject Top { get; } = top;

    /// <summary>The first error of form; null when there is none.</summary>
    public BatchError? Error { get; private set; }

    /// <summary>The request's id as it stands in the line (a JSON string or number), or null.</summary>
    public ReadOnlySpan<byte> RawId =>
        Top["id"] is { Kind: JsonTokenType.String } id ? _line.Span.Slice(id.Start - 1, id.Length + 2)
        : Top["id"] is { Kind: JsonTokenType.Number } number ? Value(number)
        : "null"u8;

    /// <summary>Finds the fields of a line.</summary>
    public void Parse(ReadOnlyMemory<byte> line)
    {
        Top.Clear();
        _line = line;
        BatchError? error = null;
        if (!Utf8.IsValid(line.Span))
        {
            Error = new BatchError(BatchError.Format, "the line is not valid UTF-8");
            return;
        }

        try
        {
            var reader = new Utf8JsonReader(line.Span);
            if (reader.Read() && reader.TokenType == JsonTokenType.StartObject)
                Top.Read(ref reader, ref error);
            else
                error = new BatchError(BatchError.Format, "the line is not a JSON object");
            if (reader.Read())
                error ??= new BatchError(BatchError.Format, "the line holds more than one JSON value");
        }
        catch (JsonException invalid)
        {
            Top.Clear();
            error = new BatchError(BatchError.Format, $"the line is not JSON (octet {invalid.BytePositionInLine})");
        }

        Error = error;
    }

    /// <summary>The bytes of a value, a string without its quotes and with its escapes as they stand.</summary>
    public ReadOnlySpan<byte> Value(FieldValue value) => _line.Span.Slice(value.Start, value.Length);
}
