namespace OpenSts;

/// <summary>The credit register that a ClearCredit token sets to zero: its 16-bit value.</summary>
/// <remarks>IEC 62055-41, register to clear. A meter answers RangeError to other values.</remarks>
public enum CreditRegister
{
    /// <summary>0: electricity in units.</summary>
    Electricity = 0,

    /// <summary>1: water in units.</summary>
    Water = 1,

    /// <summary>2: gas in units.</summary>
    Gas = 2,

    /// <summary>3: time in units.</summary>
    Time = 3,

    /// <summary>4: electricity in currency.</summary>
    ElectricityCurrency = 4,

    /// <summary>5: water in currency.</summary>
    WaterCurrency = 5,

    /// <summary>6: gas in currency.</summary>
    GasCurrency = 6,

    /// <summary>7: time in currency.</summary>
    TimeCurrency = 7,

    /// <summary>FFFFh: every credit register.</summary>
    All = 0xFFFF,
}
