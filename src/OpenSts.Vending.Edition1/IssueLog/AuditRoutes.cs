using System.Globalization;
using OpenSts.Vending.Access;
using OpenSts.Vending.Api;
using OpenSts.Vending.Operations;
using OpenSts.Vending.Storage;

namespace OpenSts.Vending.IssueLog;

/// <summary>The issue log and its verification over the API.</summary>
internal sealed class AuditRoutes(IStore store, TimeProvider time)
{
    public IEnumerable<ApiRoute> Rows =>
    [
        ApiRoute.Of("GET", "/v1/issue-log", Permission.AuditRead, "Entries in the order in which they were written", List) with { Query = ApiRoute.Paging },
        ApiRoute.Of("GET", "/v1/issue-log/head", Permission.AuditRead, "How many entries, and the hash of the last: keep it elsewhere as a witness", _ => ApiAnswer.Ok(store.Read(IssueLogTable.Head))),
        ApiRoute.Of("POST", "/v1/issue-log/verification", Permission.AuditRead, "Find the first entry that was altered, removed or reordered", Verify) with
        {
            Body = [FieldSpec.Object("witness", FieldSpec.Whole("sequence", 0, long.MaxValue / 2), FieldSpec.Text("hash", 64, 64)).Optional],
        },
        ApiRoute.Of("POST", "/v1/reconciliations", Permission.AuditRead, "Hold log, issues and ledger against each other", _ => ApiAnswer.Ok(Reconciliation.Run(store, time.GetUtcNow()))),
    ];

    /// <summary>An entry in readable form, where it has one, and the exact text that was hashed.</summary>
    private sealed record EntryView(long Sequence, LogBody? Entry, string Body, string Hash);

    private ApiAnswer List(ApiCall call)
    {
        if (!call.TryLimit(out var limit, out var problem) || !call.TryCursor(out var cursor, out problem))
            return problem;
        _ = long.TryParse(cursor, NumberStyles.None, CultureInfo.InvariantCulture, out var after);
        var rows = store.Read(session => IssueLogTable.Entries(session, after, limit + 1));
        return ApiCall.Page(rows, limit, row => row.Sequence.ToString(CultureInfo.InvariantCulture), row => new EntryView(row.Sequence, IssueLogTable.Read(row.Body), row.Body, row.Hash));
    }

    private ApiAnswer Verify(ApiCall call)
    {
        var witness = call.Body.Has("witness") ? call.Body.Object("witness") : null;
        var head = witness is null ? null : new LogHead(witness.Whole("sequence"), witness.Text("hash"));
        return ApiAnswer.Ok(store.Read(session => IssueLogVerifier.Verify(session, head)));
    }
}
