using System.Text;
using OpenSts.Metering;

namespace OpenSts.Meter.Carriers.LocalPort;

/// <summary>The registers of the local port: what a number reads as, in hexadecimal digits, most significant
/// first.</summary>
/// <remarks>
/// STS 201-1 as far as public clients know it (2000 to 2016, FFFE), and a private block of our own that register F000
/// announces with "OPEN".
/// Widths and bit maps are readings; the table is in docs/build-a-meter/local-port.md.
/// </remarks>
public static class LocalPortRegisters
{
    /// <summary>The result of the last token; 10h while one is being worked on.</summary>
    public const int TokenStatus = 0xFFFE;

    /// <summary>Where a token is written.</summary>
    public const int Token = 0xFFFF;

    /// <summary>Every register that can be read, with its name.</summary>
    public static IReadOnlyList<(int Register, string Name)> All { get; } =
    [
        (0x2000, "protocol version"),
        (0x2002, "meter status"),
        (0x2003, "software version"),
        (0x2006, "decoder reference number"),
        (0x2009, "tariff index"),
        (0x200C, "maximum power limit"),
        (0x2010, "available credit"),
        (0x2011, "cumulative consumption"),
        (0x2014, "tamper status"),
        (0x2016, "supply group code"),
        (0xF000, "private block"),
        (0xF001, "key revision number"),
        (0xF002, "key type"),
        (0xF003, "key expiry number"),
        (0xF004, "encryption algorithm"),
        (0xF005, "key change tokens supported"),
        (0xF006, "maximum phase power unbalance limit"),
        (0xF007, "tariff rate"),
        (0xF008, "water meter factor"),
        (0xF010, "lock-out seconds left"),
        (0xF011, "successive failures"),
        (0xF020, "credit electricity"),
        (0xF021, "credit water"),
        (0xF022, "credit gas"),
        (0xF023, "credit time"),
        (0xF024, "credit electricity currency"),
        (0xF025, "credit water currency"),
        (0xF026, "credit gas currency"),
        (0xF027, "credit time currency"),
        (0xF030, "last token: class, subclass, identifier, amount"),
        (0xF040, "flags"),
        (0xF041, "control element 0"),
        (TokenStatus, "token status"),
    ];

    /// <summary>What a register reads as; null where there is none of that number, or none in this meter.</summary>
    public static string? Read(int register, MeterRecord record, TimeSpan lockedFor)
    {
        ArgumentNullException.ThrowIfNull(record);
        var (settings, state) = (record.Settings, record.State);
        return register switch
        {
            0x2000 => "01",
            0x2002 => Status(record, lockedFor).ToString("X2"),
            0x2003 => Convert.ToHexString(Encoding.ASCII.GetBytes(Display.SoftwareVersion)),
            0x2006 =>
                settings.MeterPan == default ? null : settings.MeterPan.DecoderReferenceNumber.Value.ToString("X12"),
            0x2009 => state.TariffIndex.Value.ToString("X2"),
            0x200C when settings.Service == CreditService.Electricity => (state.MaximumPowerLimit ?? 0).ToString("X8"),
            0x2010 => state.CreditUnits.ToString("X8"),
            0x2011 => (record.CumulativeMicro / Consumption.MicroInUnit).ToString("X8"),
            0x2014 => ((int)state.Tamper).ToString("X2"),
            0x2016 => state.SupplyGroupCode.Value.ToString("X6"),
            TokenStatus => ((int)(record.LastToken?.Result ?? 0)).ToString("X2"),
            >= 0xF000 => Private(register, record, lockedFor),
            _ => null,
        };
    }

    private static string? Private(int register, MeterRecord record, TimeSpan lockedFor)
    {
        var (settings, state) = (record.Settings, record.State);
        return register switch
        {
            0xF000 => Convert.ToHexString("OPEN"u8),
            0xF001 => state.KeyRevisionNumber.Value.ToString("X2"),
            0xF002 => ((int)state.KeyType).ToString("X2"),
            0xF003 => state.KeyExpiryNumber.Value.ToString("X2"),
            0xF004 => ((int)settings.EncryptionAlgorithm).ToString("X2"),
            0xF005 => settings.KeyChangeTokensSupported.ToString("X2"),
            0xF006 when settings.HasPhases => (state.MaximumPhasePowerUnbalanceLimit ?? 0).ToString("X8"),
            0xF007 when settings.HasTariffRate => (state.TariffRate ?? 0).ToString("X4"),
            0xF008 when settings.Service == CreditService.Water => (state.WaterMeterFactor ?? 0).ToString("X4"),
            0xF010 => ((int)Math.Ceiling(lockedFor.TotalSeconds)).ToString("X4"),
            0xF011 => state.Lockout.Failures.ToString("X4"),
            >= 0xF020 and <= 0xF027 when settings.Has((CreditRegister)(register - 0xF020)) =>
                register < 0xF024 ? state.CreditUnits.ToString("X8") : state.CreditSteps.ToString("X16"),
            0xF030 when record.LastToken is { Class: { } c, Subclass: { } s } last =>
                $"{c:X2}{s:X2}{last.Identifier ?? 0:X6}{last.Amount ?? 0:X8}",
            0xF040 when settings.HasExtensions => ImplementedFlags(settings, state).ToString("X4"),
            0xF041 when settings.HasExtensions => state.ComplianceControl.ToString("X4"),
            _ => null,
        };
    }

    private static int ImplementedFlags(MeterSettings settings, MeterState state)
    {
        var mask = 0;
        for (var i = 0; i < FlagArray.Length; i++)
            mask |= settings.HasFlag(i) ? 1 << i : 0;
        return state.Flags.Bits & mask;
    }

    private static int Status(MeterRecord record, TimeSpan lockedFor) =>
        (Supply.Block(record) == SupplyBlock.None ? 1 : 0)
        | (Supply.HasCredit(record) ? 2 : 0)
        | (record.State.Tamper != TamperFlags.None ? 4 : 0)
        | (record.OverPowerFor > TimeSpan.Zero ? 8 : 0)
        | (lockedFor > TimeSpan.Zero ? 16 : 0)
        | (record.State.KeyChange.IsEmpty ? 0 : 32)
        // Commissioned: the meter has no commissioning mode.
        | 64;
}
