namespace OpenSts.Cosem.Server;

/// <summary>What serves the connections of a listening socket. Its end is the end of every connection and of the socket.</summary>
internal interface IServing : IAsyncDisposable
{
    /// <summary>How many connections are open.</summary>
    int Count { get; }
}
