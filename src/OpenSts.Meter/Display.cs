using OpenSts.Metering;

namespace OpenSts.Meter;

/// <summary>What a meter shows: the items of the class 1 tests, its credit, and the texts of results.</summary>
/// <remarks>IEC 62055-41 names the tests; how a value is written is the manufacturer's choice, here ours.</remarks>
public static class Display
{
    /// <summary>The software version the meter shows: four characters, as field (7) of IEC 62055-52.</summary>
    public const string SoftwareVersion = "OS10";

    /// <summary>The name of the second item of test 4.</summary>
    public const string KeyTypeItem = "KeyType";

    private static readonly MeterTests[] Order = [
        .. Enum.GetValues<MeterTests>().Where(t => t != 0 && (t & (t - 1)) == 0)];

    /// <summary>The items an accepted token shows; none for a token that shows nothing.</summary>
    public static IReadOnlyList<DisplayItem> Of(MeterRecord record, MeterDecision decision)
    {
        ArgumentNullException.ThrowIfNull(record);
        return decision.Token switch
        {
            InitiateMeterTest => [.. Order.Where(t => (decision.Tests & t) != 0).SelectMany(t => ItemsOf(record, t))],
            ReadExtension { ControlIndex: { } index } =>
                [new DisplayItem(ExtendedNames.OfControl(index), $"{record.State.ComplianceControl}")],
            ReadExtension { FlagIndex: { } index } =>
                [new DisplayItem(ExtendedNames.OfFlag(index), record.State.Flags[(ExtendedFlag)index] ? "1" : "0")],
            _ => [],
        };
    }

    /// <summary>The items of one test: one, but two for test 4, which shows the key revision number and the key type
    /// (0 to 3).</summary>
    public static IReadOnlyList<DisplayItem> ItemsOf(MeterRecord record, MeterTests test)
    {
        ArgumentNullException.ThrowIfNull(record);
        return test == MeterTests.KeyRevisionNumber
            ? [Of(record, test), new DisplayItem(KeyTypeItem, $"{(int)record.State.KeyType}")]
            : [Of(record, test)];
    }

    /// <summary>The first item of one test.</summary>
    public static DisplayItem Of(MeterRecord record, MeterTests test)
    {
        ArgumentNullException.ThrowIfNull(record);
        var (settings, state) = (record.Settings, record.State);
        var value = test switch
        {
            MeterTests.LoadSwitch => Supply.Block(record) == SupplyBlock.None ? "closed" : "open",
            MeterTests.Display => "8888 8888 8888 8888 8888",
            MeterTests.RegisterTotals => ExactDecimal.Format(record.CumulativeMicro / Consumption.MicroInUnit, 1),
            MeterTests.KeyRevisionNumber => $"{state.KeyRevisionNumber}",
            MeterTests.TariffIndex => $"{state.TariffIndex}",
            MeterTests.TokenReader => "good",
            MeterTests.MaximumPowerLimit => $"{state.MaximumPowerLimit ?? 0}",
            MeterTests.TamperStatus => $"{(int)state.Tamper}",
            MeterTests.PowerConsumption => $"{(Supply.Block(record) == SupplyBlock.None ? record.Load : 0)}",
            MeterTests.SoftwareVersion => SoftwareVersion,
            MeterTests.PhasePowerUnbalanceLimit => $"{state.MaximumPhasePowerUnbalanceLimit ?? 0}",
            MeterTests.WaterMeterFactor => $"{state.WaterMeterFactor ?? 0}",
            MeterTests.TariffRate => $"{state.TariffRate ?? 0}",
            MeterTests.EncryptionAlgorithm => $"{(int)settings.EncryptionAlgorithm:D2}",
            MeterTests.KeyChangeTokensSupported => $"{settings.KeyChangeTokensSupported}",
            MeterTests.SupplyGroupCode => $"{state.SupplyGroupCode}",
            MeterTests.KeyExpiryNumber => $"{state.KeyExpiryNumber}",
            MeterTests.DecoderReferenceNumber =>
                settings.MeterPan == default ? "" : settings.MeterPan.DecoderReferenceNumber.ToString(),
            _ => "",
        };
        return new DisplayItem($"{test}", value, Unit(settings, test));
    }

    /// <summary>
    /// The credit as the meter shows it: <c>12.5 kWh</c>; money without a unit, such as <c>40.00000</c>, where the
    /// meter counts currency only or has
    /// money and no units.
    /// </summary>
    public static string Credit(MeterRecord record)
    {
        ArgumentNullException.ThrowIfNull(record);
        var isMoney = !record.Settings.CountsUnits || (record.State.CreditSteps != 0 && record.State.CreditUnits == 0);
        return isMoney
            ? ExactDecimal.Format(record.State.CreditSteps, CurrencyAmount.Decimals)
            : $"{ExactDecimal.Format(record.State.CreditUnits, 1)} {Unit(record.Settings.Service)}";
    }

    /// <summary>The unit of a service: kWh, m3 or min.</summary>
    public static string Unit(CreditService service) => service switch
    {
        CreditService.Electricity => "kWh",
        CreditService.Time => "min",
        _ => "m3",
    };

    /// <summary>The text of a result on the display, at most 12 characters.</summary>
    public static string Text(TokenResult result) => result switch
    {
        TokenResult.Accept => "Accept",
        TokenResult.FirstKeyChangeToken => "1st KCT",
        TokenResult.SecondKeyChangeToken => "2nd KCT",
        TokenResult.ThirdKeyChangeToken => "3rd KCT",
        TokenResult.FourthKeyChangeToken => "4th KCT",
        TokenResult.OverflowError => "Overflow",
        TokenResult.KeyTypeError => "KeyType",
        TokenResult.FormatError => "Format",
        TokenResult.RangeError => "Range",
        TokenResult.FunctionError => "Function",
        TokenResult.OldError => "Old",
        TokenResult.UsedError => "Used",
        TokenResult.KeyExpiredError => "Expired",
        TokenResult.DdtkError => "Default",
        TokenResult.CrcError => "Reject",
        TokenResult.ManufacturerCodeError => "MfrCode",
        TokenResult.Lockout => "Loc Out",
        _ => "Busy",
    };

    private static string Unit(MeterSettings settings, MeterTests test) => test switch
    {
        MeterTests.RegisterTotals => Unit(settings.Service),
        MeterTests.MaximumPowerLimit or MeterTests.PowerConsumption or MeterTests.PhasePowerUnbalanceLimit => "W",
        _ => "",
    };
}
