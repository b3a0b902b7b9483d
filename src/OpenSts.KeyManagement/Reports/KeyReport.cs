using OpenSts.KeyManagement.Keys;
using OpenSts.KeyManagement.Records;

namespace OpenSts.KeyManagement.Reports;

/// <summary>A key in the report: what it is, how it stands and what comes next.</summary>
public sealed record KeyReportLine
{
    /// <summary>The group of the key.</summary>
    public required SupplyGroup Group { get; init; }

    /// <summary>Whose group it is.</summary>
    public required SgcUser User { get; init; }

    /// <summary>The key.</summary>
    public required CentreVendingKey Key { get; init; }

    /// <summary>How far it is in the life of its group.</summary>
    public required KeyStage Stage { get; init; }

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
        var keys = centre.Keys.ToList();
        return [.. keys.Select(key => new KeyReportLine
        {
            Group = groups[key.Sgc],
            User = centre.UserOf(groups[key.Sgc]),
            Key = key,
            Stage = KeyStages.Of(key, keys),
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
    /// The input of a key change campaign: every key that meters leave, where they go and who can change them.
    /// </summary>
    /// <remarks>
    /// Keys side by side have a line as soon as the newer one is there; a key for sets only has one also without a
    /// newer key.
    /// </remarks>
    public static IReadOnlyList<CampaignLine> Campaign(KeyCentre centre)
    {
        ArgumentNullException.ThrowIfNull(centre);
        var holders = Holders(centre);
        var keys = centre.Keys.Where(key => key.KeyType != KeyType.Initialization).ToList();
        var lines = new List<CampaignLine>();
        foreach (var old in keys.Where(key => key.State != KeyState.Revoked))
        {
            var fresh = keys.LastOrDefault(key => key.Sgc == old.Sgc && key.KeyType == old.KeyType
                && key.State == KeyState.Active && key.Id != old.Id);
            if (old.State == KeyState.Active && (fresh is null || string.CompareOrdinal(fresh.Id, old.Id) < 0))
                continue;
            string[] ready = fresh is null ? [] : [.. holders[old.Id].Select(file => file.Module)
                .Intersect(holders[fresh.Id].Select(file => file.Module)).Order(StringComparer.Ordinal)];
            lines.Add(new CampaignLine(old.Sgc, old, fresh, fresh is not null && fresh.BaseYear != old.BaseYear, ready)
            {
                OldStage = KeyStages.Of(old, keys),
                NewStage = fresh is null ? null : KeyStages.Of(fresh, keys),
            });
        }

        return lines;
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
