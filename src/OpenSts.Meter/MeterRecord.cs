using System.Collections.Immutable;
using OpenSts.Metering;

namespace OpenSts.Meter;

/// <summary>Everything a meter remembers. Immutable and saved as a whole, so that a stored record is always
/// consistent.</summary>
public sealed record MeterRecord
{
    /// <summary>The length of the event log.</summary>
    public const int EventsKept = 100;

    /// <summary>The length of the token log and of the credit history.</summary>
    public const int TokensKept = 30;

    /// <summary>The length of the consumption history in days.</summary>
    public const int DaysKept = 62;

    private const int UnitsInWhole = 10;

    /// <summary>The meter's fixed properties.</summary>
    public required MeterSettings Settings { get; init; }

    /// <summary>The state that tokens change.</summary>
    public required MeterState State { get; init; }

    /// <summary>The base date, for display only: a meter compares identifiers as numbers. A roll-over key change moves
    /// it.</summary>
    public BaseDate BaseDate { get; init; } = BaseDate.Base2014;

    /// <summary>The price of one kWh, m3 or minute in 10^-5 of a base unit, 0 to 10^15; with 0 currency credit is not
    /// used up.</summary>
    public long StepsPerUnit { get; init; }

    /// <summary>Consumption is saved when this much was delivered since the last save, in 10^-6 of a kWh, m3 or
    /// minute, at least 1; default 0.1.</summary>
    public long SaveAfterMicro { get; init; } = Consumption.MicroInUnit;

    /// <summary>The sections of a key change set that wait for the others, oldest first.</summary>
    public ImmutableArray<EnteredSection> PendingKeyChange { get; init; } = [];

    /// <summary>Consumption since manufacture, in 10^-6 of a kWh, m3 or minute.</summary>
    public long CumulativeMicro { get; init; }

    /// <summary>How much of the last unit of credit is used up already, 0 to 99999 in 10^-6 of a kWh, m3 or
    /// minute.</summary>
    public int UsedOfUnit { get; init; }

    /// <summary>How much of the last step of currency credit is used up already, 0 to 999999 in 10^-6 of a
    /// step.</summary>
    public int UsedOfStep { get; init; }

    /// <summary>False during a power failure.</summary>
    public bool HasPower { get; init; } = true;

    /// <summary>The number of power failures.</summary>
    public int PowerFailures { get; init; }

    /// <summary>What the load draws, or would draw with the switch closed: W, or litres an hour.</summary>
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

    /// <summary>True while the utility keeps the load switch open remotely.</summary>
    public bool IsDisconnectedRemotely { get; init; }

    /// <summary>How far the meter's clock is ahead of the machine's.</summary>
    public TimeSpan ClockShift { get; init; }

    /// <summary>Credit below this warns, in units of 0.1 or, where the meter counts currency only, in steps.</summary>
    public long LowCreditThreshold { get; init; }

    /// <summary>The credit after each token that changed it, the oldest first.</summary>
    public ImmutableArray<RegisterPoint> CreditHistory { get; init; } = [];

    /// <summary>Consumption since manufacture at the end of each day with supply, in 10^-6 of a kWh, m3 or minute,
    /// oldest first.</summary>
    public ImmutableArray<RegisterPoint> ChargeHistory { get; init; } = [];

    /// <summary>The credit that supply can use, in units of 0.1; in steps of 10^-5 where the meter counts currency
    /// only.</summary>
    /// <remarks>A meter with both registers and a price adds what its currency buys at that price, rounded
    /// down.</remarks>
    public long Credit => !Settings.CountsUnits ? State.CreditSteps
        : StepsPerUnit == 0 || State.CreditSteps <= 0 ? State.CreditUnits
        : (long)Int128.Min(
            long.MaxValue, State.CreditUnits + ((Int128)State.CreditSteps * UnitsInWhole / StepsPerUnit));

    /// <summary>A consumption in the unit of <see cref="Credit"/>, rounded down.</summary>
    /// <param name="micro">10^-6 of a kWh, m3 or minute.</param>
    public Int128 InCreditUnit(long micro) =>
        Settings.CountsUnits ? micro / Consumption.MicroInUnit : (Int128)micro * StepsPerUnit / 1_000_000;

    /// <summary>The list with one more entry; the oldest is removed where there are more than
    /// <paramref name="most"/>.</summary>
    public static ImmutableArray<T> Append<T>(ImmutableArray<T> list, T added, int most) =>
        list.Length < most ? list.Add(added) : [.. list.AsSpan()[1..], added];

    /// <summary>The record with one more event; the oldest is removed where there are more than
    /// <see cref="EventsKept"/>.</summary>
    public MeterRecord With(MeterEvent added) =>
        this with { Events = Append(Events, added, EventsKept) };
}

/// <summary>An entry of the token log. The digits are stored of authentic tokens only.</summary>
/// <param name="At">When it was entered, by the meter's clock.</param>
/// <param name="Carrier">The token carrier.</param>
/// <param name="Result">The result.</param>
/// <param name="Digits">The 20 digits; empty where the token was not authentic.</param>
/// <param name="Class">The class; null where it was not read.</param>
/// <param name="Subclass">The subclass; null where it was not read.</param>
/// <param name="Identifier">The identifier; null where it has none or was not read.</param>
/// <param name="Amount">The amount field as it stands in the token: 16 bits, or 20 of a currency token; null without
/// one.</param>
public sealed record LastToken(
    DateTimeOffset At,
    TokenCarrierType Carrier,
    TokenResult Result,
    string Digits,
    int? Class,
    int? Subclass,
    int? Identifier,
    int? Amount);

/// <summary>The value of a register at a time.</summary>
/// <param name="At">When, by the meter's clock.</param>
/// <param name="Value">The value.</param>
public readonly record struct RegisterPoint(DateTimeOffset At, long Value);

/// <summary>An entry of the event log.</summary>
/// <param name="At">When, by the meter's clock.</param>
/// <param name="Kind">The kind of event.</param>
/// <param name="Detail">More, such as the result of a token; never its digits.</param>
public sealed record MeterEvent(DateTimeOffset At, MeterEventKind Kind, string Detail);

/// <summary>The kinds of events.</summary>
public enum MeterEventKind
{
    /// <summary>The meter was manufactured.</summary>
    Manufactured,

    /// <summary>A token was entered.</summary>
    Token,

    /// <summary>The decoder key changed.</summary>
    KeyChanged,

    /// <summary>Power failed.</summary>
    PowerLost,

    /// <summary>Power was restored.</summary>
    PowerRestored,

    /// <summary>Tamper was detected.</summary>
    Tamper,

    /// <summary>The load switch opened.</summary>
    SwitchOpened,

    /// <summary>The load switch closed.</summary>
    SwitchClosed,
}
