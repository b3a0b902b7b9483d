namespace OpenSts.Metering;

/// <summary>The flags of a meter, one bit for each index of <see cref="ExtendedFlag"/>, 0 to 11. The default has none
/// set.</summary>
/// <remarks>
/// STS 202-5, FlagArray. Indexes above 11 are not public. Which of the flags a meter implements is
/// <see cref="MeterSettings.HasFlag"/>: the others keep their bit at 0 and are shown as not implemented.
/// </remarks>
/// <param name="Bits">Bit n is flag n.</param>
public readonly record struct FlagArray(ushort Bits)
{
    /// <summary>The number of assigned indexes.</summary>
    public const int Length = 12;

    /// <summary>The flag's bit.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The index is not 0 to 11.</exception>
    public bool this[ExtendedFlag flag] => (Bits & Bit((int)flag)) != 0;

    /// <summary>The flags of a new meter: tamper is detected and opens the switch, power above the limit too; the
    /// service is prepaid.</summary>
    /// <remarks>Flags that the meter does not implement stay 0.</remarks>
    public static FlagArray AtManufacture(MeterSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        var flags = default(FlagArray);
        ExtendedFlag[] set =
        [
            ExtendedFlag.DetectTamper,
            ExtendedFlag.DisconnectOnTamper,
            ExtendedFlag.DisconnectOnPowerLimit,
            PaymentMode(settings.Service),
        ];
        foreach (var flag in set)
        {
            if (settings.HasFlag((int)flag))
                flags = flags.With((int)flag, true);
        }

        return flags;
    }

    /// <summary>The flag that tells prepaid (1) from postpaid (0) for a service.</summary>
    public static ExtendedFlag PaymentMode(CreditService service) =>
        ExtendedFlag.SetElectricityPaymentMode + (int)service;

    /// <summary>The array with one flag set or cleared.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The index is not 0 to 11.</exception>
    public FlagArray With(int index, bool enabled) => new((ushort)(enabled ? Bits | Bit(index) : Bits & ~Bit(index)));

    private static int Bit(int index)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)Length, nameof(index));
        return 1 << index;
    }
}
