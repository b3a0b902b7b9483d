using OpenSts.Vending.Documents;
using OpenSts.Vending.Storage;

namespace OpenSts.Vending.Access;

/// <summary>An operator or API key with the right to decide for others, as one person wants it; it counts once another person has approved it.</summary>
public sealed record AccessChange
{
    public required string Id { get; init; }

    /// <summary>The operator as it shall be; null where it is about a key.</summary>
    public Operator? Operator { get; init; }

    /// <summary>The version of the operator that it replaces; null for a new one.</summary>
    public long? Replaces { get; init; }

    /// <summary>The key; its text was shown to who asked and is no key before the approval.</summary>
    public ApiKey? Key { get; init; }

    /// <summary>What is kept of the key's text.</summary>
    public string? KeyDigest { get; init; }

    public required string AskedBy { get; init; }

    public required DateTimeOffset Asked { get; init; }

    /// <summary>What waits.</summary>
    public static DocumentTable<AccessChange> Waiting { get; } = new("access-change");

    /// <summary>Who it is about, for lists and the log.</summary>
    public string About => Operator is { } person ? $"operator {person.Id}" : $"API key {Key?.Id}";

    /// <summary>True where these rights let their owner decide what others ask for, or make others who may: then two persons are needed.</summary>
    public static bool IsNeededFor(IEnumerable<Permission> permissions) =>
        permissions.Any(permission => permission is Permission.VendsApprove or Permission.EngineeringApprove or Permission.TariffsActivate or Permission.OperatorsWrite);

    /// <summary>True where a second person could approve it: with one administrator there is none.</summary>
    public static bool CanBeApproved(IStoreSession session) =>
        Operator.Table.List(session).Count(row => row.Value is { Active: true, Vendor: null } && Permissions.Of(row.Value.Role).Contains(Permission.OperatorsWrite)) >= 2;

    /// <summary>Does what was asked for.</summary>
    /// <returns>False where the operator has changed since, or the name is taken.</returns>
    public bool TryDo(IStoreSession session)
    {
        ArgumentNullException.ThrowIfNull(session);
        if (Key is { } key)
        {
            ApiKeys.Add(session, key, KeyDigest!);
            return true;
        }

        var person = Operator!;
        if (Replaces is not { } version)
            return Operator.Table.TryAdd(session, person.Id, person);
        if (!Operator.Table.TryReplace(session, person.Id, version, person))
            return false;
        // A new password or a lost right ends what is open.
        _ = session.Execute("DELETE FROM sessions WHERE operator = $1", person.Id);
        return true;
    }
}
