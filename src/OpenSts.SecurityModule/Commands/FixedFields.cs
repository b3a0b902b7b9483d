using System.Globalization;

namespace OpenSts.SecurityModule.Commands;

/// <summary>
/// Reads fields of fixed width one behind the other, as the older protocol has them; remembers whether all were in
/// order.
/// </summary>
internal ref struct FixedFields(ReadOnlySpan<byte> payload)
{
    private ReadOnlySpan<byte> _rest = payload;

    /// <summary>False once a field was missing or had a wrong character.</summary>
    public bool IsGood { get; private set; } = true;

    /// <summary>Octets that were not read yet.</summary>
    public readonly int Left => _rest.Length;

    /// <summary>True where the next character is this one; it is then read.</summary>
    public bool Skip(char character)
    {
        if (_rest.Length == 0 || _rest[0] != character)
            return false;
        _rest = _rest[1..];
        return true;
    }

    /// <summary>So many characters.</summary>
    public ReadOnlySpan<byte> Text(int width)
    {
        if (_rest.Length < width)
        {
            IsGood = false;
            return [];
        }

        var text = _rest[..width];
        _rest = _rest[width..];
        return text;
    }

    /// <summary>Decimal digits.</summary>
    public int Decimal(int width) => Number(width, NumberStyles.None);

    /// <summary>Hexadecimal digits, at most seven.</summary>
    public int Hex(int width) => Number(width, NumberStyles.AllowHexSpecifier);

    private int Number(int width, NumberStyles style)
    {
        if (int.TryParse(Text(width), style, CultureInfo.InvariantCulture, out var number))
            return number;
        IsGood = false;
        return 0;
    }
}
