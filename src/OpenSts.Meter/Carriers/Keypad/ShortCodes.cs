namespace OpenSts.Meter.Carriers.Keypad;

/// <summary>The short codes <c>#nnn#</c> of our keypad. Codes are the manufacturer's choice; of these, 005 and 078
/// are those of a known manufacturer.</summary>
public static class ShortCodes
{
    private static readonly SortedDictionary<string, (string Name, Func<MeterRecord, string> Value)> All =
        new(StringComparer.Ordinal)
        {
            ["000"] = ("Credit", Credit),
            ["001"] = (
                "CumulativeConsumption",
                r => ExactDecimal.Format(r.CumulativeMicro / Consumption.MicroInUnit, 1)),
            ["002"] = ("CurrencyCredit", r => ExactDecimal.Format(r.State.CreditSteps, CurrencyAmount.Decimals)),
            ["003"] = ("DecoderReferenceNumber", r => Display.Of(r, MeterTests.DecoderReferenceNumber).Value),
            ["004"] = ("TariffIndex", r => $"{r.State.TariffIndex}"),
            ["005"] = ("KeyRevisionNumber", r => $"{r.State.KeyRevisionNumber}"),
            ["006"] = ("SupplyGroupCode", r => $"{r.State.SupplyGroupCode}"),
            ["007"] = ("MaximumPowerLimit", r => $"{r.State.MaximumPowerLimit ?? 0}"),
            ["008"] = ("KeyExpiryNumber", r => $"{r.State.KeyExpiryNumber}"),
            ["047"] = ("Load", r => $"{r.Load}"),
            ["054"] = (
                "LastToken",
                r => r.LastToken is { Digits.Length: > 0 } t ? Token66.Parse(t.Digits).ToGroupedString() : "none"),
            ["059"] = ("LastCredit", r => r.LastCredit is { Amount: { } a, Subclass: { } s } ? Amount(a, s) : "none"),
            ["069"] = ("PowerFailures", r => $"{r.PowerFailures}"),
            ["078"] = ("TokenStatus", r => $"{(int)(r.LastToken?.Result ?? 0)}"),
        };

    /// <summary>The codes and what they show.</summary>
    public static IEnumerable<(string Code, string Name)> List => All.Select(c => (c.Key, c.Value.Name));

    /// <summary>What a code shows; null where there is no such code.</summary>
    /// <param name="code">Three digits.</param>
    /// <param name="record">The meter.</param>
    public static DisplayItem? Show(string code, MeterRecord record) =>
        All.TryGetValue(code, out var found) ? new DisplayItem(found.Name, found.Value(record)) : null;

    private static string Credit(MeterRecord record) => record.Settings.CountsUnits
        ? ExactDecimal.Format(record.State.CreditUnits, 1)
        : ExactDecimal.Format(record.State.CreditSteps, CurrencyAmount.Decimals);

    private static string Amount(int field, int subclass) => subclass < 4
        ? TransferAmount.FromField((ushort)field).ToTenthsString()
        : CurrencyAmount.FromField(field).ToString();
}
