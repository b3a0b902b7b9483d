using System.Buffers;
using System.Buffers.Text;
using System.Text;
using System.Text.Json;

namespace OpenSts.Batch.Lines;

/// <summary>
/// Reads the values of a request's fields. The first error is kept, and everything read after it is a default.
/// </summary>
internal sealed class FieldReader(JsonLine line)
{
    private readonly char[] _text = new char[1 << 12];

    /// <summary>The first error; null while every value was good.</summary>
    public BatchError? Error { get; private set; }

    public void Reset() => Error = line.Error;

    public void Fail(BatchError error) => Error ??= error;

    /// <summary>A text that is not what it should be.</summary>
    public void FailValue(string code, string field, ReadOnlySpan<char> held, string expected)
    {
        if (Error is null)
            Error = BatchError.Value(code, field, $"'{Excerpt.Of(held)}'", expected);
    }

    /// <summary>A required string; empty after an error. The text is valid until the next one is read.</summary>
    public ReadOnlySpan<char> Text(RequestObject from, string name, string expected)
    {
        var value = from[name];
        if (Error is not null)
            return [];
        if (!value.IsGiven)
        {
            Fail(BatchError.Missing(from.Path + name));
            return [];
        }

        if (value.Kind != JsonTokenType.String)
        {
            Fail(new BatchError(BatchError.Format,
                $"{from.Path}{name}: {Describe(value)} is not a string; expected {expected}"));
            return [];
        }

        // The longest meaningful text is far shorter; a longer one is wrong whatever it says.
        if (value.Length > _text.Length)
        {
            Fail(BatchError.Value(BatchError.Format, from.Path + name, $"a text of {value.Length} octets", expected));
            return [];
        }

        var length = value.Escaped ? Unescape(value) : Encoding.UTF8.GetChars(line.Value(value), _text);
        return _text.AsSpan(0, length);
    }

    /// <summary>A required whole number within bounds; a number outside them has the code given.</summary>
    public long Number(RequestObject from, string name, long minimum, long maximum, string code = BatchError.Range)
    {
        var value = from[name];
        if (Error is not null)
            return minimum;
        if (!value.IsGiven)
        {
            Fail(BatchError.Missing(from.Path + name));
            return minimum;
        }

        var isNumber = value.Kind == JsonTokenType.Number && IsInteger(line.Value(value));
        if (isNumber && Utf8Parser.TryParse(line.Value(value), out long number, out var used) && used == value.Length
            && number >= minimum && number <= maximum)
            return number;
        Fail(BatchError.Value(isNumber ? code : BatchError.Format, from.Path
            + name, Describe(value), $"a whole number from {minimum} to {maximum}"));
        return minimum;
    }

    /// <summary>A required true or false.</summary>
    public bool Truth(RequestObject from, string name)
    {
        var value = from[name];
        if (!value.IsGiven)
            Fail(BatchError.Missing(from.Path + name));
        else if (value.Kind is not (JsonTokenType.True or JsonTokenType.False))
            Fail(BatchError.Value(BatchError.Format, from.Path + name, Describe(value), "true or false"));
        return value.Kind == JsonTokenType.True;
    }

    /// <summary>A required identity of the standard.</summary>
    public TValue Identity<TValue>(RequestObject from, string name)
        where TValue : struct, IStsValue<TValue>
    {
        var text = Text(from, name, TValue.Form);
        if (Error is not null)
            return default;
        if (!TValue.TryParse(text, out var value, out var fault))
        {
            var code = fault switch
            {
                IdentityFault.IssuerIdentificationNumber => BatchError.IssuerIdentificationNumber,
                IdentityFault.OutOfRange => BatchError.Range,
                IdentityFault.DecoderReferenceNumberCheckDigit or IdentityFault.MeterPanCheckDigit =>
                    BatchError.CheckDigit,
                _ => BatchError.Format,
            };
            Fail(new BatchError(code,
                $"{from.Path}{name}: '{Excerpt.Of(text)}' {fault.Describe()}; expected {TValue.Form}"));
        }

        return value;
    }

    /// <summary>
    /// Hexadecimal digits into octets; the held value is never shown, it may be a key. Returns the number of octets.
    /// </summary>
    public int SecretHex(RequestObject from, string name, Span<byte> destination)
    {
        const string Form = "hexadecimal digits";
        var text = Text(from, name, Form);
        if (Error is not null)
            return 0;
        if (text.Length % 2 == 0 && text.Length <= destination.Length * 2
            && Convert.FromHexString(text, destination, out _, out var written) == OperationStatus.Done)
            return written;
        Fail(BatchError.Value(
            BatchError.Format, from.Path + name, $"a text of {text.Length} characters (not shown)",
                $"an even number of {Form}, at most {destination.Length * 2}"));
        return 0;
    }

    /// <summary>A required instant of RFC 3339: date, time and zone.</summary>
    public DateTimeOffset Instant(RequestObject from, string name)
    {
        const string Expected = "a time with a zone, such as 2026-01-31T13:00:00Z";
        var text = Text(from, name, Expected);
        if (Error is not null)
            return default;
        if (Rfc3339.TryParse(text, out var instant))
            return instant;
        FailValue(BatchError.Format, from.Path + name, text, Expected);
        return default;
    }

    /// <summary>What a value is, for a message. Never for a value that may be a key.</summary>
    public string Describe(FieldValue value) => value.Kind switch
    {
        JsonTokenType.String => $"the string '{Excerpt.Of(line.Value(value))}'",
        JsonTokenType.Number => Excerpt.Of(line.Value(value)),
        JsonTokenType.True => "true",
        JsonTokenType.False => "false",
        JsonTokenType.Null => "null",
        JsonTokenType.StartArray => "an array",
        JsonTokenType.StartObject => "an object",
        _ => "nothing",
    };

    private static bool IsInteger(ReadOnlySpan<byte> number) => !number.ContainsAny((byte)'.', (byte)'e', (byte)'E');

    private int Unescape(FieldValue value)
    {
        var quoted = new byte[value.Length + 2];
        quoted[0] = quoted[^1] = (byte)'"';
        line.Value(value).CopyTo(quoted.AsSpan(1));
        var reader = new Utf8JsonReader(quoted);
        reader.Read();
        try
        {
            return reader.CopyString(_text);
        }
        catch (InvalidOperationException)
        {
            // An escape that is half a surrogate pair is no text.
            Fail(new BatchError(BatchError.Format, "a string of the line has an escape that is no character"));
            return 0;
        }
    }
}
