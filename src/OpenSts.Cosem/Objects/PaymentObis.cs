using OpenSts.Dlms.Values;

namespace OpenSts.Cosem.Objects;

/// <summary>Logical names of the objects of a prepayment meter.</summary>
/// <remarks>IEC 62056-6-1 and STS 201-2, table 3. The name of class 116 comes from one public source only.</remarks>
public static class PaymentObis
{
    /// <summary>Account (class 111), 0-0:19.0.0.255.</summary>
    public static LogicalName Account { get; } = new(0, 0, 19, 0, 0);

    /// <summary>The Credit that tokens add to (class 112), 0-0:19.10.0.255.</summary>
    public static LogicalName Credit { get; } = new(0, 0, 19, 10, 0);

    /// <summary>The Charge for consumption (class 113), 0-0:19.20.0.255.</summary>
    public static LogicalName Charge { get; } = new(0, 0, 19, 20, 0);

    /// <summary>Token gateway (class 115), 0-0:19.40.0.255.</summary>
    public static LogicalName TokenGateway { get; } = new(0, 0, 19, 40, 0);

    /// <summary>IEC 62055-41 attributes (class 116), 0-0:19.60.0.255.</summary>
    public static LogicalName StsAttributes { get; } = new(0, 0, 19, 60, 0);

    /// <summary>STS Class 2 token extension arrays (class 32850), 0-0:93.1.1.255.</summary>
    public static LogicalName TokenExtensions { get; } = new(0, 0, 93, 1, 1);

    /// <summary>Register monitor of the phase power unbalance limit (class 21), 0-0:16.1.0.255.</summary>
    public static LogicalName UnbalanceMonitor { get; } = new(0, 0, 16, 1, 0);

    /// <summary>Limiter of the maximum power limit (class 71), 0-0:17.0.0.255.</summary>
    public static LogicalName Limiter { get; } = new(0, 0, 17, 0, 0);

    /// <summary>Serial number of the meter (class 1), 0-0:96.1.0.255.</summary>
    public static LogicalName SerialNumber { get; } = new(0, 0, 96, 1, 0);

    /// <summary>Charge history (class 7), 0-0:99.14.0.255.</summary>
    public static LogicalName ChargeHistory { get; } = new(0, 0, 99, 14, 0);

    /// <summary>Token credit history (class 7), 0-0:99.15.0.255.</summary>
    public static LogicalName CreditHistory { get; } = new(0, 0, 99, 15, 0);

    /// <summary>Token transfer log (class 7), 0-0:99.17.0.255.</summary>
    public static LogicalName TokenLog { get; } = new(0, 0, 99, 17, 0);

    /// <summary>Active power, import (class 3), 1-0:1.7.0.255, in W.</summary>
    public static LogicalName Power { get; } = new(1, 0, 1, 7, 0);

    /// <summary>
    /// Difference of power between the phases (class 3), 1-0:128.7.0.255, in W. A code of the manufacturer's own
    /// range.
    /// </summary>
    public static LogicalName Unbalance { get; } = new(1, 0, 128, 7, 0);

    /// <summary>The register of the service since manufacture (class 3).</summary>
    public static LogicalName Total(CreditService service) => service switch
    {
        CreditService.Water => new LogicalName(8, 0, 1, 0, 0),
        CreditService.Gas => new LogicalName(7, 0, 3, 0, 0),
        CreditService.Time => new LogicalName(0, 0, 96, 8, 0),
        _ => new LogicalName(1, 0, 1, 8, 0),
    };
}
