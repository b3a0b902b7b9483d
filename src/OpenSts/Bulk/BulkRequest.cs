namespace OpenSts.Bulk;

/// <summary>One token of many: for which meter, and what it says.</summary>
/// <param name="MeterPan">The meter.</param>
/// <param name="TariffIndex">The meter's tariff.</param>
/// <param name="Content">Class 0 or 2 and the 48 data bits; <see cref="TokenLayout"/> makes them.</param>
public readonly record struct BulkRequest(MeterPan MeterPan, TariffIndex TariffIndex, TokenContent Content);
