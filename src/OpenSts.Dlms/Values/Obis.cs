namespace OpenSts.Dlms.Values;

/// <summary>Logical names of objects that most DLMS/COSEM servers have.</summary>
/// <remarks>IEC 62056-6-1, OBIS codes of abstract objects.</remarks>
public static class Obis
{
    /// <summary>Clock (class 8), 0-0:1.0.0.255.</summary>
    public static LogicalName Clock { get; } = new(0, 0, 1, 0, 0);

    /// <summary>Push setup of alarms (class 40), 0-4:25.9.0.255.</summary>
    public static LogicalName AlarmPush { get; } = new(0, 4, 25, 9, 0);

    /// <summary>The association by which the request came (class 15), 0-0:40.0.0.255.</summary>
    public static LogicalName Association { get; } = new(0, 0, 40, 0, 0);

    /// <summary>SAP assignment (class 17), 0-0:41.0.0.255.</summary>
    public static LogicalName SapAssignment { get; } = new(0, 0, 41, 0, 0);

    /// <summary>Logical device name (class 1), 0-0:42.0.0.255.</summary>
    public static LogicalName LogicalDeviceName { get; } = new(0, 0, 42, 0, 0);

    /// <summary>Security setup (class 64), 0-0:43.0.0.255.</summary>
    public static LogicalName SecuritySetup { get; } = new(0, 0, 43, 0, 0);

    /// <summary>The highest invocation counter received (class 1), 0-0:43.1.0.255.</summary>
    public static LogicalName InvocationCounter { get; } = new(0, 0, 43, 1, 0);

    /// <summary>Disconnect control (class 70), 0-0:96.3.10.255.</summary>
    public static LogicalName DisconnectControl { get; } = new(0, 0, 96, 3, 10);

    /// <summary>Alarm register (class 1), 0-0:97.98.0.255.</summary>
    public static LogicalName AlarmRegister { get; } = new(0, 0, 97, 98, 0);
}
