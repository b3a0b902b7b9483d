namespace OpenSts.Dlms.Listening;

/// <summary>
/// What serves the connections of a listening socket. Its end is the end of every connection and of the socket.
/// </summary>
internal interface IConnectionLoop : IAsyncDisposable
{
    /// <summary>How many connections are open.</summary>
    int Count { get; }
}
