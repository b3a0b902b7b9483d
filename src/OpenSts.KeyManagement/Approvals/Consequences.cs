using OpenSts.KeyLoading;
using OpenSts.KeyManagement.Keys;
using OpenSts.KeyManagement.Records;
using OpenSts.KeyManagement.Storage;

namespace OpenSts.KeyManagement.Approvals;

/// <summary>What a change would stop, said before it is asked for and before it is approved.</summary>
internal static class Consequences
{
    /// <summary>
    /// One sentence for each module that can no longer do something, with the file from which on; empty where nothing
    /// stops.
    /// </summary>
    public static IReadOnlyList<string> Of(ChangeSet changes, ChangeRequest request, DateTimeOffset now) =>
        request switch
        {
            ReplaceKey { StopCredit: true } r => CreditOf(changes, r.Key, now),
            LimitKeyToSets r => CreditOf(changes, r.Key, now),
            ChangeKey r when Key(changes, r.Key) is { } key && KeyExpiryNumber.FromNumber(r.Ken)
                .HasExpired(BaseDate.FromYear(key.BaseYear), now) => CreditOf(changes, r.Key, now),
            RevokeKey r => [.. CreditOf(changes, r.Key, now), .. SetsOf(changes, r.Key)],
            RevokeAuthorisation r when Key(changes, r.Subject) is { } key =>
                [.. KeyUse.Of(changes, key, now).Where(use => use.Module == r.Module).Select(use => use.ToString())],
            RevokeModule r => [.. changes.All(RecordKinds.Keys)
            .SelectMany(key => KeyUse.Of(changes, key, now).Where(use => use.Module == r.Module).Select(use =>
            $"module {use.Module}: gets no file any more; its credit under key {key.Id} ends at "
                + $"{ConcatTime(use.CreditUntil)}"))],
            _ => [],
        };

    private static IEnumerable<string> Centres(ChangeSet changes, CentreVendingKey key, string what) =>
        from permission in changes.All(RecordKinds.Authorisations)
        where permission.Subject == key.Sgc && !permission.Revoked
        let centre = changes.Find(RecordKinds.Modules, permission.Module)
        where centre is { Revoked: false, Kind: ModuleKind.Centre }
        select FormattableString.Invariant(
            $"centre {centre.Owner}: {what} in its modules after it takes file {centre.LastKekId + 1}");

    private static List<string> CreditOf(ChangeSet changes, string id, DateTimeOffset now)
    {
        if (Key(changes, id) is not { State: KeyState.Active } key)
            return [];
        return [.. KeyUse.Of(changes, key, now).Select(use => use.ToString()),
            .. Centres(changes, key, $"no credit under key {key.Id}")];
    }

    private static List<string> SetsOf(ChangeSet changes, string id) =>
        Key(changes, id) is { } key && key.State != KeyState.Revoked
        ? [$"key {key.Id}: no key change set leads meters away from it any more; meters that are still on it cannot "
            + "be changed"]
        : [];

    private static CentreVendingKey? Key(ChangeSet changes, string id) => changes.Find(RecordKinds.Keys, id);

    private static string ConcatTime(DateTimeOffset time) => Sts6.ConcatLine.Time(time);
}
