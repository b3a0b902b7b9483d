namespace OpenSts;

/// <summary>The flags of STS 202-5 whose index is public; an index has 9 bits, 0 to 511.</summary>
/// <remarks>STS 202-5, FlagArray. Each summary gives the meaning of 1; for index 10, that of 0.</remarks>
public enum ExtendedFlag
{
    /// <summary>0: for the compliance test; no effect on supply.</summary>
    ComplianceTest = 0,

    /// <summary>1: tamper detection on.</summary>
    DetectTamper = 1,

    /// <summary>2: service disconnected.</summary>
    DisconnectService = 2,

    /// <summary>3: disconnect on tamper.</summary>
    DisconnectOnTamper = 3,

    /// <summary>4: disconnect above the power limit.</summary>
    DisconnectOnPowerLimit = 4,

    /// <summary>5: disconnect on under-frequency.</summary>
    DisconnectOnUnderFrequency = 5,

    /// <summary>6: electricity prepaid (0: postpaid).</summary>
    SetElectricityPaymentMode = 6,

    /// <summary>7: water prepaid.</summary>
    SetWaterPaymentMode = 7,

    /// <summary>8: gas prepaid.</summary>
    SetGasPaymentMode = 8,

    /// <summary>9: time prepaid.</summary>
    SetTimePaymentMode = 9,

    /// <summary>
    /// 10: commissioning mode; unlike the other flags, 0 means on and 1 off (our interpretation, on weak evidence; see
    /// docs/standard/readings.md).
    /// </summary>
    CommissioningMode = 10,

    /// <summary>11: fallback power limit by tariff index on.</summary>
    EnableTariffIndexFallbackPowerLimit = 11,
}

/// <summary>The control elements of STS 202-5 whose index is public; an index has 6 bits, 0 to 62.</summary>
/// <remarks>STS 202-5, ControlArray. Only index 0 is public; the others are used by number.</remarks>
public enum ExtendedControl
{
    /// <summary>0: for the compliance test; mandatory in a meter with these extensions.</summary>
    ComplianceTest = 0,
}

/// <summary>The names of extended flags and control elements.</summary>
public static class ExtendedNames
{
    /// <summary>The flag's name, or <c>flag_n</c> if it is not public.</summary>
    public static string OfFlag(int index) =>
        Enum.IsDefined((ExtendedFlag)index) ? ((ExtendedFlag)index).ToString() : $"flag_{index}";

    /// <summary>The control element's name, or <c>control_n</c> if it is not public.</summary>
    public static string OfControl(int index) =>
        Enum.IsDefined((ExtendedControl)index) ? ((ExtendedControl)index).ToString() : $"control_{index}";
}
