namespace OpenSts;

/// <summary>The tests and displays that a class 1 token requests: bit n-1 requests test n.</summary>
/// <remarks>IEC 62055-41, InitiateMeterTest/Display control field. All bits set requests every test.</remarks>
[Flags]
public enum MeterTests : long
{
    /// <summary>No test.</summary>
    None = 0,

    /// <summary>1: load switch.</summary>
    LoadSwitch = 1 << 0,

    /// <summary>2: display and indicators.</summary>
    Display = 1 << 1,

    /// <summary>3: energy register totals.</summary>
    RegisterTotals = 1 << 2,

    /// <summary>4: key revision number.</summary>
    KeyRevisionNumber = 1 << 3,

    /// <summary>5: tariff index.</summary>
    TariffIndex = 1 << 4,

    /// <summary>6: token reader.</summary>
    TokenReader = 1 << 5,

    /// <summary>7: maximum power limit.</summary>
    MaximumPowerLimit = 1 << 6,

    /// <summary>8: tamper status.</summary>
    TamperStatus = 1 << 7,

    /// <summary>9: power consumption.</summary>
    PowerConsumption = 1 << 8,

    /// <summary>10: software version.</summary>
    SoftwareVersion = 1 << 9,

    /// <summary>11: phase power unbalance limit.</summary>
    PhasePowerUnbalanceLimit = 1 << 10,

    /// <summary>12: water meter factor.</summary>
    WaterMeterFactor = 1 << 11,

    /// <summary>13: tariff rate.</summary>
    TariffRate = 1 << 12,

    /// <summary>14: encryption algorithm.</summary>
    EncryptionAlgorithm = 1 << 13,

    /// <summary>15: number of key change tokens supported.</summary>
    KeyChangeTokensSupported = 1 << 14,

    /// <summary>16: supply group code.</summary>
    SupplyGroupCode = 1 << 15,

    /// <summary>17: key expiry number.</summary>
    KeyExpiryNumber = 1 << 16,

    /// <summary>18: decoder reference number.</summary>
    DecoderReferenceNumber = 1 << 17,

    /// <summary>Every test, in the 36-bit control field of subclass 0.</summary>
    AllOf36 = (1L << 36) - 1,

    /// <summary>Every test, in the 28-bit control field of subclass 1.</summary>
    AllOf28 = (1L << 28) - 1,
}
