namespace OpenSts;

/// <summary>The class of a token: two bits, which are never encrypted.</summary>
/// <remarks>IEC 62055-41, TokenClass.</remarks>
public enum TokenClass
{
    /// <summary>0: transfers credit; encrypted.</summary>
    Credit = 0,

    /// <summary>1: tests and displays, the same for every meter; not encrypted.</summary>
    NonMeterSpecificManagement = 1,

    /// <summary>2: management of one meter; encrypted.</summary>
    MeterSpecificManagement = 2,

    /// <summary>3: reserved; never issued, and every meter rejects it.</summary>
    Reserved = 3,
}
