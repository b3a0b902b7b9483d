namespace OpenSts;

/// <summary>The revision of the vending key from which a decoder key is derived: one digit, 1 to 9.</summary>
/// <remarks>
/// IEC 62055-41, KeyRevisionNumber (KRN). The default value is not valid: <see cref="Value"/> throws.
/// </remarks>
public readonly record struct KeyRevisionNumber : IStsValue<KeyRevisionNumber>
{
    private readonly int _value;

    private KeyRevisionNumber(int value) => _value = value;

    /// <inheritdoc/>
    public static string Form => "a key revision number of one digit, 1 to 9";

    /// <summary>The revision, 1 to 9.</summary>
    /// <exception cref="InvalidOperationException">This is the default value.</exception>
    public int Value =>
        _value != 0 ? _value : throw new InvalidOperationException("The default KeyRevisionNumber is no revision.");

    /// <summary>The revision of the next key of the same group: one more, and 1 after 9.</summary>
    public KeyRevisionNumber Next => new((Value % 9) + 1);

    /// <summary>Creates the revision from its number.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The number is not 1 to 9.</exception>
    public static KeyRevisionNumber FromNumber(int value)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(value, 9);
        return new KeyRevisionNumber(value);
    }

    /// <inheritdoc/>
    public static bool TryParse(ReadOnlySpan<char> text, out KeyRevisionNumber value, out IdentityFault fault)
    {
        fault = DecimalText.Read(text, 1, 9, out var number);
        if (fault == IdentityFault.None && number == 0)
            fault = IdentityFault.OutOfRange;
        value = fault == IdentityFault.None ? new KeyRevisionNumber((int)number) : default;
        return fault == IdentityFault.None;
    }

    /// <summary>The digit.</summary>
    public override string ToString() => _value == 0 ? "(no revision)" : _value.ToString();
}
