using OpenSts.KeyManagement.Keys;
using OpenSts.KeyManagement.Records;

namespace OpenSts.KeyManagement.Reports;

/// <summary>One line of a key change campaign: which meters of which group leave which key for which.</summary>
/// <param name="Group">Six digits.</param>
/// <param name="OldKey">The key that meters leave.</param>
/// <param name="NewKey">The newest other active key of its type; null while there is none.</param>
/// <param name="Rollover">True where the base dates differ: the meter forgets the tokens it has seen.</param>
/// <param name="ReadyModules">Modules that hold both keys, as confirmed; these can make the sets.</param>
public sealed record CampaignLine(string Group, CentreVendingKey OldKey, CentreVendingKey? NewKey, bool Rollover,
    IReadOnlyList<string> ReadyModules)
{
    /// <summary>How far the old key is.</summary>
    public required KeyStage OldStage { get; init; }

    /// <summary>How far the new key is; null without one.</summary>
    public required KeyStage? NewStage { get; init; }

    /// <summary>
    /// The last time at which the old key can sell: its end, or the last minute of its expiry number or base date;
    /// null where it sells nothing.
    /// </summary>
    public DateTimeOffset? CreditUntil
    {
        get
        {
            if (OldKey.State != KeyState.Active || !OldKey.KeyType.MayCarryCredit())
                return null;
            var last = OldKey.LastMinute ?? BaseDate.FromYear(OldKey.BaseYear).LastMinute;
            return last < OldKey.Expiry ? last : OldKey.Expiry;
        }
    }

    /// <summary>
    /// From then on the old key is in no file, and sets that leave it cannot be made after its last end of issue.
    /// </summary>
    public DateTimeOffset SetsUntil => OldKey.Expiry;
}
