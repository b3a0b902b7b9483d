using OpenSts.Cosem.Apdu;
using OpenSts.Cosem.Meters;
using OpenSts.Cosem.Values;

namespace OpenSts.Cosem.Objects;

/// <summary>Power limits, the load switch and alarms.</summary>
/// <remarks>
/// IEC 62056-6-2, classes 71, 21, 70 and 1; STS 201-2, A.1.3 and A.1.4: a test reads the limits from the thresholds and tampering from the
/// alarm register. Limits move by tokens alone. A threshold of 4294967295 is no limit.
/// </remarks>
internal static class LimitObjects
{
    public static CosemObject Limiter() => new CosemObject(71, 0, Obis.Limiter)
        .With("monitored_value", _ => Monitored(Obis.Power))
        .With("threshold_active", call => Threshold(call.Reading.MaximumPowerLimit))
        .With("threshold_normal", call => Threshold(call.Reading.MaximumPowerLimit))
        .With("threshold_emergency", _ => Threshold(null))
        .With("min_over_threshold_duration", _ => CosemValue.UInt32(0))
        .With("min_under_threshold_duration", _ => CosemValue.UInt32(0))
        .With("emergency_profile", _ => CosemValue.Structure(CosemValue.UInt16(0), CosemValue.OctetString(CosemDateTime.Open), CosemValue.UInt32(0)))
        .With("emergency_profile_group_id_list", _ => CosemValue.Array())
        .With("emergency_profile_active", _ => CosemValue.Boolean(false))
        .With("actions", _ => CosemValue.Structure(NoAction(), NoAction()));

    public static CosemObject UnbalanceMonitor() => new CosemObject(21, 0, Obis.UnbalanceMonitor)
        .With("thresholds", call => CosemValue.Array(Threshold(call.Reading.MaximumPhasePowerUnbalanceLimit)))
        .With("monitored_value", _ => Monitored(Obis.Unbalance))
        .With("actions", _ => CosemValue.Array(CosemValue.Structure(NoAction(), NoAction())));

    public static CosemObject DisconnectControl() => new CosemObject(70, 0, Obis.DisconnectControl)
        .With("output_state", call => CosemValue.Boolean(call.Reading.Switch == LoadSwitch.Connected))
        .With("control_state", call => CosemValue.Enum((byte)call.Reading.Switch))
        // Mode 4: remote and local disconnection, remote reconnection makes the switch close at once.
        .With("control_mode", _ => CosemValue.Enum(4))
        .WithMethod(1, "remote_disconnect", (call, parameter) => Switch(call, parameter, false))
        .WithMethod(2, "remote_reconnect", (call, parameter) => Switch(call, parameter, true));

    public static CosemObject AlarmRegister() => new CosemObject(1, 0, Obis.AlarmRegister)
        .With("value", call => CosemValue.UInt32((uint)call.Reading.Alarms));

    private static CosemValue Threshold(int? watts) => CosemValue.UInt32(watts is { } limit ? (uint)Math.Max(limit, 0) : uint.MaxValue);

    private static CosemValue Monitored(LogicalName register) => CosemValue.Structure(CosemValue.UInt16(3), CosemValue.Name(register), CosemValue.Int8(2));

    // No script: the meter's own process works the switch.
    private static CosemValue NoAction() => CosemValue.Structure(CosemValue.OctetString(new byte[LogicalName.Octets]), CosemValue.UInt16(0));

    private static async ValueTask<CallResult> Switch(ObjectCall call, CosemValue? parameter, bool connect)
    {
        // The parameter is integer 0; a client that sends none means the same.
        if (parameter is { Type: not CosemType.Int8 })
            return ActionResult.TypeUnmatched;
        return await call.Meter.SwitchAsync(connect, call.Cancellation).ConfigureAwait(false) ? ActionResult.Success : ActionResult.TemporaryFailure;
    }
}
