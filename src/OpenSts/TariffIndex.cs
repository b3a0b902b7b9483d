namespace OpenSts;

/// <summary>The tariff of a meter: two digits, 00 to 99.</summary>
/// <remarks>
/// IEC 62055-41, TariffIndex (TI): the decoder key depends on it, so a change of tariff needs a key change. The
/// default value is 00.
/// </remarks>
public readonly record struct TariffIndex : IStsValue<TariffIndex>
{
    private TariffIndex(int value) => Value = value;

    /// <inheritdoc/>
    public static string Form => "a tariff index of 2 digits";

    /// <summary>The index as a number, 0 to 99.</summary>
    public int Value { get; }

    /// <summary>Creates the value from its number.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The number is not 0 to 99.</exception>
    public static TariffIndex FromNumber(int value)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(value);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(value, 99);
        return new TariffIndex(value);
    }

    /// <inheritdoc/>
    public static bool TryParse(ReadOnlySpan<char> text, out TariffIndex value, out IdentityFault fault)
    {
        fault = DecimalText.Read(text, 2, 99, out var number);
        value = fault == IdentityFault.None ? new TariffIndex((int)number) : default;
        return fault == IdentityFault.None;
    }

    /// <summary>The two digits.</summary>
    public override string ToString() => Value.ToString("D2");
}
