using OpenSts.Cosem.Values;

namespace OpenSts.Cosem.Objects;

/// <summary>The names of the server's objects.</summary>
/// <remarks>IEC 62056-6-1 and STS 201-2, table 3. The name of class 116 comes from one public source only.</remarks>
public static class Obis
{
    /// <summary>Clock.</summary>
    public static LogicalName Clock { get; } = new(0, 0, 1, 0, 0);

    /// <summary>Register monitor of the phase power unbalance limit.</summary>
    public static LogicalName UnbalanceMonitor { get; } = new(0, 0, 16, 1, 0);

    /// <summary>Limiter of the maximum power limit.</summary>
    public static LogicalName Limiter { get; } = new(0, 0, 17, 0, 0);

    /// <summary>Account.</summary>
    public static LogicalName Account { get; } = new(0, 0, 19, 0, 0);

    /// <summary>Credit that tokens add to.</summary>
    public static LogicalName Credit { get; } = new(0, 0, 19, 10, 0);

    /// <summary>Charge for what is used.</summary>
    public static LogicalName Charge { get; } = new(0, 0, 19, 20, 0);

    /// <summary>Token gateway.</summary>
    public static LogicalName TokenGateway { get; } = new(0, 0, 19, 40, 0);

    /// <summary>IEC 62055-41 attributes.</summary>
    public static LogicalName StsAttributes { get; } = new(0, 0, 19, 60, 0);

    /// <summary>The association the request came by.</summary>
    public static LogicalName Association { get; } = new(0, 0, 40, 0, 0);

    /// <summary>SAP assignment.</summary>
    public static LogicalName SapAssignment { get; } = new(0, 0, 41, 0, 0);

    /// <summary>Logical device name.</summary>
    public static LogicalName LogicalDeviceName { get; } = new(0, 0, 42, 0, 0);

    /// <summary>Security setup.</summary>
    public static LogicalName SecuritySetup { get; } = new(0, 0, 43, 0, 0);

    /// <summary>The highest invocation counter received.</summary>
    public static LogicalName InvocationCounter { get; } = new(0, 0, 43, 1, 0);

    /// <summary>STS Class 2 token extension arrays.</summary>
    public static LogicalName TokenExtensions { get; } = new(0, 0, 93, 1, 1);

    /// <summary>Disconnect control.</summary>
    public static LogicalName DisconnectControl { get; } = new(0, 0, 96, 3, 10);

    /// <summary>Serial number of the meter.</summary>
    public static LogicalName SerialNumber { get; } = new(0, 0, 96, 1, 0);

    /// <summary>Alarm register.</summary>
    public static LogicalName AlarmRegister { get; } = new(0, 0, 97, 98, 0);

    /// <summary>Charge history.</summary>
    public static LogicalName ChargeHistory { get; } = new(0, 0, 99, 14, 0);

    /// <summary>Token credit history.</summary>
    public static LogicalName CreditHistory { get; } = new(0, 0, 99, 15, 0);

    /// <summary>Token transfer log.</summary>
    public static LogicalName TokenLog { get; } = new(0, 0, 99, 17, 0);

    /// <summary>Active power, import.</summary>
    public static LogicalName Power { get; } = new(1, 0, 1, 7, 0);

    /// <summary>How far the phases differ: of the maker's own range.</summary>
    public static LogicalName Unbalance { get; } = new(1, 0, 128, 7, 0);

    /// <summary>The register of the service since manufacture.</summary>
    public static LogicalName Total(CreditService service) => service switch
    {
        CreditService.Water => new LogicalName(8, 0, 1, 0, 0),
        CreditService.Gas => new LogicalName(7, 0, 3, 0, 0),
        CreditService.Time => new LogicalName(0, 0, 96, 8, 0),
        _ => new LogicalName(1, 0, 1, 8, 0),
    };
}
