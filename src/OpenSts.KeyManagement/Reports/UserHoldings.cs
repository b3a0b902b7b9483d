using OpenSts.KeyManagement.Records;

namespace OpenSts.KeyManagement.Reports;

/// <summary>A user with everything at this centre that belongs to it.</summary>
/// <param name="User">The user.</param>
/// <param name="Groups">Its groups, also those at home at another centre.</param>
/// <param name="Keys">The keys of these groups that are not revoked.</param>
/// <param name="Modules">The modules it runs, also the revoked.</param>
public sealed record UserHoldings(SgcUser User,
    IReadOnlyList<SupplyGroup> Groups, IReadOnlyList<CentreVendingKey> Keys, IReadOnlyList<RegisteredModule> Modules)
{
    /// <summary>All users by id.</summary>
    public static IReadOnlyList<UserHoldings> All(KeyCentre centre)
    {
        ArgumentNullException.ThrowIfNull(centre);
        var groups = centre.Groups.ToLookup(group => group.Owner);
        var keys = centre.Keys.Where(key => key.State != KeyState.Revoked).ToLookup(key => key.Sgc);
        var modules = centre.Modules.All.ToLookup(module => module.Owner);
        return [.. centre.Users.Select(user => new UserHoldings(user, [.. groups[user.Id]],
            [.. groups[user.Id].SelectMany(group => keys[group.Code])], [.. modules[user.Id]]))];
    }
}
