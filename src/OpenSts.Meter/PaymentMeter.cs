using OpenSts.Metering;

namespace OpenSts.Meter;

/// <summary>Where a meter's record is kept.</summary>
public interface IMeterStore
{
    /// <summary>Keeps the record; it is durable when this returns.</summary>
    /// <exception cref="IOException">It could not be made durable.</exception>
    void Save(MeterRecord record);
}

/// <summary>A payment meter that lives: tokens come in, supply goes out, and what it knows is durable before it answers.</summary>
/// <remarks>Safe to use from several threads: every carrier and the load meet here, one after the other.</remarks>
public sealed class PaymentMeter : ITokenEntry
{
    /// <summary>How long the load switch stays open after too much power was drawn, before it tries again.</summary>
    public static readonly TimeSpan ReconnectAfter = TimeSpan.FromSeconds(30);

    private readonly Lock _gate = new();
    private readonly TimeProvider _clock;
    private readonly IMeterStore? _store;
    private readonly long _start;
    private MeterRecord _record;
    private Int128 _loadTicks;

    /// <param name="record">What the meter remembers. After a restart, of which it knows nothing, power was lost.</param>
    /// <param name="clock">Wall time for the log, monotonic time for lock-out and key changes.</param>
    /// <param name="store">Where the record is kept; null for a meter that lives in memory only.</param>
    /// <param name="restarted">True when the record comes from a store: the time of the lock-out starts again.</param>
    public PaymentMeter(MeterRecord record, TimeProvider clock, IMeterStore? store = null, bool restarted = false)
    {
        ArgumentNullException.ThrowIfNull(record);
        ArgumentNullException.ThrowIfNull(clock);
        _clock = clock;
        _store = store;
        _start = clock.GetTimestamp();
        _record = restarted ? record with { State = record.State.AfterPowerLoss(TimeSpan.Zero) } : record;
    }

    /// <summary>What the meter remembers now.</summary>
    public MeterRecord Record
    {
        get
        {
            lock (_gate)
                return _record;
        }
    }

    /// <summary>How long no token is looked at from now on; zero while the meter is open.</summary>
    public TimeSpan LockedFor
    {
        get
        {
            lock (_gate)
                return Remaining(_record.State.Lockout);
        }
    }

    /// <summary>The meter's clock.</summary>
    public DateTimeOffset Now => _clock.GetUtcNow() + _record.ClockShift;

    private TimeSpan Monotonic => _clock.GetElapsedTime(_start);

    /// <inheritdoc/>
    public MeterAnswer Enter(ReadOnlySpan<char> digits, TokenCarrierType carrier)
    {
        lock (_gate)
        {
            if (!_record.HasPower)
                return new MeterAnswer(TokenResult.NotReady, null, [], TimeSpan.Zero);
            var decision = MeterApplication.Enter(_record.Settings, _record.State, digits, Monotonic);
            Keep(Afterwards(decision, digits, carrier));
            var shown = decision.Result == TokenResult.Accept ? Display.Of(_record, decision) : [];
            return new MeterAnswer(decision.Result, decision.Token, shown, Remaining(_record.State.Lockout));
        }
    }

    /// <summary>Draws an amount at once; gives how much of it was delivered, both in 10^-6 of a kWh, m3 or minute.</summary>
    public long Consume(long micro)
    {
        lock (_gate)
        {
            Keep(Consumption.Draw(_record, micro, out var delivered));
            return delivered;
        }
    }

    /// <summary>Lets the load draw for a time; what is used up is not saved each time, but with the next token or <see cref="Save"/>.</summary>
    /// <param name="load">W for electricity, litres an hour for water and gas; a time meter draws a minute a minute.</param>
    /// <param name="time">How long.</param>
    public void Draw(int load, TimeSpan time)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(load);
        lock (_gate)
            _record = Switched(DayEnded(Drawn(_record with { Load = load }, load, time)));
    }

    /// <summary>Takes power away or gives it back.</summary>
    public void SetPower(bool on)
    {
        lock (_gate)
        {
            if (_record.HasPower == on)
                return;
            var record = on
                ? _record with { HasPower = true, State = _record.State.AfterPowerLoss(Monotonic) }
                : _record with { HasPower = false, PowerFailures = _record.PowerFailures + 1 };
            Keep(record.With(new MeterEvent(Now, on ? MeterEventKind.PowerRestored : MeterEventKind.PowerLost, "")));
        }
    }

    /// <summary>Signals tamper; nothing happens where the flags say that it is not detected or the meter is dark. True when it was noticed.</summary>
    public bool SignalTamper(TamperFlags kind)
    {
        lock (_gate)
        {
            if (kind == TamperFlags.None || !_record.HasPower || (_record.Settings.HasExtensions && !_record.State.Flags[ExtendedFlag.DetectTamper]))
                return false;
            var record = _record with { State = _record.State with { Tamper = _record.State.Tamper | kind } };
            Keep(record.With(new MeterEvent(Now, MeterEventKind.Tamper, kind.ToString())));
            return true;
        }
    }

    /// <summary>Opens the load switch from afar, or takes that back; false where it would stay open for want of credit.</summary>
    public bool SetRemotely(bool connected)
    {
        lock (_gate)
        {
            if (connected && Supply.IsPrepaid(_record) && !Supply.HasCredit(_record))
                return false;
            Keep(_record with { IsDisconnectedRemotely = !connected });
            return true;
        }
    }

    /// <summary>Sets the meter's clock. Nothing that is measured in time changes by it.</summary>
    public void SetClock(DateTimeOffset time)
    {
        lock (_gate)
            Keep(_record with { ClockShift = time - _clock.GetUtcNow() });
    }

    /// <summary>Sets the credit below which the meter warns.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The threshold is negative.</exception>
    public void SetLowCreditThreshold(long threshold)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(threshold);
        lock (_gate)
            Keep(_record with { LowCreditThreshold = threshold });
    }

    /// <summary>Makes what was used up since the last token durable.</summary>
    public void Save()
    {
        lock (_gate)
            _store?.Save(_record);
    }

    private MeterRecord DayEnded(MeterRecord record)
    {
        var history = record.ChargeHistory;
        var at = Now;
        var value = new RegisterPoint(at, record.CumulativeMicro);
        if (history.IsEmpty || history[^1].At.Date != at.Date)
            return record with { ChargeHistory = MeterRecord.Append(history, value, MeterRecord.DaysKept) };
        // The day is not over: its value moves with the register.
        return history[^1].Value == value.Value ? record : record with { ChargeHistory = history.SetItem(history.Length - 1, value) };
    }

    private MeterRecord Drawn(MeterRecord record, int load, TimeSpan time)
    {
        if (record.OverPowerFor > time)
            return record with { OverPowerFor = record.OverPowerFor - time };
        record = record with { OverPowerFor = TimeSpan.Zero };
        // A limit of 0 W is one that was never meant: it would keep the switch open for ever. A reading.
        if (record.Settings.Service == CreditService.Electricity && record.State.MaximumPowerLimit is > 0 and var limit && load > limit
            && record.State.Flags[ExtendedFlag.DisconnectOnPowerLimit])
            return record with { OverPowerFor = ReconnectAfter };
        // What is less than a millionth is drawn later, so that short steps cost what a long one does.
        var isTime = record.Settings.Service == CreditService.Time;
        var (perHour, whole) = isTime ? (60_000_000, 1) : (1_000, load);
        _loadTicks += (Int128)whole * time.Ticks;
        var micro = (long)(_loadTicks * perHour / TimeSpan.TicksPerHour);
        _loadTicks -= (Int128)micro * TimeSpan.TicksPerHour / perHour;
        return Consumption.Draw(record, micro, out _);
    }

    private TimeSpan Remaining(TokenLockout lockout) => lockout.IsRunning(Monotonic) ? lockout.Until - Monotonic : TimeSpan.Zero;

    // Durable first, then known: whoever sees the new record may answer for it.
    private void Keep(MeterRecord after)
    {
        var record = Switched(after);
        _store?.Save(record);
        _record = record;
    }

    private MeterRecord Switched(MeterRecord after)
    {
        var (before, now) = (Supply.Block(_record), Supply.Block(after));
        if (before == SupplyBlock.None == (now == SupplyBlock.None))
            return after;
        var kind = now == SupplyBlock.None ? MeterEventKind.SwitchClosed : MeterEventKind.SwitchOpened;
        return after.With(new MeterEvent(Now, kind, now == SupplyBlock.None ? "" : now.ToString()));
    }

    private MeterRecord Afterwards(MeterDecision decision, ReadOnlySpan<char> digits, TokenCarrierType carrier)
    {
        var at = Now;
        var last = Remembered(decision, digits, carrier, at);
        var accepted = decision.Result == TokenResult.Accept;
        var record = _record with
        {
            State = decision.State,
            TokenLog = MeterRecord.Append(_record.TokenLog, last, MeterRecord.TokensKept),
            LastCredit = accepted && last.Class == (int)TokenClass.Credit ? last : _record.LastCredit,
            // A register at zero has nothing of its last unit left.
            UsedOfUnit = decision.State.CreditUnits == 0 ? 0 : _record.UsedOfUnit,
            UsedOfStep = decision.State.CreditSteps <= 0 ? 0 : _record.UsedOfStep,
        };
        if (record.Credit != _record.Credit)
            record = record with { CreditHistory = MeterRecord.Append(record.CreditHistory, new RegisterPoint(at, record.Credit), MeterRecord.TokensKept) };
        record = record.With(new MeterEvent(at, MeterEventKind.Token, $"{decision.Result.StandardName()} by {carrier}"));
        if (ReferenceEquals(decision.State.Key, _record.State.Key))
            return record;
        // Only a roll-over makes a key change touch the memory of identifiers.
        var rolled = !ReferenceEquals(decision.State.Memory, _record.State.Memory);
        if (rolled && BaseDate.TryFromYear(record.BaseDate.Year + 21, out var next))
            record = record with { BaseDate = next };
        return record.With(new MeterEvent(at, MeterEventKind.KeyChanged, $"KRN {record.State.KeyRevisionNumber}, {(rolled ? "roll-over" : "no roll-over")}"));
    }

    private static LastToken Remembered(MeterDecision decision, ReadOnlySpan<char> digits, TokenCarrierType carrier, DateTimeOffset at)
    {
        if (decision.Token is not { } token)
            return new LastToken(at, carrier, decision.Result, "", null, null, null, null);
        int? amount = token switch
        {
            TransferCredit t => t.Amount.Field,
            TransferCurrency t => t.Amount.Field,
            ManagementToken t => t.Value,
            _ => null,
        };
        _ = Token66.TryParse(digits, out var number);
        return new LastToken(at, carrier, decision.Result, number.ToString(), (int)token.Class, token.Subclass, token.Identifier?.Value, amount);
    }
}
