namespace OpenSts.Metering;

/// <summary>The flags of a meter, one bit for each index of <see cref="ExtendedFlag"/>, 0 to 11. The default has none set.</summary>
/// <remarks>STS 202-5, FlagArray. Indexes above 11 are not public; no meter of ours has them.</remarks>
/// <param name="Bits">Bit n is flag n.</param>
public readonly record struct FlagArray(ushort Bits)
{
    /// <summary>How many flags there are.</summary>
    public const int Length = 12;

    /// <summary>The flag's state.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The index is not 0 to 11.</exception>
    public bool this[ExtendedFlag flag] => (Bits & Bit((int)flag)) != 0;

    /// <summary>A new prepayment meter: tamper is detected and opens the switch, and so does too much power; the service is prepaid.</summary>
    public static FlagArray AtManufacture(CreditService service) => default(FlagArray)
        .With((int)ExtendedFlag.DetectTamper, true)
        .With((int)ExtendedFlag.DisconnectOnTamper, true)
        .With((int)ExtendedFlag.DisconnectOnPowerLimit, true)
        .With((int)PaymentMode(service), true);

    /// <summary>The flag that tells prepaid from postpaid for a service.</summary>
    public static ExtendedFlag PaymentMode(CreditService service) => ExtendedFlag.SetElectricityPaymentMode + (int)service;

    /// <summary>True where a meter of that service has the flag: all of 0 to 11 but the payment modes of other services.</summary>
    public static bool Has(CreditService service, int index) =>
        index is >= 0 and < Length && (index is < (int)ExtendedFlag.SetElectricityPaymentMode or > (int)ExtendedFlag.SetTimePaymentMode || index == (int)PaymentMode(service));

    /// <summary>The array with one flag set or cleared.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The index is not 0 to 11.</exception>
    public FlagArray With(int index, bool enabled) => new((ushort)(enabled ? Bits | Bit(index) : Bits & ~Bit(index)));

    private static int Bit(int index)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)Length, nameof(index));
        return 1 << index;
    }
}
