namespace OpenSts.Metering;

/// <summary>The tamper conditions a meter detects. The bits are those of register 2014 of the local port.</summary>
// A reading: the bit map of that register is not public.
[Flags]
public enum TamperFlags
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>The cover was opened.</summary>
    Cover = 1,

    /// <summary>The terminal cover was opened.</summary>
    Terminal = 2,

    /// <summary>Energy or water flowed backwards.</summary>
    Reverse = 4,

    /// <summary>A magnet is near.</summary>
    Magnetic = 8,
}
