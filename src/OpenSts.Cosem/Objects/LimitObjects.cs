using OpenSts.Cosem.Meters;
using OpenSts.Dlms.Apdu;
using OpenSts.Dlms.Server;
using OpenSts.Dlms.Values;

namespace OpenSts.Cosem.Objects;

/// <summary>Power limits, the load switch and alarms.</summary>
/// <remarks>
/// IEC 62056-6-2, classes 71, 21, 70 and 1; STS 201-2, A.1.3 and A.1.4: a test reads the limits from the thresholds
/// and tampering from the alarm register. Only tokens change the limits. A threshold of 4294967295 is no limit.
/// </remarks>
internal static class LimitObjects
{
    // Remote and local disconnection; a remote reconnection closes the switch at once.
    private const byte ControlMode = 4;

    public static CosemObject Limiter(ICosemMeter meter) => new CosemObject(71, 0, PaymentObis.Limiter)
        .With("monitored_value", _ => Monitored(PaymentObis.Power))
        .WithReading("threshold_active", meter, reading => Threshold(reading.MaximumPowerLimit))
        .WithReading("threshold_normal", meter, reading => Threshold(reading.MaximumPowerLimit))
        .With("threshold_emergency", _ => Threshold(null))
        .With("min_over_threshold_duration", _ => CosemValue.UInt32(0))
        .With("min_under_threshold_duration", _ => CosemValue.UInt32(0))
        .With("emergency_profile", _ => CosemValue.Structure(CosemValue.UInt16(0),
            CosemValue.OctetString(CosemDateTime.Open), CosemValue.UInt32(0)))
        .With("emergency_profile_group_id_list", _ => CosemValue.Array())
        .With("emergency_profile_active", _ => CosemValue.Boolean(false))
        .With("actions", _ => CosemValue.Structure(NoAction(), NoAction()));

    public static CosemObject UnbalanceMonitor(ICosemMeter meter) =>
        new CosemObject(21, 0, PaymentObis.UnbalanceMonitor)
        .WithReading("thresholds", meter,
            reading => CosemValue.Array(Threshold(reading.MaximumPhasePowerUnbalanceLimit)))
        .With("monitored_value", _ => Monitored(PaymentObis.Unbalance))
        .With("actions", _ => CosemValue.Array(CosemValue.Structure(NoAction(), NoAction())));

    public static CosemObject DisconnectControl(ICosemMeter meter)
    {
        return new CosemObject(70, 0, Obis.DisconnectControl)
            .WithReading("output_state", meter, reading => CosemValue.Boolean(reading.Switch == LoadSwitch.Connected))
            .WithReading("control_state", meter, reading => CosemValue.Enum((byte)reading.Switch))
            .With("control_mode", _ => CosemValue.Enum(ControlMode))
            .WithMethod(1, "remote_disconnect", (call, parameter) => SwitchAsync(call, parameter, false))
            .WithMethod(2, "remote_reconnect", (call, parameter) => SwitchAsync(call, parameter, true));

        async ValueTask<CallResult> SwitchAsync(ObjectCall call, CosemValue? parameter, bool connect)
        {
            // The parameter is integer 0; some clients send none.
            if (parameter is { Type: not CosemType.Int8 })
                return ActionResult.TypeUnmatched;
            return await meter.SwitchAsync(connect, call.Cancellation).ConfigureAwait(false) ? ActionResult.Success
                : ActionResult.TemporaryFailure;
        }
    }

    public static CosemObject AlarmRegister(ICosemMeter meter) => new CosemObject(1, 0, Obis.AlarmRegister)
        .WithReading("value", meter, reading => CosemValue.UInt32((uint)reading.Alarms));

    private static CosemValue Threshold(int? watts) =>
        CosemValue.UInt32(watts is { } limit ? (uint)Math.Max(limit, 0) : uint.MaxValue);

    private static CosemValue Monitored(LogicalName register) =>
        CosemValue.Structure(CosemValue.UInt16(3), CosemValue.Name(register), CosemValue.Int8(2));

    // No script is named: the meter itself works the switch.
    private static CosemValue NoAction() =>
        CosemValue.Structure(CosemValue.OctetString(new byte[LogicalName.Octets]), CosemValue.UInt16(0));
}
