using OpenSts.Cryptography;

namespace OpenSts;

/// <summary>The first rule a token's digits break.</summary>
public enum TokenDigitsFault
{
    /// <summary>No rule is broken.</summary>
    None,

    /// <summary>The text does not have 20 digits, not counting spaces and dashes.</summary>
    Length,

    /// <summary>A character is neither a digit nor a space or dash between digits.</summary>
    NotDecimal,

    /// <summary>The number is above 73786976294838206463, which is 2^66 - 1.</summary>
    Above66Bits,
}

/// <summary>A complete token: 66 bits, printed as 20 decimal digits.</summary>
/// <remarks>
/// IEC 62055-41: the two class bits replace bits 28 and 27 of the block, and the replaced bits become bits 65 and 64.
/// The default value is 20 zeros.
/// </remarks>
public readonly record struct Token66 : ISpanFormattable
{
    /// <summary>The number of digits of a token.</summary>
    public const int Digits = 20;

    private const int ClassShift = 27;
    private const ulong ClassMask = 3ul << ClassShift;
    private readonly ulong _low;
    private readonly byte _high;

    private Token66(byte high, ulong low)
    {
        _high = high;
        _low = low;
    }

    /// <summary>Inserts the class bits into the block.</summary>
    public Token66(CipherBlock block)
    {
        _high = (byte)((block.Value >> ClassShift) & 3);
        _low = (block.Value & ~ClassMask) | ((ulong)block.Class << ClassShift);
    }

    /// <summary>The class; it is not encrypted.</summary>
    public TokenClass Class => (TokenClass)((_low >> ClassShift) & 3);

    /// <summary>The number, 0 to 2^66 - 1.</summary>
    public UInt128 Value => new(_high, _low);

    internal uint High => _high;

    internal ulong Low => _low;

    /// <summary>Removes the class bits.</summary>
    public CipherBlock ToCipherBlock() => new(Class, (_low & ~ClassMask) | ((ulong)_high << ClassShift));

    /// <summary>The token with this number; false above 2^66 - 1.</summary>
    public static bool TryFromValue(UInt128 value, out Token66 token)
    {
        var inRange = value >> 66 == 0;
        token = inRange ? new Token66((byte)(value >> 64), (ulong)(value & ulong.MaxValue)) : default;
        return inRange;
    }

    /// <summary>Reads 20 digits; spaces and dashes between digits are ignored.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out Token66 token, out TokenDigitsFault fault)
    {
        token = default;
        UInt128 value = 0;
        var digits = 0;
        var separated = true;
        foreach (var c in text)
        {
            if (char.IsAsciiDigit(c))
            {
                separated = false;
                if (++digits > Digits)
                    break;
                value = (value * 10) + (uint)(c - '0');
            }
            else if (c is ' ' or '-' && digits > 0)
            {
                separated = true;
            }
            else
            {
                fault = TokenDigitsFault.NotDecimal;
                return false;
            }
        }

        // A separator is allowed only between digits, not at the end.
        if (digits == Digits && separated)
        {
            fault = TokenDigitsFault.NotDecimal;
            return false;
        }

        fault = digits != Digits ? TokenDigitsFault.Length
            : TryFromValue(value, out token) ? TokenDigitsFault.None
            : TokenDigitsFault.Above66Bits;
        return fault == TokenDigitsFault.None;
    }

    /// <inheritdoc cref="TryParse(ReadOnlySpan{char}, out Token66, out TokenDigitsFault)"/>
    public static bool TryParse(ReadOnlySpan<char> text, out Token66 token) => TryParse(text, out token, out _);

    /// <summary>Reads 20 digits; spaces and dashes between digits are ignored.</summary>
    /// <exception cref="FormatException">The text is not a token's 20 digits; the message names the broken
    /// rule.</exception>
    public static Token66 Parse(ReadOnlySpan<char> text) =>
        TryParse(text, out var token, out var fault) ? token : throw new FormatException(fault.Describe());

    /// <summary>Writes the 20 digits, with format <c>G</c> in groups of four.</summary>
    public bool TryFormat(Span<char> destination, out int charsWritten, ReadOnlySpan<char> format = default,
        IFormatProvider? provider = null)
    {
        charsWritten = 0;
        if (format is not "G")
        {
            if (destination.Length < Digits)
                return false;
            WriteDigits(destination);
            charsWritten = Digits;
            return true;
        }

        var grouped = ToGroupedString();
        if (!grouped.TryCopyTo(destination))
            return false;
        charsWritten = grouped.Length;
        return true;
    }

    /// <summary>The 20 digits.</summary>
    public override string ToString() => string.Create(Digits, this, static (span, token) => token.WriteDigits(span));

    /// <summary>The 20 digits, or with format <c>G</c> five groups of four.</summary>
    public string ToString(string? format, IFormatProvider? formatProvider) =>
        format is "G" ? ToGroupedString() : ToString();

    /// <summary>The 20 digits in five groups of four with a space between, as on a receipt.</summary>
    public string ToGroupedString() => DecimalText.Group(ToString());

    /// <summary>The 66-bit number as 17 hexadecimal digits, the form that security modules use.</summary>
    public string ToHexString() => $"{_high:X1}{_low:X16}";

    private void WriteDigits(Span<char> destination)
    {
        Span<byte> ascii = stackalloc byte[Digits];
        DecimalDigits.Write20(_high, _low, ascii);
        for (var i = 0; i < Digits; i++)
            destination[i] = (char)ascii[i];
    }
}

/// <summary>The text of each <see cref="TokenDigitsFault"/>.</summary>
public static class TokenDigitsFaults
{
    /// <summary>The error and what is allowed, in English.</summary>
    public static string Describe(this TokenDigitsFault fault) => fault switch
    {
        TokenDigitsFault.None => "the token has 20 digits",
        TokenDigitsFault.Length => "a token has exactly 20 digits; spaces and dashes between them are ignored",
        TokenDigitsFault.NotDecimal => "a token holds only digits 0 to 9, and spaces or dashes between them",
        TokenDigitsFault.Above66Bits => "a token is at most 73786976294838206463, which is 2^66 - 1",
        _ => throw new ArgumentOutOfRangeException(nameof(fault), fault, null),
    };
}
