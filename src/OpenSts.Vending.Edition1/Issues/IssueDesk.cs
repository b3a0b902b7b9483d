using System.Security.Cryptography;
using System.Text;
using OpenSts.Sts6;
using OpenSts.Vending.Access;
using OpenSts.Vending.Documents;
using OpenSts.Vending.IssueLog;
using OpenSts.Vending.Meters;
using OpenSts.Vending.Money;
using OpenSts.Vending.Operations;
using OpenSts.Vending.Storage;

namespace OpenSts.Vending.Issues;

/// <summary>What came of a request.</summary>
public enum IssueOutcome
{
    /// <summary>Tokens are stored, by this request.</summary>
    Issued,

    /// <summary>The id was seen before; this is what came of it then.</summary>
    Repeated,

    /// <summary>It waits for a second person.</summary>
    AwaitingApproval,

    /// <summary>Stored as refused: this id never has tokens.</summary>
    Refused,

    /// <summary>Refused before anything was stored: the id is as if never seen.</summary>
    NotStarted,

    /// <summary>The same id with other content.</summary>
    Conflict,

    /// <summary>The module did not answer; ask again with the same id.</summary>
    Unknown,
}

/// <summary>An outcome with its issue or refusal.</summary>
public sealed record IssueAnswer(IssueOutcome Outcome, Issue? Issue, Refusal? Refusal = null);

/// <summary>Where every token is made: intent written, module asked, result written, and only then an answer.</summary>
/// <remarks>
/// A crash at any point leaves the intent or the result. The intent holds the identifiers and values, so that asking again gives a token
/// of the same identifier; none of an earlier attempt has left the server. The change from pending to issued happens once, in the store.
/// </remarks>
public sealed class IssueDesk
{
    private readonly IssueLocks _locks = new();
    private readonly IStore _store;
    private readonly VendingSettings _settings;
    private readonly TimeProvider _time;
    private readonly ClockGuard _clock;
    private readonly TokenMaker _maker;
    private readonly IssueBatch _batch;

    /// <summary>A desk of one server; several may work on one store.</summary>
    public IssueDesk(IStore store, ISecurityModule module, VendingSettings settings, TimeProvider time, ClockGuard clock)
    {
        ArgumentNullException.ThrowIfNull(settings);
        (_store, _settings, _time, _clock) = (store, settings, time, clock);
        _maker = new TokenMaker(module, settings.ModulePatience);
        _batch = new IssueBatch(store, settings, clock, () => Now);
    }

    /// <summary>Sells.</summary>
    public Task<IssueAnswer> SellAsync(string id, SaleRequest request, Caller caller) =>
        IssueAsync(id, request, caller, digest => _batch.BeginAsync(id, digest, request, caller));

    /// <summary>Shows what a sale would be; writes and issues nothing.</summary>
    public Verdict<Issue> Try(SaleRequest request, Caller caller) =>
        _store.Read(session =>
            new SalePlan(SalePicture.Read(session, _settings, Now, [(request, caller)]), _settings, Now, caller).Make("trial", "", request, trial: true));

    /// <summary>Makes a key change set.</summary>
    public Task<IssueAnswer> ChangeKeyAsync(string id, KeyChangeOrder order, Caller caller) =>
        IssueAsync(id, order, caller, digest => BeginOther(id, session => new OtherPlans(session, _settings, Now, caller).KeyChange(id, digest, order)));

    /// <summary>Asks for a replacement.</summary>
    public Task<IssueAnswer> ReplaceAsync(string id, ReplacementOrder order, Caller caller) =>
        IssueAsync(id, order, caller, digest => BeginOther(id, session => new OtherPlans(session, _settings, Now, caller).Replacement(id, digest, order)));

    /// <summary>Asks for an engineering token.</summary>
    public Task<IssueAnswer> EngineerAsync(string id, EngineeringOrder order, Caller caller) =>
        IssueAsync(id, order, caller, digest => BeginOther(id, session => new OtherPlans(session, _settings, Now, caller).Engineering(id, digest, order)));

    /// <summary>Approves what waits for a second person, and makes its tokens.</summary>
    public async Task<IssueAnswer> ApproveAsync(string id, Caller caller)
    {
        using var turn = await _locks.EnterAsync(id).ConfigureAwait(false);
        if ((_store.Refuses ?? await _clock.RefusesAsync().ConfigureAwait(false)) is { } unsure)
            return new IssueAnswer(IssueOutcome.NotStarted, null, unsure);
        var approved = _store.Write<Verdict<Issue>>(session =>
        {
            if (IssueTable.Find(session, id) is not { } issue)
                return new Refusal("issue-unknown", $"There is no issue {id}.");
            if (_clock.RefusesBehind(IssueTable.Latest(session), Now) is { } behind)
                return behind;
            if (!new OtherPlans(session, _settings, Now, caller).Approve(issue).TryGet(out var pending, out var refusal))
                return refusal;
            return IssueTable.TryMove(session, IssueState.AwaitingApproval, pending) ? pending : new Refusal("not-awaiting-approval", $"The issue {id} was decided by somebody else.");
        });
        return approved.TryGet(out var ready, out var why)
            ? await CompleteAsync(ready, releases: true).ConfigureAwait(false)
            : new IssueAnswer(IssueOutcome.NotStarted, null, why);
    }

    /// <summary>What came of an id. Tokens count as released once this gave them out.</summary>
    public Issue? Look(string id)
    {
        var issue = _store.Read(session => IssueTable.Find(session, id));
        if (issue is not { State: IssueState.Issued, Released: false })
            return issue;
        // A reversal may come in between: what is true inside the transaction is told.
        return _store.Write(session =>
        {
            if (IssueTable.Find(session, id) is { State: IssueState.Issued })
                IssueTable.Release(session, id);
            return IssueTable.Find(session, id);
        });
    }

    /// <summary>Takes an issue back, which succeeds only while no token has left the server.</summary>
    public async Task<Verdict<Issue>> ReverseAsync(string id, Caller caller, string reason)
    {
        using var turn = await _locks.EnterAsync(id).ConfigureAwait(false);
        return _store.Write<Verdict<Issue>>(session =>
        {
            if (IssueTable.Find(session, id) is not { } issue)
                return new Refusal("issue-unknown", $"There is no issue {id}.");
            if (issue.State is not (IssueState.Pending or IssueState.Issued or IssueState.AwaitingApproval))
                return new Refusal("not-reversible", $"The issue {id} is {issue.State}.");
            if (issue.Released)
                return new Refusal("token-released", $"A token of {id} has left the server; it cannot be un-issued.");
            var now = Now;
            var reversed = issue with { State = IssueState.Reversed, Completed = now, Tokens = [], Refusal = new Refusal("reversed", $"{reason} ({caller.Id})") };
            if (!IssueTable.TryMove(session, issue.State, reversed))
                return new Refusal("not-reversible", $"The issue {id} changed at the same moment; look again.");
            Ledger.Reverse(session, now, "sale", id);
            if (issue.State == IssueState.Issued)
                ForgetKeyChange(session, issue);
            if (!issue.Sandbox)
                _ = IssueLogTable.Append(session, "reversed", reversed, now);
            return IssueTable.Find(session, id)!;
        });
    }

    /// <summary>Asks the module again about an issue whose outcome is unknown.</summary>
    /// <param name="id">The issue.</param>
    /// <param name="releases">True where the answer goes to a client.</param>
    public async Task<IssueAnswer> ResolveAsync(string id, bool releases)
    {
        using var turn = await _locks.EnterAsync(id).ConfigureAwait(false);
        return _store.Read(session => IssueTable.Find(session, id)) is { } issue
            ? await RepeatAsync(issue, releases).ConfigureAwait(false)
            : new IssueAnswer(IssueOutcome.NotStarted, null, new Refusal("issue-unknown", $"There is no issue {id}."));
    }

    /// <summary>True where the issue is the caller's business: a vendor sees its own issues only.</summary>
    internal static bool Sees(Caller caller, Issue issue) => caller.Vendor is null || caller.Vendor == issue.Vendor;

    /// <summary>SHA-256 of a request in hex.</summary>
    internal static string DigestOf<T>(T request) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{typeof(T).Name} {StoredJson.Write(request)}")));

    // To the millisecond, as the store keeps it: a repeated answer is the first one byte for byte.
    private DateTimeOffset Now => DateTimeOffset.FromUnixTimeMilliseconds(_time.GetUtcNow().ToUnixTimeMilliseconds());

    private Task<IssueAnswer> IssueAsync<T>(string id, T request, Caller caller, Func<string, Task<Intent>> begin) =>
        Traces.StepAsync("issue", id, () => MakeAsync(id, request, caller, begin));

    private async Task<IssueAnswer> MakeAsync<T>(string id, T request, Caller caller, Func<string, Task<Intent>> begin)
    {
        var digest = DigestOf(request);
        using var turn = await _locks.EnterAsync(id).ConfigureAwait(false);
        if ((_store.Refuses ?? await _clock.RefusesAsync().ConfigureAwait(false)) is { } unsure)
        {
            return _store.Look(session => IssueTable.Find(session, id)) is { } seen
                ? await SeenAsync(seen, digest, caller).ConfigureAwait(false)
                : new IssueAnswer(IssueOutcome.NotStarted, null, unsure);
        }

        var (issue, refusal, fresh) = await Traces.StepAsync("issue.intent", id, () => begin(digest)).ConfigureAwait(false);
        if (issue is null)
            return new IssueAnswer(IssueOutcome.NotStarted, null, refusal);
        if (!fresh)
            return await SeenAsync(issue, digest, caller).ConfigureAwait(false);
        return issue.State == IssueState.AwaitingApproval
            ? new IssueAnswer(IssueOutcome.AwaitingApproval, issue)
            : await CompleteAsync(issue, releases: true).ConfigureAwait(false);
    }

    private Task<Intent> BeginOther(string id, Func<IStoreSession, Verdict<Issue>> plan) => Task.FromResult(_store.Write(session =>
    {
        // The id may have been taken before, here or by another server on the same store.
        if (IssueTable.Find(session, id) is { } seen)
            return new Intent(seen, null, false);
        if (_clock.RefusesBehind(IssueTable.Latest(session), Now) is { } behind)
            return new Intent(null, behind, false);
        return plan(session).TryGet(out var issue, out var refusal)
            ? new Intent(IssueTable.Add(session, issue), null, true)
            : new Intent(null, refusal, false);
    }));

    private async Task<IssueAnswer> SeenAsync(Issue issue, string digest, Caller caller) => issue.Digest != digest || !Sees(caller, issue)
        ? new IssueAnswer(IssueOutcome.Conflict, null, new Refusal("vend-exists-with-different-content", $"The id {issue.Id} was used at {issue.Created.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC for a request with other content."))
        : await RepeatAsync(issue, releases: true).ConfigureAwait(false);

    private async Task<IssueAnswer> RepeatAsync(Issue issue, bool releases) => issue.State switch
    {
        IssueState.Pending => await CompleteAsync(issue, releases).ConfigureAwait(false),
        IssueState.Issued when releases => new IssueAnswer(IssueOutcome.Repeated, Look(issue.Id)),
        IssueState.Refused => new IssueAnswer(IssueOutcome.Refused, issue, issue.Refusal),
        _ => new IssueAnswer(IssueOutcome.Repeated, issue),
    };

    private async Task<IssueAnswer> CompleteAsync(Issue issue, bool releases)
    {
        // What an old backup calls pending may have been issued since: it waits for the reconciliation as well.
        if (_store.Refuses is { } restored)
            return new IssueAnswer(IssueOutcome.Unknown, issue, restored);
        Verdict<MadeSet> made;
        try
        {
            made = issue.Sandbox ? SandboxMeters.Make(issue) : await Traces.StepAsync("issue.module", issue.Id, () => _maker.MakeAsync(issue)).ConfigureAwait(false);
        }
        catch (SecurityModuleException error)
        {
            _store.Write(session => IssueTable.CountAttempt(session, issue.Id));
            return new IssueAnswer(IssueOutcome.Unknown, issue, new Refusal("outcome-unknown", error.Message));
        }

        return await Traces.StepAsync("issue.result", issue.Id, () => _batch.FinishAsync(issue, made, releases)).ConfigureAwait(false);
    }

    private static void ForgetKeyChange(IStoreSession session, Issue issue)
    {
        if (issue.Meter is { } meter && PaymentMeter.Find(session, meter.Pan) is { } stored && stored.Value.KeyChangeIssue == issue.Id)
            _ = (stored.Value with { NextKey = null, KeyChangeIssue = null }).TryReplace(session, stored.Version);
    }
}
