using OpenSts.Batch.Lines;
using OpenSts.Metering;

namespace OpenSts.Batch.Meters;

/// <summary>Reads the options with which a meter is made: what its manufacturer builds in.</summary>
internal sealed class MeterOptions(FieldReader fields, RequestObject top)
{
    public static readonly string[] Names =
    [
        "manufacturedAt", "tokenMemorySize", "keyExpiryCheck", "keyChangeTokensSupported", "keyChangeTimeoutSeconds",
            "lockoutScope", "commodity", "phases",
        "largestCredit", "pricePerUnit", "creditRegisters", "lockoutReset",
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
        if (fields.Error is not null || TokenIdentifier.TryFromTime(time, baseDate, out var tid))
            return fields.Error is null
                ? TokenIdentifier.FromNumber((int)(time - baseDate.Start).TotalMinutes)
                : default;
        fields.Fail(BatchError.Value(
            BatchError.Range,
            "manufacturedAt",
            Rfc3339.Format(time),
            $"in the range {Rfc3339.Format(baseDate.Start)} to {Rfc3339.Format(baseDate.LastMinute)} of base date "
                + $"{baseDate}"));
        return default;
    }

    /// <summary>The price of a unit in steps of currency; zero where it is not given.</summary>
    private long StepsPerUnit()
    {
        const string Expected = "a decimal number from 0 to 10000000000, in base units of the currency";
        if (!top["pricePerUnit"].IsGiven)
            return 0;
        var text = fields.Text(top, "pricePerUnit", Expected);
        if (
            fields.Error is null && ExactDecimal.TryReadRoundedUp(text, CurrencyAmount.Decimals, out var steps)
                && steps >= 0 && steps <= 1_000_000_000_000_000)
            return (long)steps;
        fields.FailValue(BatchError.Range, "pricePerUnit", text, Expected);
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
        if (fields.Error is null && !settings.CountsUnits && steps == 0)
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
        if (fields.Error is null && ea == EncryptionAlgorithm.Ea11 && tokens != 4)
            fields.Fail(BatchError.Value(BatchError.Range, "keyChangeTokensSupported", $"{tokens}", "4 for EA11"));
        // A meter for sets of four still has 64-bit keys with EA07, which come in two or three.
        return ea == EncryptionAlgorithm.Ea11 ? tokens : Math.Min(tokens, 3);
    }

    private int Phases()
    {
        var phases = Whole("phases", 1, 1, 3);
        if (fields.Error is null && phases == 2)
            fields.Fail(BatchError.Value(BatchError.Range, "phases", "2", "1 or 3"));
        return (int)phases;
    }

    private CreditService Commodity()
    {
        const string Expected = "electricity, water, gas or time";
        if (!top["commodity"].IsGiven)
            return CreditService.Electricity;
        var text = fields.Text(top, "commodity", Expected);
        foreach (var service in Enum.GetValues<CreditService>())
        {
            if (text.Equals(service.ToString(), StringComparison.OrdinalIgnoreCase))
                return service;
        }

        fields.FailValue(BatchError.Format, "commodity", text, Expected);
        return CreditService.Electricity;
    }

    private T Choice<T>(string name, T usual, params ReadOnlySpan<(string Text, T Value)> choices)
    {
        if (!top[name].IsGiven)
            return usual;
        var expected = $"{choices[0].Text}{(choices.Length > 2 ? $", {choices[1].Text}" : "")} or {choices[^1].Text}";
        var text = fields.Text(top, name, expected);
        foreach (var (known, value) in choices)
        {
            if (text.SequenceEqual(known))
                return value;
        }

        fields.FailValue(BatchError.Format, name, text, expected);
        return usual;
    }

    private long LargestUnits()
    {
        const string Expected = "a decimal number from 0 to 922337203685477580.7";
        if (!top["largestCredit"].IsGiven)
            return int.MaxValue;
        var text = fields.Text(top, "largestCredit", Expected);
        if (
            fields.Error is null && ExactDecimal.TryReadRoundedUp(text, 1, out var units) && units >= 0
                && units <= long.MaxValue)
            return (long)units;
        fields.FailValue(BatchError.Range, "largestCredit", text, Expected);
        return 0;
    }
}
