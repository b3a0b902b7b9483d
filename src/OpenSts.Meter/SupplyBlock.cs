using OpenSts.Metering;

namespace OpenSts.Meter;

/// <summary>Why the load switch is open: the first reason that applies, in this order.</summary>
public enum SupplyBlock
{
    /// <summary>The switch is closed.</summary>
    None,

    /// <summary>The meter has no power.</summary>
    NoPower,

    /// <summary>A flag token disconnected the service.</summary>
    Disconnected,

    /// <summary>The utility disconnected it remotely.</summary>
    DisconnectedRemotely,

    /// <summary>Tamper is signalled.</summary>
    Tamper,

    /// <summary>More power was drawn than the maximum power limit.</summary>
    OverPower,

    /// <summary>The meter is prepaid and has no credit.</summary>
    NoCredit,
}

/// <summary>The rules of supply: what opens the load switch.</summary>
public static class Supply
{
    /// <summary>The first reason for an open load switch, or None.</summary>
    // STS 202-5: flags decide which conditions open the switch.
    public static SupplyBlock Block(MeterRecord record)
    {
        ArgumentNullException.ThrowIfNull(record);
        var flags = record.State.Flags;
        if (!record.HasPower)
            return SupplyBlock.NoPower;
        if (flags[ExtendedFlag.DisconnectService])
            return SupplyBlock.Disconnected;
        if (record.IsDisconnectedRemotely)
            return SupplyBlock.DisconnectedRemotely;
        if (flags[ExtendedFlag.DisconnectOnTamper] && record.State.Tamper != TamperFlags.None)
            return SupplyBlock.Tamper;
        if (record.OverPowerFor > TimeSpan.Zero && flags[ExtendedFlag.DisconnectOnPowerLimit])
            return SupplyBlock.OverPower;
        return !IsPrepaid(record) || HasCredit(record) ? SupplyBlock.None : SupplyBlock.NoCredit;
    }

    /// <summary>True where supply needs credit.</summary>
    public static bool IsPrepaid(MeterRecord record)
    {
        ArgumentNullException.ThrowIfNull(record);
        // Without the flag, because of an Account or without extensions, the meter is a prepayment meter.
        var mode = FlagArray.PaymentMode(record.Settings.Service);
        return !record.Settings.HasFlag((int)mode) || record.State.Flags[mode];
    }

    /// <summary>True where there is credit to use: units, or currency with a price.</summary>
    public static bool HasCredit(MeterRecord record)
    {
        ArgumentNullException.ThrowIfNull(record);
        return record.State.CreditUnits > 0 || (record.State.CreditSteps > 0 && record.StepsPerUnit > 0);
    }
}
