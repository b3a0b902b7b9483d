namespace OpenSts;

/// <summary>The service of a credit token: subclass 0 to 3, and the same in currency as subclass 4 to 7.</summary>
/// <remarks>IEC 62055-41, class 0.</remarks>
public enum CreditService
{
    /// <summary>Electricity, in 0.1 kWh.</summary>
    Electricity = 0,

    /// <summary>Water, in 0.1 m3.</summary>
    Water = 1,

    /// <summary>Gas, in 0.1 m3.</summary>
    Gas = 2,

    /// <summary>Connection time, in 0.1 min.</summary>
    Time = 3,
}
