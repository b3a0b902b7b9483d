namespace OpenSts;

/// <summary>What family a token belongs to: two bits, readable without any key.</summary>
/// <remarks>IEC 62055-41, TokenClass.</remarks>
public enum TokenClass
{
    /// <summary>0: transfers credit; encrypted.</summary>
    Credit = 0,

    /// <summary>1: tests and displays, the same for every meter; not encrypted.</summary>
    NonMeterSpecificManagement = 1,

    /// <summary>2: management of one meter; encrypted.</summary>
    MeterSpecificManagement = 2,

    /// <summary>3: reserved; no token is made and every meter refuses it.</summary>
    Reserved = 3,
}
