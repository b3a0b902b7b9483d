namespace OpenSts.KeyManagement;

/// <summary>A key in the report: what it is, how it stands and what comes next.</summary>
public sealed record KeyReportLine
{
    public required SupplyGroup Group { get; init; }

    /// <summary>Whose group it is.</summary>
    public required SgcUser User { get; init; }

    public required CentreVendingKey Key { get; init; }

    /// <summary>Active, retiring, revoked, not yet active, expired, or suspended with its user.</summary>
    public required string Status { get; init; }

    /// <summary>
    /// Whole days until the end of the key or of its expiry number, whichever comes first; null where revoked.
    /// </summary>
    public required int? DaysLeft { get; init; }

    /// <summary>Modules that confirmed a file with it as their last.</summary>
    public required int Modules { get; init; }

    /// <summary>The earliest end of issue at one of these modules; null where none holds it.</summary>
    public required DateTimeOffset? NextRefresh { get; init; }
}

/// <summary>
/// One line of the list with which a key change campaign begins: which meters of which group leave which key for
/// which.
/// </summary>
/// <param name="Group">Six digits.</param>
/// <param name="OldKey">The retiring key.</param>
/// <param name="NewKey">The newest active key of its type; null while there is none.</param>
/// <param name="Rollover">True where the base dates differ: the meter forgets the tokens it has seen.</param>
/// <param name="ReadyModules">Modules that hold both keys, as confirmed; these can make the sets.</param>
public sealed record CampaignLine(string Group, CentreVendingKey OldKey, CentreVendingKey? NewKey, bool Rollover,
    IReadOnlyList<string> ReadyModules);

/// <summary>What the centre can tell about its keys without showing one.</summary>
public static class KeyReport
{
    /// <summary>All keys by group, with status and days left.</summary>
    public static IReadOnlyList<KeyReportLine> Of(KeyCentre centre)
    {
        ArgumentNullException.ThrowIfNull(centre);
        var now = centre.Now;
        var groups = centre.Groups.ToDictionary(group => group.Code, StringComparer.Ordinal);
        var holders = Holders(centre);
        return [.. centre.Keys.Select(key => new KeyReportLine
        {
            Group = groups[key.Sgc],
            User = centre.UserOf(groups[key.Sgc]),
            Key = key,
            Status = StatusOf(key, centre.UserOf(groups[key.Sgc]), now),
            DaysLeft = key.State == KeyState.Revoked ? null : DaysLeft(key, now),
            Modules = holders[key.Id].Count(),
            NextRefresh = holders[key.Id].Min(file => file.IssuedUntil),
        })];
    }

    /// <summary>
    /// Modules whose last file must be renewed within so many days, or was never confirmed; the most urgent first.
    /// </summary>
    public static IReadOnlyList<(RegisteredModule Module, LoadFile? Last)> Refreshes(KeyCentre centre, int days)
    {
        ArgumentNullException.ThrowIfNull(centre);
        var last = centre.Files.All.Where(file => file.Confirmed is not null).GroupBy(file => file.Module)
            .ToDictionary(files => files.Key, files => files.MaxBy(file => file.KekId)!);
        return [.. centre.Modules.All.Where(module => !module.Revoked)
            .Select(module => (module, last: last.GetValueOrDefault(module.Id)))
            .Where(entry => entry.last is null || entry.last.IssuedUntil is { } until
                && until <= centre.Now.AddDays(days))
            .OrderBy(entry => entry.last?.IssuedUntil ?? DateTimeOffset.MinValue)];
    }

    /// <summary>
    /// The input of a key change campaign: every retiring key, where its meters go and who can change them.
    /// </summary>
    public static IReadOnlyList<CampaignLine> Campaign(KeyCentre centre)
    {
        ArgumentNullException.ThrowIfNull(centre);
        var holders = Holders(centre);
        return [.. centre.Keys.Where(key => key.State == KeyState.Retiring).Select(old =>
        {
            var fresh = centre.Keys.LastOrDefault(key => key.Sgc == old.Sgc && key.KeyType == old.KeyType
                && key.State == KeyState.Active);
            IReadOnlyList<string> ready = fresh is null ? []
                : [.. holders[old.Id].Select(file => file.Module)
                .Intersect(holders[fresh.Id].Select(file => file.Module)).Order(StringComparer.Ordinal)];
            return new CampaignLine(old.Sgc, old, fresh, fresh is not null && fresh.BaseYear != old.BaseYear, ready);
        })];
    }

    private static ILookup<string, LoadFile> Holders(KeyCentre centre) =>
        centre.Files.All.Where(file => file.Confirmed is not null).GroupBy(file => file.Module)
            .Select(files => files.MaxBy(file => file.KekId)!)
            .SelectMany(file => file.Keys.Select(key => (key, file)))
                .ToLookup(entry => entry.key, entry => entry.file);

    private static string StatusOf(CentreVendingKey key, SgcUser user, DateTimeOffset now) => key.State switch
    {
        KeyState.Revoked => "revoked",
        _ when key.Expiry <= now => "expired (EXP)",
        _ when key.LastMinute is { } last && now > last => "expired (KEN)",
        _ when user.State != UserState.Active => "suspended",
        _ when key.Activation > now => "not yet active",
        KeyState.Retiring => "retiring",
        _ => "active",
    };

    private static int DaysLeft(CentreVendingKey key, DateTimeOffset now)
    {
        var end = key.LastMinute is { } last && last < key.Expiry ? last : key.Expiry;
        return Math.Max(0, (int)Math.Floor((end - now).TotalDays));
    }
}
