using OpenSts.Cosem.Server;
using OpenSts.Cosem.Values;

namespace OpenSts.Cosem.Objects;

/// <summary>Where alarms are pushed to: to be read, not to be changed from outside.</summary>
/// <remarks>IEC 62056-6-2, Push setup version 0.</remarks>
internal static class PushObjects
{
    public static CosemObject AlarmPush(PushSettings settings)
    {
        var destination = System.Text.Encoding.ASCII.GetBytes(settings.Destination);
        return new CosemObject(40, 0, Obis.AlarmPush)
            .With("push_object_list", _ => CosemValue.Array(Pushed(1, Obis.LogicalDeviceName, 2), Pushed(40, Obis.AlarmPush, 1), Pushed(1, Obis.AlarmRegister, 2)))
            .With("send_destination_and_method", _ => CosemValue.Structure(CosemValue.Enum(0), CosemValue.OctetString(destination), CosemValue.Enum(0)))
            .With("communication_window", _ => CosemValue.Array())
            .With("randomisation_start_interval", _ => CosemValue.UInt16(0))
            .With("number_of_retries", _ => CosemValue.UInt8(settings.Retries))
            .With("repetition_delay", _ => CosemValue.UInt16(settings.RepetitionDelay));
    }

    private static CosemValue Pushed(ushort classId, LogicalName name, sbyte attribute) =>
        CosemValue.Structure(CosemValue.UInt16(classId), CosemValue.Name(name), CosemValue.Int8(attribute), CosemValue.UInt16(0));
}
