using System.Collections.Concurrent;

namespace OpenSts.Vending.Readings;

/// <summary>The last reading of each meter, in memory: after a restart the wall is empty until meters are heard again.</summary>
public sealed class MeterReadings
{
    /// <summary>The most meters that are remembered.</summary>
    public const int Most = 10_000;

    private readonly ConcurrentDictionary<MeterPan, MeterReading> _readings = new();

    /// <summary>Remembers a reading; false where there are too many meters already.</summary>
    public bool TryTake(MeterReading reading)
    {
        ArgumentNullException.ThrowIfNull(reading);
        if (_readings.Count >= Most && !_readings.ContainsKey(reading.Meter))
            return false;
        _ = _readings.AddOrUpdate(reading.Meter, reading with { Credits = [reading.Credit] }, (_, before) => reading with
        {
            Credits = before.Credits.Length < MeterReading.CreditsKept ? before.Credits.Add(reading.Credit) : [.. before.Credits.AsSpan()[1..], reading.Credit],
        });
        return true;
    }

    /// <summary>The last reading of a meter, or null.</summary>
    public MeterReading? Find(MeterPan meter) => _readings.GetValueOrDefault(meter);

    /// <summary>All of them in order of numbers.</summary>
    public IReadOnlyList<MeterReading> List() => [.. _readings.Values.OrderBy(reading => reading.Meter.ToString(), StringComparer.Ordinal)];
}
