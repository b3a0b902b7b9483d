namespace OpenSts;

/// <summary>The group of meters that share a vending key: six digits, 000000 to 999999.</summary>
/// <remarks>
/// IEC 62055-41, SupplyGroupCode (SGC). The default value is 000000, which a meter displays if it never received a
/// code.
/// </remarks>
public readonly record struct SupplyGroupCode : IStsValue<SupplyGroupCode>
{
    private SupplyGroupCode(int value) => Value = value;

    /// <inheritdoc/>
    public static string Form => "a supply group code of 6 digits";

    /// <summary>The code as a number, 0 to 999999; it has 24 bits in a token.</summary>
    public int Value { get; }

    /// <summary>Creates the value from its number.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The number is not 0 to 999999.</exception>
    public static SupplyGroupCode FromNumber(int value)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(value);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(value, 999999);
        return new SupplyGroupCode(value);
    }

    /// <inheritdoc/>
    public static bool TryParse(ReadOnlySpan<char> text, out SupplyGroupCode value, out IdentityFault fault)
    {
        fault = DecimalText.Read(text, 6, 999999, out var number);
        value = fault == IdentityFault.None ? new SupplyGroupCode((int)number) : default;
        return fault == IdentityFault.None;
    }

    /// <summary>The six digits.</summary>
    public override string ToString() => Value.ToString("D6");
}
