using System.Buffers;
using System.Buffers.Binary;
using System.Buffers.Text;
using System.Globalization;
using OpenSts.SecurityModule.Transport;
using OpenSts.Sts6;

namespace OpenSts.SecurityModule.Commands;

/// <summary>
/// Builds one answer at a time: header, code, fields, check, carriage return, and the frame around it.
/// </summary>
internal sealed class AnswerWriter
{
    private const int CodeAt = 5;
    private const int FieldsAt = 7;
    private const int HexDigits = 17;
    private byte[] _octets = new byte[512];
    private int _front;
    private int _length;

    /// <summary>Starts the answer to a header such as <c>SM?VC</c>.</summary>
    /// <param name="framing">Wrapped puts length and head in front.</param>
    /// <param name="head">The request's head; filled with zeros to its length.</param>
    /// <param name="header">Five characters of the request.</param>
    public void Begin(SessionFraming framing, ReadOnlySpan<byte> head, ReadOnlySpan<byte> header)
    {
        _front = framing == SessionFraming.Wrapped ? 2 + FrameCutter.HeadLength : 0;
        _octets.AsSpan(0, _front).Clear();
        if (_front > 0)
            head.CopyTo(_octets.AsSpan(2));
        _length = _front;
        Raw(header);
        _octets[_front + 2] = (byte)'!';
        Raw("00"u8);
    }

    /// <summary>Writes the code; fields are dropped where it is not success.</summary>
    public void Code(ResponseCode code)
    {
        if (code == ResponseCode.ExtendedError)
        {
            // The one code that is not decimal and has a field: what is wrong, in words.
            "EE"u8.CopyTo(_octets.AsSpan(_front + CodeAt));
            return;
        }

        if (code != ResponseCode.Successful)
            _length = _front + FieldsAt;
        _octets[_front + CodeAt] = (byte)('0' + ((int)code / 10));
        _octets[_front + CodeAt + 1] = (byte)('0' + ((int)code % 10));
    }

    /// <summary>Puts check, carriage return and length and gives the whole answer.</summary>
    public ReadOnlySpan<byte> End()
    {
        Room(LineCheck.Length + 1);
        LineCheck.Write(_octets.AsSpan(_front.._length), _octets.AsSpan(_length));
        _length += LineCheck.Length;
        _octets[_length++] = (byte)'\r';
        if (_front > 0)
            BinaryPrimitives.WriteUInt16BigEndian(_octets, (ushort)(_length - 2));
        return _octets.AsSpan(0, _length);
    }

    public void Number(long value)
    {
        Room(22);
        _octets[_length++] = (byte)'N';
        _ = Utf8Formatter.TryFormat(value, _octets.AsSpan(_length), out var written);
        _length += written;
        _octets[_length++] = (byte)'~';
    }

    /// <summary>A P field; characters that the type does not have become question marks.</summary>
    public void Print(ReadOnlySpan<char> text)
    {
        Room(text.Length + 2);
        _octets[_length++] = (byte)'P';
        foreach (var character in text)
            _octets[_length++] = character is >= ' ' and <= '}' ? (byte)character : (byte)'?';
        _octets[_length++] = (byte)'~';
    }

    public void Octets(long value, int digits)
    {
        Room(digits + 2);
        _octets[_length++] = (byte)'H';
        _ = Utf8Formatter.TryFormat(value, _octets.AsSpan(_length), out var written,
            new StandardFormat('X', (byte)digits));
        _length += written;
        _octets[_length++] = (byte)'~';
    }

    public void Octets(ReadOnlySpan<byte> value)
    {
        Room((value.Length * 2) + 2);
        _octets[_length++] = (byte)'H';
        _ = Convert.TryToHexString(value, _octets.AsSpan(_length), out var written);
        _length += written;
        _octets[_length++] = (byte)'~';
    }

    public void Date(DateTimeOffset time) =>
        Plain('D', time.UtcDateTime.ToString("yyyyMMddHHmmss", CultureInfo.InvariantCulture));

    /// <summary>A P field with tokens as 17 hexadecimal digits each, and one with 20 decimal digits each.</summary>
    public void Tokens(ReadOnlySpan<Token66> tokens)
    {
        Room(((HexDigits + Token66.Digits) * tokens.Length) + 4);
        _octets[_length++] = (byte)'P';
        Hex(tokens);
        _octets[_length++] = (byte)'~';
        _octets[_length++] = (byte)'P';
        Decimal(tokens);
        _octets[_length++] = (byte)'~';
    }

    /// <summary>The same digits without fields, as the older protocol has them.</summary>
    public void PlainTokens(ReadOnlySpan<Token66> tokens)
    {
        Room((HexDigits + Token66.Digits) * tokens.Length);
        Hex(tokens);
        Decimal(tokens);
    }

    /// <summary>Octets that are no field: for commands without fields.</summary>
    public void Raw(ReadOnlySpan<byte> octets)
    {
        Room(octets.Length);
        octets.CopyTo(_octets.AsSpan(_length));
        _length += octets.Length;
    }

    private void Hex(ReadOnlySpan<Token66> tokens)
    {
        foreach (var token in tokens)
        {
            var value = token.Value;
            for (var shift = 4 * (HexDigits - 1); shift >= 0; shift -= 4)
                _octets[_length++] = "0123456789ABCDEF"u8[(int)(uint)((value >> shift) & 15)];
        }
    }

    private void Decimal(ReadOnlySpan<Token66> tokens)
    {
        Span<char> digits = stackalloc char[Token66.Digits];
        foreach (var token in tokens)
        {
            _ = token.TryFormat(digits, out _);
            foreach (var digit in digits)
                _octets[_length++] = (byte)digit;
        }
    }

    private void Plain(char type, string text)
    {
        Room(text.Length + 2);
        _octets[_length++] = (byte)type;
        foreach (var character in text)
            _octets[_length++] = (byte)character;
        _octets[_length++] = (byte)'~';
    }

    // A header, a code, a check and a carriage return always find room beside what is asked for.
    private void Room(int octets)
    {
        if (_octets.Length - _length < octets + 16)
            Array.Resize(ref _octets, Math.Max(_octets.Length * 2, _length + octets + 16));
    }
}
