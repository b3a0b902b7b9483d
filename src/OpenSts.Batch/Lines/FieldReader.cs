using System.Buffers.Text;
using System.Text;
using System.Text.Json;

namespace OpenSts.Batch.Lines;

/// <summary>Reads the values of a request's fields. The first fault is kept and everything read after it is a default.</summary>
internal sealed class FieldReader(JsonLine line)
{
    private readonly char[] _text = new char[1 << 12];

    /// <summary>The first fault; null while every value was good.</summary>
    public BatchError? Fault { get; private set; }

    public void Reset() => Fault = line.Fault;

    public void Fail(BatchError fault) => Fault ??= fault;

    public void FailValue(string code, string field, ReadOnlySpan<char> held, string permitted)
    {
        if (Fault is null)
            Fault = BatchError.Value(code, field, $"'{Excerpt.Of(held)}'", permitted);
    }

    /// <summary>A required string; empty after a fault. The text is valid until the next one is read.</summary>
    public ReadOnlySpan<char> Text(RequestObject from, string name, string permitted)
    {
        var slot = from[name];
        if (Fault is not null)
            return [];
        if (!slot.IsGiven)
        {
            Fail(BatchError.Missing(from.Path + name));
            return [];
        }

        if (slot.Kind != JsonTokenType.String)
        {
            Fail(BatchError.Value(BatchError.Format, from.Path + name, Describe(slot), $"a string: {permitted}"));
            return [];
        }

        // The longest meaningful text is far shorter; a longer one is wrong whatever it says.
        if (slot.Length > _text.Length)
        {
            Fail(BatchError.Value(BatchError.Format, from.Path + name, $"{slot.Length} characters", permitted));
            return [];
        }

        var length = slot.Escaped ? Unescape(slot) : Encoding.UTF8.GetChars(line.Value(slot), _text);
        return _text.AsSpan(0, length);
    }

    /// <summary>A required whole number within bounds; a number outside them has the code given.</summary>
    public long Number(RequestObject from, string name, long minimum, long maximum, string code = BatchError.Range)
    {
        var slot = from[name];
        if (Fault is not null)
            return minimum;
        if (!slot.IsGiven)
        {
            Fail(BatchError.Missing(from.Path + name));
            return minimum;
        }

        var isNumber = slot.Kind == JsonTokenType.Number && IsInteger(line.Value(slot));
        if (isNumber && Utf8Parser.TryParse(line.Value(slot), out long number, out var used) && used == slot.Length && number >= minimum && number <= maximum)
            return number;
        Fail(BatchError.Value(isNumber ? code : BatchError.Format, from.Path + name, Describe(slot), $"a whole number, {minimum} to {maximum}"));
        return minimum;
    }

    /// <summary>A required true or false.</summary>
    public bool Truth(RequestObject from, string name)
    {
        var slot = from[name];
        if (!slot.IsGiven)
            Fail(BatchError.Missing(from.Path + name));
        else if (slot.Kind is not (JsonTokenType.True or JsonTokenType.False))
            Fail(BatchError.Value(BatchError.Format, from.Path + name, Describe(slot), "true or false"));
        return slot.Kind == JsonTokenType.True;
    }

    /// <summary>A required identity of the standard.</summary>
    public TValue Identity<TValue>(RequestObject from, string name)
        where TValue : struct, IStsValue<TValue>
    {
        var text = Text(from, name, TValue.Form);
        if (Fault is not null)
            return default;
        if (!TValue.TryParse(text, out var value, out var fault))
        {
            var code = fault switch
            {
                IdentityFault.IssuerIdentificationNumber => BatchError.IssuerIdentificationNumber,
                IdentityFault.OutOfRange => BatchError.Range,
                IdentityFault.DecoderReferenceNumberCheckDigit or IdentityFault.MeterPanCheckDigit => BatchError.CheckDigit,
                _ => BatchError.Format,
            };
            Fail(new BatchError(code, $"{from.Path}{name} held '{Excerpt.Of(text)}', which {fault.Describe()}; permitted is {TValue.Form}"));
        }

        return value;
    }

    /// <summary>Hexadecimal digits into octets; the held value is never shown, it may be a key. Returns the number of octets.</summary>
    public int SecretHex(RequestObject from, string name, Span<byte> destination)
    {
        const string Form = "hexadecimal digits";
        var text = Text(from, name, Form);
        if (Fault is not null)
            return 0;
        if (text.Length % 2 == 0 && text.Length <= destination.Length * 2
            && Convert.FromHexString(text, destination, out _, out var written) == System.Buffers.OperationStatus.Done)
            return written;
        Fail(BatchError.Value(
            BatchError.Format, from.Path + name, $"{text.Length} characters that are not what it may hold", $"an even number of {Form}, at most {destination.Length * 2}"));
        return 0;
    }

    /// <summary>A required instant of RFC 3339: date, time and zone.</summary>
    public DateTimeOffset Instant(RequestObject from, string name)
    {
        const string Permitted = "a time such as 2026-01-31T13:00:00Z, with a zone";
        var text = Text(from, name, Permitted);
        if (Fault is not null)
            return default;
        if (Rfc3339.TryParse(text, out var instant))
            return instant;
        FailValue(BatchError.Format, from.Path + name, text, Permitted);
        return default;
    }

    /// <summary>What a value is, for a message.</summary>
    public string Describe(JsonSlot slot) => slot.Kind switch
    {
        JsonTokenType.String => $"the string '{Excerpt.Of(line.Value(slot))}'",
        JsonTokenType.Number => Excerpt.Of(line.Value(slot)),
        JsonTokenType.True => "true",
        JsonTokenType.False => "false",
        JsonTokenType.Null => "null",
        JsonTokenType.StartArray => "an array",
        JsonTokenType.StartObject => "an object",
        _ => "nothing",
    };

    private static bool IsInteger(ReadOnlySpan<byte> number) => !number.ContainsAny((byte)'.', (byte)'e', (byte)'E');

    private int Unescape(JsonSlot slot)
    {
        var quoted = new byte[slot.Length + 2];
        quoted[0] = quoted[^1] = (byte)'"';
        line.Value(slot).CopyTo(quoted.AsSpan(1));
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
