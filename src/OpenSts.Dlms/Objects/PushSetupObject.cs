using System.Text;
using OpenSts.Dlms.Server;
using OpenSts.Dlms.Values;

namespace OpenSts.Dlms.Objects;

/// <summary>The Push setup of alarms: where notifications go. Clients read it; none may change it.</summary>
/// <remarks>IEC 62056-6-2, Push setup version 0.</remarks>
public static class PushSetupObject
{
    /// <summary>Creates the object.</summary>
    public static CosemObject Create(PushOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var destination = Encoding.ASCII.GetBytes(options.Destination);
        return new CosemObject(40, 0, Obis.AlarmPush)
            .With("push_object_list", _ => CosemValue.Array(Pushed(1, Obis.LogicalDeviceName, 2),
                Pushed(40, Obis.AlarmPush, 1), Pushed(1, Obis.AlarmRegister, 2)))
            .With("send_destination_and_method",
                _ => CosemValue.Structure(CosemValue.Enum(0), CosemValue.OctetString(destination), CosemValue.Enum(0)))
            .With("communication_window", _ => CosemValue.Array())
            .With("randomisation_start_interval", _ => CosemValue.UInt16(0))
            .With("number_of_retries", _ => CosemValue.UInt8(options.Retries))
            .With("repetition_delay", _ => CosemValue.UInt16(options.RepetitionDelay));
    }

    private static CosemValue Pushed(ushort classId, LogicalName name, sbyte attribute) =>
        CosemValue.Structure(CosemValue.UInt16(classId), CosemValue.Name(name), CosemValue.Int8(attribute),
            CosemValue.UInt16(0));
}
