namespace OpenSts.Sts6;

/// <summary>What a response code says about the request, for whoever has to decide whether to ask again.</summary>
public enum RequestOutcome
{
    /// <summary>It was carried out; the answer holds what was asked for.</summary>
    Done,

    /// <summary>It was refused and nothing was made; the same request would be refused again.</summary>
    Refused,

    /// <summary>It was not carried out, because of how it arrived; the same request may be sent again.</summary>
    NotDone,

    /// <summary>
    /// The module speaks of itself, not of the request (a failure, a full disk, tampering, a maker's own code):
    /// whether anything was made is unknown. The same request is asked again, of this module or of another one with
    /// the same keys.
    /// </summary>
    Unknown,
}
