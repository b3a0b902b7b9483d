using OpenSts.Dlms.Values;

namespace OpenSts.Cosem.Meters;

/// <summary>How a meter stands at one moment. A value; nothing in it changes afterwards.</summary>
public sealed record MeterReading
{
    /// <summary>The meter's clock, with its offset from UTC.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>The credit: units of 0.1 of the service, or 10^-5 of a base unit of money.</summary>
    public required Int128 Credit { get; init; }

    /// <summary>What was used up since manufacture, in the units of <see cref="Credit"/>.</summary>
    public Int128 Consumed { get; init; }

    /// <summary>The credit below which the meter warns, in the units of <see cref="Credit"/>.</summary>
    public long LowCreditThreshold { get; init; }

    /// <summary>The supply group; 000000 where it is not known.</summary>
    public required SupplyGroupCode SupplyGroupCode { get; init; }

    /// <summary>The tariff.</summary>
    public required TariffIndex TariffIndex { get; init; }

    /// <summary>The revision of the key.</summary>
    public required KeyRevisionNumber KeyRevisionNumber { get; init; }

    /// <summary>The type of the key.</summary>
    public required KeyType KeyType { get; init; }

    /// <summary>The expiry number of the key.</summary>
    public required KeyExpiryNumber KeyExpiryNumber { get; init; }

    /// <summary>The largest power the load switch lets pass, in W; null for no limit.</summary>
    public int? MaximumPowerLimit { get; init; }

    /// <summary>How far the phases may differ, in W; null for no limit or one phase.</summary>
    public int? MaximumPhasePowerUnbalanceLimit { get; init; }

    /// <summary>Active power now, in W.</summary>
    public int Power { get; init; }

    /// <summary>How far the phases differ now, in W.</summary>
    public int PhasePowerUnbalance { get; init; }

    /// <summary>The register of the service since manufacture: Wh, dm3 or s.</summary>
    public ulong Total { get; init; }

    /// <summary>The load switch.</summary>
    public LoadSwitch Switch { get; init; } = LoadSwitch.Connected;

    /// <summary>What is wrong or was.</summary>
    public MeterAlarms Alarms { get; init; }

    /// <summary>The last token entered by any way; null before the first.</summary>
    public EnteredToken? LastToken { get; init; }

    /// <summary>
    /// Flag states by index (STS 202-5): as many as indexes are assigned; empty where the meter has no extensions.
    /// </summary>
    public IReadOnlyList<ExtensionFlag> Flags { get; init; } = [];

    /// <summary>The control elements the meter has (STS 202-5), by index.</summary>
    public IReadOnlyList<ExtensionControl> Controls { get; init; } = [];

    /// <summary>The tokens entered, the oldest first.</summary>
    public IReadOnlyList<EnteredToken> TokenLog { get; init; } = [];

    /// <summary>The credit after each change by a token, the oldest first.</summary>
    public IReadOnlyList<RegisterEntry> CreditHistory { get; init; } = [];

    /// <summary>The total used up at the end of each period, the oldest first.</summary>
    public IReadOnlyList<RegisterEntry> ChargeHistory { get; init; } = [];
}

/// <summary>The load switch. The numbers are those of control_state.</summary>
/// <remarks>IEC 62056-6-2, Disconnect control.</remarks>
public enum LoadSwitch
{
    /// <summary>Open.</summary>
    Disconnected = 0,

    /// <summary>Closed.</summary>
    Connected = 1,

    /// <summary>Open, and the customer may close it.</summary>
    ReadyForReconnection = 2,
}

/// <summary>What is wrong or was: the bits of the alarm register.</summary>
/// <remarks>STS 201-2, A.1.3: the maker declares their meaning. These are ours.</remarks>
[Flags]
public enum MeterAlarms
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>Tampering was found and not cleared by a token yet.</summary>
    Tamper = 1,

    /// <summary>The load switch opened because of the power limit.</summary>
    PowerLimit = 2,

    /// <summary>Wrong tokens came one after the other: the lock-out runs.</summary>
    TokenLockout = 4,
}

/// <summary>The state of a flag. The numbers are those of token_extensions_flag_array.</summary>
/// <remarks>STS 201-2, 4.3.</remarks>
public enum ExtensionFlag
{
    /// <summary>Off.</summary>
    Disabled = 0,

    /// <summary>On.</summary>
    Enabled = 1,

    /// <summary>The meter does not have it.</summary>
    NotImplemented = 2,
}

/// <summary>A control element.</summary>
/// <param name="Index">0 to 62.</param>
/// <param name="Value">The value in its own unit.</param>
public readonly record struct ExtensionControl(int Index, double Value)
{
    /// <summary>The value in the type its index asks for.</summary>
    /// <remarks>
    /// STS 201-2, 4.3: float32 for 1 to 3, 7, 8, 10 to 12 and 29; long-unsigned for the others, held at its ends.
    /// </remarks>
    public CosemValue ToValue() => Index is (>= 1 and <= 3) or 7 or 8 or (>= 10 and <= 12) or 29
        ? CosemValue.Float32((float)Value)
        : CosemValue.UInt16((ushort)Math.Clamp(double.IsNaN(Value) ? 0 : Value, 0, ushort.MaxValue));
}

/// <summary>A register at a time.</summary>
/// <param name="Time">When.</param>
/// <param name="Value">How it stood, in the units of the credit.</param>
public readonly record struct RegisterEntry(DateTimeOffset Time, Int128 Value);
