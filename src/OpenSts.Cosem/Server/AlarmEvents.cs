using Microsoft.Extensions.Logging;

namespace OpenSts.Cosem.Server;

/// <summary>The log events of the alarm push.</summary>
internal static partial class AlarmEvents
{
    [LoggerMessage(40, LogLevel.Error, "An alarm could not be notified; it is tried again with the next reading.")]
    public static partial void NotificationFailed(ILogger logger, Exception error);

    [LoggerMessage(41, LogLevel.Warning,
        "The destination {Destination} of alarms was not reached, attempt {Attempt} of {Attempts}: {Reason}")]
    public static partial void DestinationNotReached(ILogger logger, string destination, int attempt, int attempts,
        string reason);
}
