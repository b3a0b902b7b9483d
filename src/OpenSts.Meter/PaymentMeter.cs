using OpenSts.Metering;

namespace OpenSts.Meter;

/// <summary>A running payment meter: it accepts tokens and supplies; a token's effect is durable before the token is
/// answered.</summary>
/// <remarks>Safe to use from several threads: all carriers and the load are handled one after the other.</remarks>
public sealed class PaymentMeter
{
    /// <summary>How long the load switch stays open after more power was drawn than the limit, before it closes
    /// again.</summary>
    public static readonly TimeSpan ReconnectAfter = TimeSpan.FromSeconds(30);

    private readonly Lock _lock = new();
    private readonly TimeProvider _clock;
    private readonly IMeterStore? _store;
    private readonly long _start;
    private MeterRecord _record;
    private Int128 _loadTicks;
    private long _savedMicro;

    /// <summary>Starts a meter.</summary>
    /// <param name="record">What the meter remembers.</param>
    /// <param name="clock">Wall time for logs; monotonic time for the lock-out and key changes.</param>
    /// <param name="store">Where the record is kept; null for a meter in memory only.</param>
    /// <param name="restarted">
    /// True when the record comes from a store. The wait of a running lock-out starts again, and a key change set that
    /// was begun within its time-out
    /// may be completed.
    /// </param>
    public PaymentMeter(MeterRecord record, TimeProvider clock, IMeterStore? store = null, bool restarted = false)
    {
        ArgumentNullException.ThrowIfNull(record);
        ArgumentNullException.ThrowIfNull(clock);
        _clock = clock;
        _store = store;
        _start = clock.GetTimestamp();
        _record = restarted ? PendingKeyChange.Resume(record, clock.GetUtcNow()) : record;
        _savedMicro = record.CumulativeMicro;
    }

    /// <summary>What the meter remembers now.</summary>
    public MeterRecord Record
    {
        get
        {
            lock (_lock)
                return _record;
        }
    }

    /// <summary>How long the lock-out still runs; zero where it does not.</summary>
    public TimeSpan LockedFor
    {
        get
        {
            lock (_lock)
                return Remaining(_record.State.Lockout);
        }
    }

    /// <summary>The meter's clock.</summary>
    public DateTimeOffset Now => _clock.GetUtcNow() + _record.ClockShift;

    private TimeSpan Monotonic => _clock.GetElapsedTime(_start);

    /// <summary>Enters a token.</summary>
    /// <param name="digits">20 digits; spaces and dashes may stand between them.</param>
    /// <param name="carrier">How the token came.</param>
    /// <returns>The answer; NotReady while the meter has no power.</returns>
    /// <exception cref="IOException">The state could not be made durable; the token was not accepted.</exception>
    public MeterAnswer Enter(ReadOnlySpan<char> digits, TokenCarrierType carrier)
    {
        lock (_lock)
        {
            if (!_record.HasPower)
                return new MeterAnswer(TokenResult.NotReady, null, [], TimeSpan.Zero);
            var decision = MeterApplication.Enter(_record.Settings, _record.State, digits, Monotonic, carrier);
            Keep(TokenRecorder.After(_record, decision, digits, carrier, _clock.GetUtcNow()));
            var shown = decision.Result == TokenResult.Accept ? Display.Of(_record, decision) : [];
            return new MeterAnswer(decision.Result, decision.Token, shown, Remaining(_record.State.Lockout));
        }
    }

    /// <summary>Draws an amount at once.</summary>
    /// <param name="micro">10^-6 of a kWh, m3 or minute, not negative.</param>
    /// <returns>How much of it was delivered, in the same unit.</returns>
    public long Consume(long micro)
    {
        lock (_lock)
        {
            Keep(Consumption.Draw(_record, micro, out var delivered));
            return delivered;
        }
    }

    /// <summary>Lets the load draw for a time.</summary>
    /// <remarks>
    /// Consumption is saved when <see cref="MeterRecord.SaveAfterMicro"/> has been delivered since the last save, with
    /// every token, and by
    /// <see cref="Save"/>: a power cut refunds less than that amount.
    /// </remarks>
    /// <param name="load">W for electricity, litres an hour for water and gas; a time meter uses a minute a
    /// minute.</param>
    /// <param name="time">How long.</param>
    public void Draw(int load, TimeSpan time)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(load);
        lock (_lock)
        {
            var record = DayEnded(Drawn(_record with { Load = load }, load, time));
            if (record.CumulativeMicro - _savedMicro >= record.SaveAfterMicro)
                Keep(record);
            else
                _record = Switched(record);
        }
    }

    /// <summary>Takes power away or gives it back.</summary>
    public void SetPower(bool on)
    {
        lock (_lock)
        {
            if (_record.HasPower == on)
                return;
            var record = on
                ? _record with
                {
                    HasPower = true,
                    State = _record.State.AfterPowerLoss(Monotonic),
                    PendingKeyChange = []
                }
                : _record with { HasPower = false, PowerFailures = _record.PowerFailures + 1 };
            Keep(record.With(new MeterEvent(Now, on ? MeterEventKind.PowerRestored : MeterEventKind.PowerLost, "")));
        }
    }

    /// <summary>Signals tamper.</summary>
    /// <returns>True where it was detected: the meter has power, and its flags do not turn detection off.</returns>
    public bool SignalTamper(TamperFlags kind)
    {
        lock (_lock)
        {
            var isDetected = !_record.Settings.HasFlag((int)ExtendedFlag.DetectTamper)
                || _record.State.Flags[ExtendedFlag.DetectTamper];
            if (kind == TamperFlags.None || !_record.HasPower || !isDetected)
                return false;
            var record = _record with { State = _record.State with { Tamper = _record.State.Tamper | kind } };
            Keep(record.With(new MeterEvent(Now, MeterEventKind.Tamper, kind.ToString())));
            return true;
        }
    }

    /// <summary>Opens the load switch remotely, or allows it to close again.</summary>
    /// <returns>False where it was to be closed but would stay open for want of credit: nothing changes.</returns>
    public bool SetRemotely(bool connected)
    {
        lock (_lock)
        {
            if (connected && Supply.IsPrepaid(_record) && !Supply.HasCredit(_record))
                return false;
            Keep(_record with { IsDisconnectedRemotely = !connected });
            return true;
        }
    }

    /// <summary>Sets the meter's clock. Times that are measured, such as the lock-out, do not change.</summary>
    public void SetClock(DateTimeOffset time)
    {
        lock (_lock)
            Keep(_record with { ClockShift = time - _clock.GetUtcNow() });
    }

    /// <summary>Sets the credit below which the meter warns, in the unit of
    /// <see cref="MeterRecord.Credit"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The threshold is negative.</exception>
    public void SetLowCreditThreshold(long threshold)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(threshold);
        lock (_lock)
            Keep(_record with { LowCreditThreshold = threshold });
    }

    /// <summary>Gives the meter a DLMS/COSEM Account: from now on its payment mode flag is not implemented and it is
    /// prepaid.</summary>
    public void AddAccount()
    {
        lock (_lock)
        {
            if (!_record.Settings.HasAccount)
                Keep(_record with { Settings = _record.Settings with { HasAccount = true } });
        }
    }

    /// <summary>Makes everything since the last save durable.</summary>
    /// <exception cref="IOException">It could not be made durable.</exception>
    public void Save()
    {
        lock (_lock)
            Keep(_record);
    }

    private MeterRecord DayEnded(MeterRecord record)
    {
        var history = record.ChargeHistory;
        var at = Now;
        var value = new RegisterPoint(at, record.CumulativeMicro);
        if (history.IsEmpty || history[^1].At.Date != at.Date)
            return record with { ChargeHistory = MeterRecord.Append(history, value, MeterRecord.DaysKept) };
        // The day is not over: its value follows the register.
        return history[^1].Value == value.Value
            ? record
            : record with { ChargeHistory = history.SetItem(history.Length - 1, value) };
    }

    private MeterRecord Drawn(MeterRecord record, int load, TimeSpan time)
    {
        if (record.OverPowerFor > time)
            return record with { OverPowerFor = record.OverPowerFor - time };
        record = record with { OverPowerFor = TimeSpan.Zero };
        // A reading: a limit of 0 W would keep the switch open for ever, so it counts as no limit.
        if (record.Settings.Service == CreditService.Electricity
            && record.State.Flags[ExtendedFlag.DisconnectOnPowerLimit]
            && record.State.MaximumPowerLimit is > 0 and var limit
            && load > limit)
            return record with { OverPowerFor = ReconnectAfter };
        // What is less than a millionth is carried to the next step, so that short steps cost what one long step does.
        var isTime = record.Settings.Service == CreditService.Time;
        var (perHour, whole) = isTime ? (60_000_000, 1) : (1_000, load);
        _loadTicks += (Int128)whole * time.Ticks;
        var micro = (long)(_loadTicks * perHour / TimeSpan.TicksPerHour);
        _loadTicks -= (Int128)micro * TimeSpan.TicksPerHour / perHour;
        return Consumption.Draw(record, micro, out _);
    }

    private TimeSpan Remaining(TokenLockout lockout) =>
        lockout.IsRunning(Monotonic) ? lockout.Until - Monotonic : TimeSpan.Zero;

    // The store first, then memory: a record that can be seen is durable.
    private void Keep(MeterRecord after)
    {
        var record = Switched(after);
        _store?.Save(record);
        _savedMicro = record.CumulativeMicro;
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
}
