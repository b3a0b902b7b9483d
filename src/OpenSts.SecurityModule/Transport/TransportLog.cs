using System.Net.Sockets;
using Microsoft.Extensions.Logging;

namespace OpenSts.SecurityModule.Transport;

/// <summary>What the transport logs. The numbers of the events stay. What a host sent is never logged.</summary>
internal static partial class TransportLog
{
    [LoggerMessage(EventId = 101, Level = LogLevel.Warning, Message = "A connection could not be accepted: {Reason}.")]
    public static partial void NotAccepted(ILogger logger, SocketError reason);

    [LoggerMessage(EventId = 102, Level = LogLevel.Warning, Message = "A TLS client was refused: {Reason}")]
    public static partial void TlsRefused(ILogger logger, string reason);

    [LoggerMessage(EventId = 103, Level = LogLevel.Warning, Message = "User {User} tried to use the Unix socket and is not permitted.")]
    public static partial void UserRefused(ILogger logger, uint user);

    [LoggerMessage(EventId = 104, Level = LogLevel.Error, Message = "A connection ended with {Kind}:\n{StackTrace}")]
    public static partial void SessionFailed(ILogger logger, string kind, string? stackTrace);

    [LoggerMessage(EventId = 105, Level = LogLevel.Error, Message = "The log cannot be written: what was issued and is not durable is not answered. {Reason}")]
    public static partial void LogBroken(ILogger logger, string reason);

    [LoggerMessage(EventId = 106, Level = LogLevel.Error, Message = "The serial line {Device} ended: {Reason}")]
    public static partial void SerialEnded(ILogger logger, string device, string reason);
}
