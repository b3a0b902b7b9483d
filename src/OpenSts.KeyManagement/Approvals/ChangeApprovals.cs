using System.Globalization;
using System.Text.Json;
using OpenSts.KeyLoading;
using OpenSts.KeyManagement.Keys;
using OpenSts.KeyManagement.Records;
using OpenSts.KeyManagement.Storage;
using OpenSts.Sts6;

namespace OpenSts.KeyManagement.Approvals;

/// <summary>Four eyes: one officer asks, another approves, and only then is a change done.</summary>
/// <remarks>
/// Both sign: what was asked cannot be changed under the second person's eyes, and neither can say it was not them.
/// </remarks>
public sealed class ChangeApprovals
{
    /// <summary>Days after which a request that nobody decided is void.</summary>
    public const int DaysOpen = 14;
    private readonly CentreContext _centre;
    private readonly CentreStore _store;

    internal ChangeApprovals(CentreContext centre) => (_centre, _store) = (centre, centre.Store);

    /// <summary>All requests, the first first.</summary>
    public IEnumerable<PendingChange> All => _store.All(RecordKinds.Changes);

    /// <summary>
    /// Asks for a change. What could not be done now is refused now; the answer is the request's number.
    /// </summary>
    public CentreAnswer<int> Ask(OfficerKey officer, ChangeRequest request) => RefusalException.Catch(() =>
    {
        ArgumentNullException.ThrowIfNull(officer);
        ArgumentNullException.ThrowIfNull(request);
        var name = _centre.Require(officer);
        _ = new ChangeHandler(_centre, _store, _store.NewChangeSet(), name).Execute(request);
        var now = _centre.Now;
        var text = JsonSerializer.Serialize(request, RecordJson.Default.ChangeRequest);
        return _store.Change(name, number => $"change {number} asked for: {ChangeText.Describe(request)}", changes =>
        {
            var number = changes.All(RecordKinds.Changes).Count() + 1;
            changes.Put(RecordKinds.Changes, new PendingChange
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
    public CentreAnswer<int> AskLaboratoryKey(OfficerKey officer, Edition1KeyRecord record, KeyType keyType,
        int baseYear, DateTimeOffset expiry)
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

    /// <summary>
    /// What a change would stop now: one sentence for each module, with the file from which on. Empty where nothing
    /// stops.
    /// </summary>
    public IReadOnlyList<string> ConsequencesOf(ChangeRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        return Consequences.Of(_store.NewChangeSet(), request, _centre.Now);
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
        return _store.Change(name, outcome => $"change {number} approved: {outcome}", changes =>
        {
            var outcome = new ChangeHandler(_centre, _store, changes, $"{change.AskedBy}, approved by {name}")
                .Execute(change.Request);
            changes.Put(RecordKinds.Changes, change with
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
        FieldRules.RequireText("reason", reason);
        var now = _centre.Now;
        return _store.Change(name, _ => $"change {number} refused: {reason}", changes =>
        {
            changes.Put(RecordKinds.Changes, change with
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

    private Officer? Find(string name) => _store.Find(RecordKinds.Officers, name);

    private PendingChange RequireOpen(int number)
    {
        var change = _store.Find(RecordKinds.Changes, number.ToString("D6", CultureInfo.InvariantCulture))
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
