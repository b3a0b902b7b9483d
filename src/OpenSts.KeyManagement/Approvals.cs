using System.Globalization;
using System.Text.Json;
using OpenSts.KeyManagement.Store;
using OpenSts.KeyLoading;
using OpenSts.Sts6;

namespace OpenSts.KeyManagement;

/// <summary>Four eyes: one officer asks, another approves, and only then is a change done.</summary>
/// <remarks>
/// Both sign: what was asked cannot be changed under the second person's eyes, and neither can say it was not them.
/// </remarks>
public sealed class Approvals
{
    /// <summary>Days after which a request that nobody decided is void.</summary>
    public const int DaysOpen = 14;
    private readonly KeyCentre _centre;
    private readonly CentreStore _store;

    internal Approvals(KeyCentre centre, CentreStore store) => (_centre, _store) = (centre, store);

    /// <summary>All requests, the first first.</summary>
    public IEnumerable<PendingChange> All => _store.All(Kinds.Changes);

    /// <summary>
    /// Asks for a change. What could not be done now is refused now; the answer is the request's number.
    /// </summary>
    public CentreAnswer<int> Ask(OfficerKey officer, ChangeRequest request) => RefusalException.Catch(() =>
    {
        ArgumentNullException.ThrowIfNull(officer);
        ArgumentNullException.ThrowIfNull(request);
        var name = _centre.Require(officer);
        _ = new ChangeExecution(_centre, _store, _store.NewDraft(), name).Execute(request);
        var now = _centre.Now;
        var text = JsonSerializer.Serialize(request, RecordJson.Default.ChangeRequest);
        return _store.Change(name, number => $"change {number} asked for: {Describe(request)}", draft =>
        {
            var number = draft.All(Kinds.Changes).Count() + 1;
            draft.Put(Kinds.Changes, new PendingChange
            {
                Number = number,
                RequestText = text,
                AskedBy = name,
                AskedAt = now,
                AskSignature = officer.Sign(TextOfAsking(number, name, now, text)),
                State = ChangeState.Open,
            });
            return number;
        });
    });

    /// <summary>Asks for a laboratory key out of an Edition 1 record in which it stands in clear.</summary>
    public CentreAnswer<int> AskLaboratoryKey(OfficerKey officer, LegacyRecord record, KeyType keyType, int baseYear,
        DateTimeOffset expiry)
    {
        ArgumentNullException.ThrowIfNull(record);
        if (!record.IsClear)
            return new CentreAnswer<int>
            {
                Verdict = CentreVerdict.KeyRule,
                Text =
                    $"the key of group {record.Sgc} is encrypted by a method that is not public, or damaged: its "
                        + "check digits are not those of what stands there",
            };
        using var key = record.OpenKey();
        var check = record.CheckDigits[..6];
        using var lease = key.Lease();
        var wrapped = _store.Wrap(lease.Span, $"laboratory {record.Sgc} {record.Krn} {check}");
        return Ask(officer, new ImportLaboratoryKey(record.Sgc, record.Krn, keyType, baseYear, record.Ken,
            record.Active, expiry, check, wrapped));
    }

    /// <summary>Approves what another asked for, and does it; the answer says what was done.</summary>
    public CentreAnswer<string> Approve(OfficerKey officer, int number) => RefusalException.Catch(() =>
    {
        var name = _centre.Require(officer);
        var change = RequireOpen(number);
        RequireAsked(change);
        if (change.AskedBy == name || Find(change.AskedBy)?.PublicKey == officer.PublicKey)
            throw new RefusalException(CentreVerdict.SamePerson,
                $"{name} asked for change {number}; another officer approves it");
        var now = _centre.Now;
        return _store.Change(name, outcome => $"change {number} approved: {outcome}", draft =>
        {
            var outcome = new ChangeExecution(_centre, _store, draft, $"{change.AskedBy}, approved by {name}")
                .Execute(change.Request);
            draft.Put(Kinds.Changes, change with
            {
                State = ChangeState.Done,
                DecidedBy = name,
                DecidedAt = now,
                DecisionSignature = officer.Sign(TextOfDecision(change, "approved", name, now)),
                Outcome = outcome,
            });
            return outcome;
        });
    });

    /// <summary>Refuses what another asked for, or takes back what oneself asked for.</summary>
    public CentreAnswer<string> Refuse(OfficerKey officer, int number, string reason) => RefusalException.Catch(() =>
    {
        var name = _centre.Require(officer);
        var change = RequireOpen(number);
        RequireText("reason", reason);
        var now = _centre.Now;
        return _store.Change(name, _ => $"change {number} refused: {reason}", draft =>
        {
            draft.Put(Kinds.Changes, change with
            {
                State = ChangeState.Refused,
                DecidedBy = name,
                DecidedAt = now,
                DecisionSignature = officer.Sign(TextOfDecision(change, "refused", name, now)),
                Outcome = reason,
            });
            return reason;
        });
    });

    /// <summary>One line for people: what a request would do.</summary>
    public static string Describe(ChangeRequest request) => request switch
    {
        AddUser r => $"add user '{r.Name}', {r.Contact}",
        ChangeUser r => $"change user {r.User}: '{r.Name}', {r.Contact}",
        SuspendUser r => $"suspend user {r.User}: {r.Reason}",
        ResumeUser r => $"resume user {r.User}",
        CloseUser r => $"close user {r.User}: {r.Reason}",
        CreateGroup r =>
            $"create group {r.Code} '{r.Name}' of {r.Owner}, cluster "
                + $"{r.Cluster}{(r.UniversalDefault ? ", universal default" : "")}",
        ChangeGroup r => $"name group {r.Code} '{r.Name}' of {r.Owner}",
        MoveGroup r => $"move group {r.Code} to centre {r.Home}",
        GenerateKey r =>
            $"generate a {VendingKeyNames.Of(r.KeyType)} of group {r.Sgc}, {r.Dkga.Name()}, base {r.BaseYear}, KEN "
                + $"{r.Ken}, active from {ConcatLine.Time(r.Activation)}, until {ConcatLine.Time(r.Expiry)}, "
                + $"{r.RefreshDays} days each",
        ImportLaboratoryKey r => $"import laboratory key {r.CheckValue} of group {r.Sgc}, revision {r.Krn}",
        ChangeKey r =>
            $"change key {r.Key}: until {ConcatLine.Time(r.Expiry)}, {r.RefreshDays} days each, KEN {r.Ken}",
        ReplaceKey r =>
            $"replace key {r.Key}: {r.Reason}; base {r.BaseYear}, KEN {r.Ken}, until {ConcatLine.Time(r.Expiry)}",
        RevokeKey r => $"revoke key {r.Key}: {r.Reason}",
        Authorise r =>
            string.Create(CultureInfo.InvariantCulture,
            $"authorise {Some("module", r.Modules)} for {Some("", r.Subjects)}, units {Limit(r.UnitLimit)}, currency {Limit(r.CurrencyLimit)}, subclasses {Subclasses(r.Subclasses)}, until {ConcatLine.Time(r.Until)}"),
        RevokeAuthorisation r => $"take {r.Subject} from module {r.Module}: {r.Reason}",
        RevokeModule r => $"revoke module {r.Module}: {r.Reason}",
        EnrolOfficer r => $"enrol officer {r.Name}",
        RemoveOfficer r => $"remove officer {r.Name}: {r.Reason}",
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    /// <summary>A limit for people.</summary>
    public static string Limit(uint limit) =>
        limit == KeyCard.NoLimit ? "unlimited" : limit.ToString(CultureInfo.InvariantCulture);

    /// <summary>Class 0 subclasses for people, such as 0,1 or none.</summary>
    public static string Subclasses(int mask) =>
        mask == 0 ? "none" : string.Join(',', Enumerable.Range(0, 8).Where(n => (mask >> n & 1) != 0));

    internal static string Some(string what, IReadOnlyList<string> names) =>
        $"{what}{(what.Length > 0 && names.Count > 1 ? "s" : "")}{(what.Length > 0 ? " " : "")}"
        + (names.Count <= 5 ? string.Join(", ", names)
            : $"{names[0]}, {names[1]} ... {names[^1]} ({names.Count} in all)");

    internal static void RequireText(string field, string? text, int most = 40)
    {
        if (text is not { Length: >= 1 } || text.Length > most
            || text.Any(letter => letter is < ' ' or > '}' or ':' or ';' or '~' or '<' or '>') || text.Trim() != text)
            throw new RefusalException(CentreVerdict.Format,
                $"{field} held {(text?.Length > 40 ? text[..40] + "..." : text)}; permitted: 1 to {most} printable "
                    + "ASCII characters without : ; < > ~, no space at an end");
    }

    /// <summary>
    /// The first change that was done without the signatures of two different officers; null where there is none.
    /// </summary>
    internal int? FirstForged() =>
        All.FirstOrDefault(change => change.State == ChangeState.Done && !IsSigned(change))?.Number;

    private bool IsSigned(PendingChange change) =>
        change.AskedBy != change.DecidedBy && change.DecidedAt is { } at
        && HasSigned(change.AskedBy, TextOfAsking(change.Number, change.AskedBy, change.AskedAt, change.RequestText),
            change.AskSignature)
        && HasSigned(change.DecidedBy, TextOfDecision(change, "approved", change.DecidedBy, at),
            change.DecisionSignature);

    private bool HasSigned(string name, string text, string signature) =>
        Find(name) is { } officer && PublicPoint.TryParse(officer.PublicKey, out var key)
            && SigningKey.Verify(key, text, signature);

    private Officer? Find(string name) => _store.Find(Kinds.Officers, name);

    private PendingChange RequireOpen(int number)
    {
        var change = _store.Find(Kinds.Changes, number.ToString("D6", CultureInfo.InvariantCulture))
            ?? throw new RefusalException(CentreVerdict.NotOpen, $"there is no change {number}");
        if (change.State != ChangeState.Open)
            throw new RefusalException(CentreVerdict.NotOpen,
                $"change {number} was decided by {change.DecidedBy}: {change.Outcome}");
        return _centre.Now <= change.AskedAt.AddDays(DaysOpen)
            ? change
            : throw new RefusalException(CentreVerdict.NotOpen,
                $"change {number} was asked for more than {DaysOpen} days ago; ask again");
    }

    private void RequireAsked(PendingChange change)
    {
        if (Find(change.AskedBy) is not { Removed: false })
            throw new RefusalException(CentreVerdict.UnknownOfficer,
                $"{change.AskedBy}, who asked for change {change.Number}, is no officer any more");
        if (!HasSigned(change.AskedBy, TextOfAsking(change.Number, change.AskedBy, change.AskedAt, change.RequestText),
            change.AskSignature))
            throw new RefusalException(CentreVerdict.Signature,
                $"change {change.Number} is not what {change.AskedBy} signed");
    }

    private string TextOfAsking(int number, string name, DateTimeOffset at, string request) =>
        $"sts-kmc-ask-1\n{_centre.Kmcid}\n{number}\n{name}\n{ConcatLine.Time(at)}\n{request}";

    private string TextOfDecision(PendingChange change, string decision, string name, DateTimeOffset at) =>
        $"sts-kmc-{decision}-1\n{_centre.Kmcid}\n{change.Number}\n{change.AskSignature}\n{name}\n{ConcatLine.Time(at)}";
}
