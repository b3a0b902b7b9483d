namespace OpenSts.Vending.Client;

/// <summary>An entry of the issue log.</summary>
/// <param name="Sequence">1 for the first, no gaps.</param>
/// <param name="Body">What was hashed, to the letter: a JSON object.</param>
/// <param name="Hash">64 hex digits; it ties the entry to all before it.</param>
public sealed record LogEntry(long Sequence, string Body, string Hash);

/// <summary>How many entries the log has, and the hash of the last: kept elsewhere it is a witness.</summary>
/// <param name="Sequence">0 for an empty log.</param>
/// <param name="Hash">64 hex digits.</param>
public sealed record LogHead(long Sequence, string Hash);

/// <summary>What is wrong with a log.</summary>
public enum LogFault
{
    /// <summary>A word that this client does not know.</summary>
    Other,

    /// <summary>Nothing.</summary>
    None,

    /// <summary>An entry is not what was hashed.</summary>
    Altered,

    /// <summary>An entry is missing.</summary>
    Removed,

    /// <summary>Entries stand in another order than they were written.</summary>
    Reordered,

    /// <summary>An issue has tokens and the log does not know it.</summary>
    IssueNotLogged,

    /// <summary>The log and the issue differ.</summary>
    IssueDiffers,

    /// <summary>The log has an entry of an issue that does not exist.</summary>
    IssueMissing,
}

/// <summary>What a verification found.</summary>
/// <param name="Fault">The first fault.</param>
/// <param name="Sequence">Which entry; 0 where it is about none.</param>
/// <param name="Detail">A sentence.</param>
/// <param name="Entries">Entries that are in order.</param>
public sealed record LogVerification(LogFault Fault, long Sequence, string Detail, long Entries);

/// <summary>A head to hold the log against.</summary>
internal sealed record WitnessBody(LogHead? Witness);

/// <summary>The evidence: every token that was made. The API key needs the scope <c>audit:read</c>.</summary>
public sealed class IssueLog
{
    private readonly Connection _connection;

    internal IssueLog(Connection connection) => _connection = connection;

    /// <summary>Entries in the order in which they were written.</summary>
    public IAsyncEnumerable<LogEntry> ListAsync(CancellationToken cancellation = default) => _connection.ListAsync("/v1/issue-log", ClientJson.Default.ListPageLogEntry, cancellation);

    /// <summary>The end of the log.</summary>
    public Task<LogHead> HeadAsync(CancellationToken cancellation = default) => _connection.ReadAsync(Question.Get("/v1/issue-log/head"), ClientJson.Default.LogHead, cancellation);

    /// <summary>Reads the whole log and verifies it here, without believing the server.</summary>
    /// <param name="witness">A head that was kept elsewhere; null for none.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>What was found, and the head of what is in order: keep it as the next witness.</returns>
    public async Task<(LogVerification Found, LogHead Head)> ReadAndVerifyAsync(LogHead? witness = null, CancellationToken cancellation = default)
    {
        var chain = new IssueLogChain(await HeadAsync(cancellation).ConfigureAwait(false), witness);
        await foreach (var entry in ListAsync(cancellation).ConfigureAwait(false))
        {
            if (chain.Take(entry) is { } fault)
                return (fault, chain.Head);
        }

        return (chain.Finish(), chain.Head);
    }

    /// <summary>Has the server verify its log and hold it against the issues, against a head that was kept elsewhere where it is given.</summary>
    public Task<LogVerification> VerifyAsync(LogHead? witness = null, CancellationToken cancellation = default) =>
        _connection.ReadAsync(Question.Once("/v1/issue-log/verification", new WitnessBody(witness), ClientJson.Default.WitnessBody), ClientJson.Default.LogVerification, cancellation);
}
