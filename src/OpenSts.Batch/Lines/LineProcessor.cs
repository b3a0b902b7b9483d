using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace OpenSts.Batch.Lines;

/// <summary>Answers lines, one at a time: what every operation has around its own work. Each worker has its own.</summary>
public abstract class LineProcessor : IDisposable
{
    private static readonly JsonWriterOptions WriterOptions = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    private readonly JsonLine _line;
    private readonly ArrayBufferWriter<byte> _answer = new(512);

    private protected LineProcessor(JsonLine line)
    {
        _line = line;
        Fields = new FieldReader(line);
        Json = new Utf8JsonWriter(_answer, WriterOptions);
    }

    private protected FieldReader Fields { get; }

    private protected Utf8JsonWriter Json { get; }

    /// <summary>Answers one line; the answer, a line feed at its end, goes to the output. True when it is no error.</summary>
    public bool Answer(ReadOnlyMemory<byte> request, IBufferWriter<byte> output)
    {
        _line.Parse(request);
        Fields.Reset();
        Begin();
        Operate();
        return End(output);
    }

    /// <summary>Answers a line that was longer than is read.</summary>
    public void AnswerTooLong(IBufferWriter<byte> output)
    {
        _line.Parse(default);
        Fields.Reset();
        _answer.ResetWrittenCount();
        Json.Reset();
        WriteError(new BatchError(BatchError.Format, $"the line is longer than {LineReader.DefaultMaximumLine} octets"));
        Json.Flush();
        output.Write(_answer.WrittenSpan);
        output.Write("\n"u8);
    }

    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    protected virtual void Dispose(bool disposing) => Json.Dispose();

    /// <summary>Does what the line asks and writes the answer's members; a fault in the fields becomes the answer instead.</summary>
    private protected abstract void Operate();

    /// <summary>Refuses every given field but these.</summary>
    private protected void Permit(params ReadOnlySpan<string> names)
    {
        if (_line.Top.FirstOutside(names) is { } given)
            Fields.Fail(BatchError.Unwanted(given, $"this operation has {string.Join(", ", names.ToArray())}"));
    }

    private void Begin()
    {
        _answer.ResetWrittenCount();
        Json.Reset();
        Json.WriteStartObject();
        Json.WritePropertyName("id");
        Json.WriteRawValue(_line.RawId, skipInputValidation: true);
        if (_line.Top["id"] is { IsGiven: true, Kind: not (JsonTokenType.String or JsonTokenType.Number or JsonTokenType.Null) } id)
            Fields.Fail(BatchError.Value(BatchError.Format, "id", Fields.Describe(id), "a string"));
    }

    private bool End(IBufferWriter<byte> output)
    {
        var fault = Fields.Fault;
        if (fault is not null)
        {
            _answer.ResetWrittenCount();
            Json.Reset();
            WriteError(fault);
        }
        else
        {
            Json.WriteEndObject();
        }

        Json.Flush();
        output.Write(_answer.WrittenSpan);
        output.Write("\n"u8);
        return fault is null;
    }

    private void WriteError(BatchError fault)
    {
        Json.WriteStartObject();
        Json.WritePropertyName("id");
        Json.WriteRawValue(_line.RawId, skipInputValidation: true);
        Json.WriteStartObject("error");
        Json.WriteString("code", fault.Code);
        Json.WriteString("message", fault.Message);
        Json.WriteEndObject();
        Json.WriteEndObject();
    }
}
