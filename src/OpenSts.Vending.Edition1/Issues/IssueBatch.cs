using OpenSts.Vending.Access;
using OpenSts.Vending.Documents;
using OpenSts.Vending.IssueLog;
using OpenSts.Vending.Meters;
using OpenSts.Vending.Money;
using OpenSts.Vending.Operations;
using OpenSts.Vending.Storage;

namespace OpenSts.Vending.Issues;

/// <summary>An issue whose intent is written, or was before.</summary>
/// <param name="Issue">The issue; null where it was refused.</param>
/// <param name="Refusal">Why not.</param>
/// <param name="Fresh">True where this request wrote it, false where the id was seen before.</param>
internal sealed record Intent(Issue? Issue, Refusal? Refusal, bool Fresh);

/// <summary>Writes the intents and results of many issues in one transaction: one lock, three messages and one commit for all that wait.</summary>
/// <remarks>
/// Each sale is planned behind the one before it, in memory, so each may be refused alone. Nobody is told anything before the commit. Where the
/// whole fails for the sake of one (a rule of the tables, a stored text that cannot be read), each is done again by itself: doing it twice is
/// harmless, since an id is written once. Where the store cannot be used all fail, and the outcome is unknown to all.
/// </remarks>
internal sealed class IssueBatch
{
    private const int Most = 256;
    private readonly IStore _store;
    private readonly VendingSettings _settings;
    private readonly ClockGuard _clock;
    private readonly Func<DateTimeOffset> _now;
    private readonly Gathering<Item> _waiting;

    /// <param name="store">The store.</param>
    /// <param name="settings">Of the utility.</param>
    /// <param name="clock">Refuses sales where the store is ahead of the clock.</param>
    /// <param name="now">The time, as the store keeps it.</param>
    public IssueBatch(IStore store, VendingSettings settings, ClockGuard clock, Func<DateTimeOffset> now)
    {
        (_store, _settings, _clock, _now) = (store, settings, clock, now);
        _waiting = new Gathering<Item>(Commit, Most);
    }

    /// <summary>Plans a sale and writes its intent.</summary>
    public Task<Intent> BeginAsync(string id, string digest, SaleRequest request, Caller caller)
    {
        var begin = new Begin(id, digest, request, caller);
        _waiting.Add(begin);
        return begin.Answered;
    }

    /// <summary>Writes what the module answered to an intent.</summary>
    public Task<IssueAnswer> FinishAsync(Issue issue, Verdict<MadeSet> made, bool releases)
    {
        var finish = new Finish(issue, made, releases);
        _waiting.Add(finish);
        return finish.Answered;
    }

    private void Commit(IReadOnlyList<Item> items)
    {
        try
        {
            _ = _store.Batch(session => Work(session, items));
            Gathering.Tell(items, item => item.Tell());
        }
        catch (Exception error) when (items.Count > 1 && error is not StoreException { RuleBroken: false })
        {
            foreach (var item in items)
                Commit([item]);
        }
        catch (Exception error)
        {
            Gathering.Tell(items, item => item.Fail(error));
        }
    }

    private int Work(IStoreSession session, IReadOnlyList<Item> items)
    {
        var now = _now();
        var begins = items.OfType<Begin>().ToList();
        var finishes = items.OfType<Finish>().ToList();
        // What changes a meter or moves money back comes first, by itself: the picture must show it.
        foreach (var finish in finishes.Where(finish => finish.ChangesMore))
            Settle(session, finish, now);

        var (seen, states, head) = (new Dictionary<string, Issue>(StringComparer.Ordinal), new Dictionary<string, string>(StringComparer.Ordinal), IssueLogTable.Empty);
        var questions = new List<Question> { new(IssueLogTable.HeadQuery, row => head = IssueLogTable.ReadHead(row)) };
        var plain = finishes.Where(finish => !finish.ChangesMore).ToList();
        if (begins.Count > 0)
            questions.Add(new(IssueTable.Columns + "WHERE id = ANY($1)", row => Keep(seen, IssueTable.Read(row)), SqlValue.Of([.. begins.Select(begin => begin.Id)])));
        if (plain.Count > 0)
            questions.Add(new("SELECT id, state FROM issues WHERE id = ANY($1)", row => states[row.Text(0)] = row.Text(1), SqlValue.Of([.. plain.Select(finish => finish.Issue.Id)])));
        var picture = SalePicture.Read(session, _settings, now, [.. begins.Select(begin => (begin.Request, begin.Caller))], questions);

        var (tail, moved, added) = (new LogTail(head), new List<Issue>(), new List<Issue>());
        foreach (var finish in plain)
        {
            var result = finish.Result(now);
            if (states.GetValueOrDefault(result.Id) != nameof(IssueState.Pending))
            {
                finish.Answer = AlreadyMoved(session, finish);
                continue;
            }

            states[result.Id] = result.State.ToString();
            moved.Add(result);
            if (!result.Sandbox)
                tail.Append(IssueLogTable.Issued, result, now);
            finish.Answer = new IssueAnswer(IssueOutcome.Issued, result);
        }

        foreach (var begin in begins)
        {
            if (!seen.TryGetValue(begin.Id, out var other))
                Plan(begin, picture, now, added);
            else
                begin.Answer = new Intent(other, null, false);
            if (begin.Answer?.Issue is { } intent)
                Keep(seen, intent);
        }

        session.Write([IssueTable.Added(added), IssueTable.Made(moved), .. tail.Rows(), .. begins.Count > 0 ? picture.Rows() : []]);
        return items.Count;
    }

    private void Plan(Begin begin, SalePicture picture, DateTimeOffset now, List<Issue> added)
    {
        try
        {
            if (_clock.RefusesBehind(picture.Latest, now) is { } behind)
            {
                begin.Answer = new Intent(null, behind, false);
                return;
            }

            var plan = new SalePlan(picture, _settings, now, begin.Caller);
            if (!plan.Make(begin.Id, begin.Digest, begin.Request).TryGet(out var sale, out var refusal)
                || (sale.Meter!.Sandbox is { } outcome && (refusal = SandboxMeters.Refuses(outcome)) is not null))
            {
                begin.Answer = new Intent(null, refusal, false);
                return;
            }

            if (!sale.Sandbox)
                plan.Post(sale);
            added.Add(picture.Add(sale));
            begin.Answer = new Intent(added[^1], null, true);
        }
        catch (Exception error) when (error is not StoreException)
        {
            // One that cannot be planned is nobody else's business.
            begin.Error = error;
        }
    }

    // A refusal gives the money back; a key change set is remembered with the meter.
    private static void Settle(IStoreSession session, Finish finish, DateTimeOffset now)
    {
        var result = finish.Result(now);
        if (!IssueTable.TryMove(session, IssueState.Pending, result))
        {
            finish.Answer = AlreadyMoved(session, finish);
            return;
        }

        if (result.State == IssueState.Refused)
        {
            Ledger.Reverse(session, now, "sale", result.Id);
            finish.Answer = new IssueAnswer(IssueOutcome.Refused, result, result.Refusal);
            return;
        }

        if (!result.Sandbox)
        {
            _ = IssueLogTable.Append(session, IssueLogTable.Issued, result, now);
            RememberKeyChange(session, result);
        }

        finish.Answer = new IssueAnswer(IssueOutcome.Issued, result);
    }

    // Another attempt was first, or it was taken back: what is stored counts, these tokens are forgotten.
    private static IssueAnswer AlreadyMoved(IStoreSession session, Finish finish)
    {
        if (finish.Releases && IssueTable.Find(session, finish.Issue.Id) is { State: IssueState.Issued })
            IssueTable.Release(session, finish.Issue.Id);
        return new IssueAnswer(IssueOutcome.Repeated, IssueTable.Find(session, finish.Issue.Id));
    }

    private static void RememberKeyChange(IStoreSession session, Issue issue)
    {
        if (issue.Orders.FirstOrDefault(order => order.Kind == OrderKind.KeyChange) is { ToKey: { } to } && PaymentMeter.Find(session, issue.Meter!.Pan) is { } stored)
            _ = (stored.Value with { NextKey = to, KeyChangeIssue = issue.Id }).TryReplace(session, stored.Version);
    }

    private static void Keep(Dictionary<string, Issue> seen, Issue issue) => seen[issue.Id] = issue;

    private abstract class Item
    {
        public abstract void Tell();

        public abstract void Fail(Exception error);
    }

    private abstract class Item<T> : Item
        where T : class
    {
        private readonly TaskCompletionSource<T> _source = new();

        public Task<T> Answered => _source.Task;

        /// <summary>Told once it is durable.</summary>
        public T? Answer { get; set; }

        /// <summary>Why there is no answer.</summary>
        public Exception? Error { get; set; }

        public override void Tell()
        {
            if (Error is not null)
                Fail(Error);
            else
                _source.SetResult(Answer!);
        }

        public override void Fail(Exception error) => _source.SetException(error);
    }

    private sealed class Begin(string id, string digest, SaleRequest request, Caller caller) : Item<Intent>
    {
        public string Id { get; } = id;

        public string Digest { get; } = digest;

        public SaleRequest Request { get; } = request;

        public Caller Caller { get; } = caller;
    }

    private sealed class Finish(Issue issue, Verdict<MadeSet> made, bool releases) : Item<IssueAnswer>
    {
        public Issue Issue { get; } = issue;

        public bool Releases { get; } = releases;

        /// <summary>True where more is written than the result and its entry in the log.</summary>
        public bool ChangesMore => made.Refusal is not null || Issue.Orders.Any(order => order.Kind == OrderKind.KeyChange);

        public Issue Result(DateTimeOffset now) => made.TryGet(out var tokens, out var refusal)
            ? Issue with { State = IssueState.Issued, Tokens = tokens.Made, Completed = now, Released = Releases }
            : Issue with { State = IssueState.Refused, Refusal = refusal, Completed = now };
    }
}
