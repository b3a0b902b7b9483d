using Microsoft.Extensions.Logging;

namespace OpenSts.SecurityModule.Host;

/// <summary>What the service logs. The numbers of the events stay.</summary>
internal static partial class ServiceLog
{
    [LoggerMessage(EventId = 1, Level = LogLevel.Information, Message = "Security module {ModuleId} serves {Registers} registers.")]
    public static partial void Ready(ILogger logger, string moduleId, int registers);

    [LoggerMessage(EventId = 2, Level = LogLevel.Information, Message = "Stopping: {Connections} open connections are answered and closed.")]
    public static partial void Stopping(ILogger logger, int connections);

    [LoggerMessage(EventId = 3, Level = LogLevel.Information, Message = "Stopped.")]
    public static partial void Stopped(ILogger logger);

    [LoggerMessage(EventId = 4, Level = LogLevel.Warning, Message = "Memory that holds keys cannot be kept from being swapped out: {Reason} Raise the limit on locked memory (LimitMEMLOCK, ulimit -l).")]
    public static partial void MemoryNotLocked(ILogger logger, string reason);

    [LoggerMessage(EventId = 5, Level = LogLevel.Warning, Message = "Test mode: random bits are always 5, the clock refuses nothing. Not for meters in the field.")]
    public static partial void TestMode(ILogger logger);

    [LoggerMessage(EventId = 6, Level = LogLevel.Error, Message = "{Message}")]
    public static partial void VaultProblem(ILogger logger, string message, Exception error);
}
