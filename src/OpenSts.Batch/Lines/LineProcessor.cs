using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace OpenSts.Batch.Lines;

/// <summary>
/// Answers lines, one at a time: one JSON object in, one JSON object and a line feed out. Not thread-safe: each worker
/// has its own.
/// </summary>
public abstract class LineProcessor : IDisposable
{
    private static readonly JsonWriterOptions WriterOptions =
        new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

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

    /// <summary>Answers one line.</summary>
    /// <param name="request">The line in UTF-8, without its end. It is read until the answer is there.</param>
    /// <param name="output">Receives the answer and a line feed. A bad line is answered too, with the member
    /// <c>error</c>.</param>
    /// <param name="cancellation">Ends the wait for a security module.</param>
    /// <returns>True when the answer is no error.</returns>
    public async ValueTask<bool> AnswerAsync(ReadOnlyMemory<byte> request, IBufferWriter<byte> output,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(output);
        _line.Parse(request);
        Fields.Reset();
        Begin();
        await OperateAsync(cancellation).ConfigureAwait(false);
        return End(output);
    }

    /// <summary>Answers one line that asks no security module.</summary>
    /// <exception cref="InvalidOperationException">The line asks a security module: use
    /// <see cref="AnswerAsync"/>.</exception>
    public bool Answer(ReadOnlyMemory<byte> request, IBufferWriter<byte> output)
    {
        var answer = AnswerAsync(request, output);
        return answer.IsCompleted
            ? answer.GetAwaiter().GetResult()
            : throw new InvalidOperationException(
                "The request waits for a security module; it is answered by AnswerAsync only.");
    }

    /// <summary>Answers a line that was longer than is read.</summary>
    /// <param name="output">Receives the answer and a line feed.</param>
    public void AnswerTooLong(IBufferWriter<byte> output)
    {
        ArgumentNullException.ThrowIfNull(output);
        _line.Parse(default);
        Fields.Reset();
        _answer.ResetWrittenCount();
        Json.Reset();
        WriteError(
            new BatchError(BatchError.Format, $"the line is longer than {LineReader.DefaultMaximumLine} octets"));
        Json.Flush();
        output.Write(_answer.WrittenSpan);
        output.Write("\n"u8);
    }

    /// <summary>Clears the keys of the last requests.</summary>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Releases what the processor holds.</summary>
    /// <param name="disposing">True when called by <see cref="Dispose()"/>.</param>
    protected virtual void Dispose(bool disposing) => Json.Dispose();

    /// <summary>
    /// Does what the line asks and writes the answer's members; an error in the fields becomes the answer instead.
    /// </summary>
    private protected abstract ValueTask OperateAsync(CancellationToken cancellation);

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
        if (_line.Top["id"]
            is { IsGiven: true, Kind: not (JsonTokenType.String or JsonTokenType.Number or JsonTokenType.Null) } id)
            Fields.Fail(BatchError.Value(BatchError.Format, "id", Fields.Describe(id), "a string"));
    }

    private bool End(IBufferWriter<byte> output)
    {
        var error = Fields.Error;
        if (error is not null)
        {
            _answer.ResetWrittenCount();
            Json.Reset();
            WriteError(error);
        }
        else
        {
            Json.WriteEndObject();
        }

        Json.Flush();
        output.Write(_answer.WrittenSpan);
        output.Write("\n"u8);
        return error is null;
    }

    private void WriteError(BatchError error)
    {
        Json.WriteStartObject();
        Json.WritePropertyName("id");
        Json.WriteRawValue(_line.RawId, skipInputValidation: true);
        Json.WriteStartObject("error");
        Json.WriteString("code", error.Code);
        Json.WriteString("message", error.Message);
        Json.WriteEndObject();
        Json.WriteEndObject();
    }
}
