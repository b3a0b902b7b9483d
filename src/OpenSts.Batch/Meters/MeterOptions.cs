using OpenSts.Batch.Lines;
using OpenSts.Metering;

namespace OpenSts.Batch.Meters;

/// <summary>The options with which a meter is made: what a maker would build in.</summary>
internal sealed class MeterOptions(FieldReader fields, RequestObject top)
{
    public static readonly string[] Names =
    [
        "manufacturedAt",
        "tokenMemorySize",
        "keyExpiryCheck",
        "keyChangeTokensSupported",
        "keyChangeTimeoutSeconds",
        "lockoutScope",
        "commodity",
        "phases",
        "largestCredit",
        "pricePerUnit",
        "creditRegisters",
        "lockoutReset",
    ];

    private const string UnitsOnly = "units";
    private const string CurrencyOnly = "currency";
    private const int LongestTimeout = 86_400;

    public int TokenMemorySize() => (int)Whole("tokenMemorySize", CancellationMemory.DefaultSize, 1, 200);

    /// <summary>The identifier the memory is filled with: that of the making, or zero where it is not given.</summary>
    public TokenIdentifier Manufactured(BaseDate baseDate)
    {
        if (!top["manufacturedAt"].IsGiven)
            return default;
        var time = fields.Instant(top, "manufacturedAt");
        if (fields.Fault is not null || TokenIdentifier.TryFromTime(time, baseDate, out var tid))
            return fields.Fault is null
                ? TokenIdentifier.FromNumber((int)(time - baseDate.Start).TotalMinutes)
                : default;
        fields.Fail(BatchError.Value(
            BatchError.Range, "manufacturedAt", Rfc3339.Format(time),
            $"a time of base date {baseDate}: {Rfc3339.Format(baseDate.Start)} to "
                + $"{Rfc3339.Format(baseDate.LastMinute)}"));
        return default;
    }

    /// <summary>The price of a unit in steps of currency; zero where it is not given.</summary>
    private long StepsPerUnit()
    {
        const string Permitted = "a decimal of base units, 0 to 10000000000 in steps of 0.00001";
        if (!top["pricePerUnit"].IsGiven)
            return 0;
        var text = fields.Text(top, "pricePerUnit", Permitted);
        if (fields.Fault is null && ExactDecimal.TryReadRoundedUp(text, CurrencyAmount.Decimals, out var steps)
                && steps >= 0 && steps <= 1_000_000_000_000_000)
            return (long)steps;
        fields.FailValue(BatchError.Range, "pricePerUnit", text, Permitted);
        return 0;
    }

    public MeterSettings Settings(MeterPan pan, EncryptionAlgorithm ea) => new()
    {
        MeterPan = pan,
        EncryptionAlgorithm = ea,
        Service = Commodity(),
        Phases = Phases(),
        KeyChangeTokensSupported = KeyChangeTokens(ea),
        KeyChangeTimeout = TimeSpan.FromSeconds(Whole("keyChangeTimeoutSeconds", 600, 0, LongestTimeout)),
        ChecksKeyExpiry = !top["keyExpiryCheck"].IsGiven || fields.Truth(top, "keyExpiryCheck"),
        LockoutScope = Choice(
            "lockoutScope", LockoutScope.AllTokens, ("AllTokens", LockoutScope.AllTokens),
            ("MeterSpecificOnly", LockoutScope.MeterSpecificOnly)),
        LockoutReset = Choice(
            "lockoutReset", LockoutReset.MeterSpecificOnly, ("MeterSpecificOnly", LockoutReset.MeterSpecificOnly),
            ("AllTokens", LockoutReset.AllTokens)),
        LargestUnits = LargestUnits(),
        CountsUnits = CreditRegisters() != CurrencyOnly,
        CountsCurrency = CreditRegisters() != UnitsOnly,
    };

    /// <summary>The price of a unit; a meter that counts currency only has one, else it would never supply.</summary>
    public long StepsPerUnit(MeterSettings settings)
    {
        var steps = StepsPerUnit();
        if (fields.Fault is null && !settings.CountsUnits && steps == 0)
            fields.Fail(
                new BatchError(
                    BatchError.Range, "pricePerUnit: a meter with creditRegisters currency needs a price above 0"));
        return steps;
    }

    private string CreditRegisters() =>
        Choice("creditRegisters", "both", ("both", "both"), (UnitsOnly, UnitsOnly), (CurrencyOnly, CurrencyOnly));

    private long Whole(string name, long usual, long minimum, long maximum) =>
        top[name].IsGiven ? fields.Number(top, name, minimum, maximum) : usual;

    private int KeyChangeTokens(EncryptionAlgorithm ea)
    {
        var usual = ea == EncryptionAlgorithm.Ea11 ? 4 : 3;
        var tokens = (int)Whole("keyChangeTokensSupported", usual, 2, 4);
        if (fields.Fault is null && ea == EncryptionAlgorithm.Ea11 && tokens != 4)
            fields.Fail(BatchError.Value(BatchError.Range, "keyChangeTokensSupported", $"{tokens}", "4 for EA11"));
        // A meter for sets of four still has 64-bit keys with EA07, which come in two or three.
        return ea == EncryptionAlgorithm.Ea11 ? tokens : Math.Min(tokens, 3);
    }

    private int Phases()
    {
        var phases = Whole("phases", 1, 1, 3);
        if (fields.Fault is null && phases == 2)
            fields.Fail(BatchError.Value(BatchError.Range, "phases", "2", "1 or 3"));
        return (int)phases;
    }

    private CreditService Commodity()
    {
        const string Permitted = "electricity, water, gas or time";
        if (!top["commodity"].IsGiven)
            return CreditService.Electricity;
        var text = fields.Text(top, "commodity", Permitted);
        foreach (var service in Enum.GetValues<CreditService>())
        {
            if (text.Equals(service.ToString(), StringComparison.OrdinalIgnoreCase))
                return service;
        }

        fields.FailValue(BatchError.Format, "commodity", text, Permitted);
        return CreditService.Electricity;
    }

    private T Choice<T>(string name, T usual, params ReadOnlySpan<(string Text, T Value)> choices)
    {
        if (!top[name].IsGiven)
            return usual;
        var permitted = $"{choices[0].Text}{(choices.Length > 2 ? $", {choices[1].Text}" : "")} or {choices[^1].Text}";
        var text = fields.Text(top, name, permitted);
        foreach (var (known, value) in choices)
        {
            if (text.SequenceEqual(known))
                return value;
        }

        fields.FailValue(BatchError.Format, name, text, permitted);
        return usual;
    }

    private long LargestUnits()
    {
        const string Permitted = "a decimal, 0 to 922337203685477580.7";
        if (!top["largestCredit"].IsGiven)
            return int.MaxValue;
        var text = fields.Text(top, "largestCredit", Permitted);
        if (fields.Fault is null && ExactDecimal.TryReadRoundedUp(text, 1, out var units) && units >= 0
                && units <= long.MaxValue)
            return (long)units;
        fields.FailValue(BatchError.Range, "largestCredit", text, Permitted);
        return 0;
    }
}
