
namespace OpenSts.Vending.Tariffs;

/// <summary>The active versions of one tariff, by their dates.</summary>
public sealed class TariffHistory
{
    private readonly List<TariffVersion> _versions;

    /// <param name="versions">Versions of one tariff; drafts are left out.</param>
    public TariffHistory(IEnumerable<TariffVersion> versions)
    {
        ArgumentNullException.ThrowIfNull(versions);
        // Of two versions with one date the later written is in force.
        _versions = [.. versions.Where(version => version.State == TariffState.Active)
            .OrderBy(version => version.EffectiveFrom)
            .ThenBy(version => version.Version)];
    }

    /// <summary>Active versions, the earliest first.</summary>
    public IReadOnlyList<TariffVersion> Versions => _versions;

    /// <summary>The version in force on a local day, or null where none has begun.</summary>
    public TariffVersion? On(DateOnly day) => _versions.FindLast(version => version.EffectiveFrom <= day);

    /// <summary>Fixed charges that fell due after one day and up to another, each at the rate of its day, without
    /// tax, in minor units.</summary>
    /// <remarks>
    /// A day's charge falls due with the day, a month's with its first day. Days before the first version's date
    /// accrue nothing. What one
    /// version charged is rounded once for each charge.
    /// </remarks>
    public long Accrued(Currency currency, DateOnly after, DateOnly through)
    {
        ArgumentNullException.ThrowIfNull(currency);
        var total = 0L;
        for (var i = 0; i < _versions.Count; i++)
        {
            var before = _versions[i].EffectiveFrom > DateOnly.MinValue ? _versions[i].EffectiveFrom.AddDays(-1)
                : DateOnly.MinValue;
            var from = after > before ? after : before;
            var until = i + 1 < _versions.Count && _versions[i + 1].EffectiveFrom <= through
                ? _versions[i + 1].EffectiveFrom.AddDays(-1) : through;
            total += Accrued(_versions[i], currency, from, until);
        }

        return total;
    }

    /// <summary>The charges of one version after one day and up to another.</summary>
    public static long Accrued(TariffVersion version, Currency currency, DateOnly after, DateOnly through)
    {
        ArgumentNullException.ThrowIfNull(version);
        ArgumentNullException.ThrowIfNull(currency);
        if (through <= after)
            return 0;
        var days = through.DayNumber - after.DayNumber;
        var months = ((through.Year - after.Year) * 12) + through.Month - after.Month;
        return version.FixedCharges.Sum(charge =>
            currency.Round(charge.Amount * (charge.Period == ChargePeriod.Daily ? days : months)));
    }
}
