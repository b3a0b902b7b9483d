using System.Collections.Immutable;
using OpenSts.Metering;

namespace OpenSts.Meter;

/// <summary>Everything a meter remembers. A value: it is saved as a whole, so it is never half one thing and half another.</summary>
public sealed record MeterRecord
{
    /// <summary>How many events are kept.</summary>
    public const int EventsKept = 100;

    /// <summary>How many tokens and credits are kept.</summary>
    public const int TokensKept = 30;

    /// <summary>How many days are kept.</summary>
    public const int DaysKept = 62;

    private const int UnitsInWhole = 10;

    /// <summary>What the meter is.</summary>
    public required MeterSettings Settings { get; init; }

    /// <summary>What tokens change.</summary>
    public required MeterState State { get; init; }

    /// <summary>Only for showing times: a meter's identifiers are plain numbers. It moves with a key change that rolls over.</summary>
    public BaseDate BaseDate { get; init; } = BaseDate.Base2014;

    /// <summary>The price of one kWh, m3 or minute in 10^-5 of a base unit, 0 to 10^15; with 0 currency credit is not used up.</summary>
    public long StepsPerUnit { get; init; }

    /// <summary>Consumption is saved when this much was delivered since the last save, in 10^-6 of a kWh, m3 or minute, at least 1; default 0.1.</summary>
    public long SaveAfterMicro { get; init; } = Consumption.MicroInUnit;

    /// <summary>The sections of a key change set that wait for the others, oldest first.</summary>
    public ImmutableArray<EnteredSection> PendingKeyChange { get; init; } = [];

    /// <summary>What went through since manufacture, in 10^-6 of a kWh, m3 or minute.</summary>
    public long CumulativeMicro { get; init; }

    /// <summary>How much of the last unit of credit is used up already, 0 to 99999 in 10^-6 of a kWh, m3 or minute.</summary>
    public int UsedOfUnit { get; init; }

    /// <summary>How much of the last step of currency credit is used up already, 0 to 999999 in 10^-6 of a step.</summary>
    public int UsedOfStep { get; init; }

    /// <summary>False while the meter is dark.</summary>
    public bool HasPower { get; init; } = true;

    /// <summary>How often power failed.</summary>
    public int PowerFailures { get; init; }

    /// <summary>What the load draws or would draw: W, or litres an hour.</summary>
    public int Load { get; init; }

    /// <summary>How much longer the load switch stays open because too much power was drawn.</summary>
    public TimeSpan OverPowerFor { get; init; }

    /// <summary>The last tokens of all carriers, the oldest first.</summary>
    public ImmutableArray<LastToken> TokenLog { get; init; } = [];

    /// <summary>The last token of any carrier; null before the first.</summary>
    public LastToken? LastToken => TokenLog.IsEmpty ? null : TokenLog[^1];

    /// <summary>The last credit that was accepted; null before the first.</summary>
    public LastToken? LastCredit { get; init; }

    /// <summary>The last events, the oldest first.</summary>
    public ImmutableArray<MeterEvent> Events { get; init; } = [];

    /// <summary>True while the utility keeps the load switch open from afar.</summary>
    public bool IsDisconnectedRemotely { get; init; }

    /// <summary>How far the meter's clock is ahead of that of the machine.</summary>
    public TimeSpan ClockShift { get; init; }

    /// <summary>Credit below this warns, in units of 0.1 or, where the meter counts currency only, in steps.</summary>
    public long LowCreditThreshold { get; init; }

    /// <summary>The credit after each token that changed it, the oldest first.</summary>
    public ImmutableArray<RegisterPoint> CreditHistory { get; init; } = [];

    /// <summary>What went through, in 10^-6 of a kWh, m3 or minute, at the end of each day with supply, the oldest first.</summary>
    public ImmutableArray<RegisterPoint> ChargeHistory { get; init; } = [];

    /// <summary>The credit that supply can use, in units of 0.1; in steps of 10^-5 where the meter counts currency only.</summary>
    /// <remarks>A meter with both registers and a price adds what its currency buys at that price, rounded down.</remarks>
    public long Credit => !Settings.CountsUnits ? State.CreditSteps
        : StepsPerUnit == 0 || State.CreditSteps <= 0 ? State.CreditUnits
        : (long)Int128.Min(long.MaxValue, State.CreditUnits + ((Int128)State.CreditSteps * UnitsInWhole / StepsPerUnit));

    /// <summary>A consumption in the unit of <see cref="Credit"/>, rounded down.</summary>
    /// <param name="micro">10^-6 of a kWh, m3 or minute.</param>
    public Int128 InCreditUnit(long micro) => Settings.CountsUnits ? micro / Consumption.MicroInUnit : (Int128)micro * StepsPerUnit / 1_000_000;

    /// <summary>The list with one more entry; the oldest goes when there are too many.</summary>
    public static ImmutableArray<T> Append<T>(ImmutableArray<T> list, T added, int most) =>
        list.Length < most ? list.Add(added) : [.. list.AsSpan()[1..], added];

    /// <summary>The record with one more event; the oldest goes when there are too many.</summary>
    public MeterRecord With(MeterEvent added) =>
        this with { Events = Append(Events, added, EventsKept) };
}

/// <summary>What a meter remembers about a token. Its digits are kept only of an authentic one.</summary>
/// <param name="At">When it was entered.</param>
/// <param name="Carrier">By which way.</param>
/// <param name="Result">The answer.</param>
/// <param name="Digits">The 20 digits; empty where they were no token of this meter.</param>
/// <param name="Class">The class; null where it was not read.</param>
/// <param name="Subclass">The subclass; null where it was not read.</param>
/// <param name="Identifier">The identifier; null where it has none or was not read.</param>
/// <param name="Amount">The amount field as it stands in the token: 16 bits, or 20 of a currency token; null without one.</param>
public sealed record LastToken(
    DateTimeOffset At, TokenCarrierType Carrier, TokenResult Result, string Digits, int? Class, int? Subclass, int? Identifier, int? Amount);

/// <summary>A register at a time.</summary>
/// <param name="At">When, by the meter's clock.</param>
/// <param name="Value">How it stood.</param>
public readonly record struct RegisterPoint(DateTimeOffset At, long Value);

/// <summary>Something that happened to a meter.</summary>
/// <param name="At">When, by the meter's clock.</param>
/// <param name="Kind">What.</param>
/// <param name="Detail">More, such as the answer to a token; never digits.</param>
public sealed record MeterEvent(DateTimeOffset At, MeterEventKind Kind, string Detail);

/// <summary>What can happen to a meter.</summary>
public enum MeterEventKind
{
    /// <summary>The meter was made.</summary>
    Manufactured,

    /// <summary>A token was entered.</summary>
    Token,

    /// <summary>The decoder key changed.</summary>
    KeyChanged,

    /// <summary>Power failed.</summary>
    PowerLost,

    /// <summary>Power came back.</summary>
    PowerRestored,

    /// <summary>Tamper was noticed.</summary>
    Tamper,

    /// <summary>The load switch opened.</summary>
    SwitchOpened,

    /// <summary>The load switch closed.</summary>
    SwitchClosed,
}
