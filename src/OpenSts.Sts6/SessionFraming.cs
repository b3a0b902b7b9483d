namespace OpenSts.Sts6;

/// <summary>How lines are told apart on a connection.</summary>
public enum SessionFraming
{
    /// <summary>
    /// Length (2 octets, most significant first), six octets of head that come back in the answer, line with its
    /// carriage return.
    /// </summary>
    Wrapped,

    /// <summary>
    /// Lines that end with a carriage return, as on a serial line. A line feed in front of a line is skipped.
    /// </summary>
    Lines,
}
