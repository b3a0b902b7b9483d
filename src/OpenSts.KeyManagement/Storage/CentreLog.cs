using Microsoft.Extensions.Logging;

namespace OpenSts.KeyManagement.Storage;

/// <summary>What a centre writes to the program's log; the audit log is another thing, in its database.</summary>
internal static partial class CentreLog
{
    [LoggerMessage(EventId = 4001, Level = LogLevel.Information,
        Message = "Centre {Centre} opened in {Location}: {Records} records, {Entries} audit entries")]
    public static partial void Opened(ILogger logger, string centre, string location, int records, long entries);

    [LoggerMessage(EventId = 4002, Level = LogLevel.Warning,
        Message =
            "Audit entry {Sequence} of centre {Centre} is stored, but the checkpoint file could not be written: "
                + "{Reason}")]
    public static partial void CheckpointNotWritten(ILogger logger, string centre, long sequence, string reason);
}
