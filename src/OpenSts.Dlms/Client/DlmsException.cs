namespace OpenSts.Dlms.Client;

/// <summary>What went wrong between a client and a server.</summary>
public enum DlmsFault
{
    /// <summary>The connection ended, or there was no answer in time.</summary>
    Connection,

    /// <summary>What came is not what the protocol permits.</summary>
    Malformed,

    /// <summary>The server refused the association.</summary>
    Refused,

    /// <summary>
    /// The server is not who it should be: its protection or its answer to the challenge does not hold.
    /// </summary>
    Authentication,

    /// <summary>The server could not look at the request.</summary>
    Exception,
}

/// <summary>
/// A server could not be asked, or would not answer. What it answers about one attribute or method is no exception but
/// a result.
/// </summary>
/// <param name="fault">What went wrong.</param>
/// <param name="message">The same for a person; no key and no password.</param>
/// <param name="inner">The cause; null for none.</param>
public sealed class DlmsException(DlmsFault fault, string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>What went wrong.</summary>
    public DlmsFault Fault { get; } = fault;
}
