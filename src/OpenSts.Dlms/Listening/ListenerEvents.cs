using Microsoft.Extensions.Logging;

namespace OpenSts.Dlms.Listening;

/// <summary>The log events of a listener.</summary>
internal static partial class ListenerEvents
{
    [LoggerMessage(20, LogLevel.Error, "A session failed; its connection is closed.")]
    public static partial void SessionFailed(ILogger logger, Exception error);

    [LoggerMessage(21, LogLevel.Error, "A session could not be opened; its connection is closed.")]
    public static partial void SessionNotOpened(ILogger logger, Exception error);

    [LoggerMessage(22, LogLevel.Error, "The loop of the connections failed and goes on.")]
    public static partial void LoopFailed(ILogger logger, Exception error);

    [LoggerMessage(23, LogLevel.Warning, "No connection can be accepted at the moment (error {Error}).")]
    public static partial void AcceptFailed(ILogger logger, int error);

    [LoggerMessage(24, LogLevel.Debug, "A connection ended: {Reason}")]
    public static partial void ConnectionEnded(ILogger logger, string reason);
}
