using OpenSts.Metering;

namespace OpenSts.Cosem.Meters;

/// <summary>
/// A meter over <see cref="MeterApplication"/> whose state dies with the process: for tests and for trying the
/// protocol.
/// </summary>
/// <remarks>It has the functions of <see cref="MeterApplication"/> and no more; nothing flows through it.</remarks>
public sealed class InMemoryMeter : ICosemMeter
{
    private const int LogLength = 100;
    private readonly Lock _lock = new();
    private readonly MeterSettings _settings;
    private readonly TimeProvider _clock;
    private readonly long _started;
    private readonly List<EnteredToken> _log = [];
    private readonly List<RegisterEntry> _credits = [];
    private MeterState _state;
    private TimeSpan _clockShift;
    private LoadSwitch _switch = LoadSwitch.Connected;
    private long _lowCredit;
    private MeterReading? _reading;

    /// <summary>A meter in that state.</summary>
    /// <param name="settings">What it is.</param>
    /// <param name="state">How it stands; its key stays the caller's, keys from key change tokens are the
    /// meter's.</param>
    /// <param name="clock">Time of day, and the time the lock-out is measured by.</param>
    public InMemoryMeter(MeterSettings settings, MeterState state, TimeProvider clock)
    {
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentNullException.ThrowIfNull(state);
        ArgumentNullException.ThrowIfNull(clock);
        _settings = settings with { HasAccount = true };
        _state = state;
        _clock = clock;
        _started = clock.GetTimestamp();
        Nameplate = MeterNameplate.Of(settings) with { Activated = clock.GetUtcNow(), HasExtensions = false };
    }

    /// <inheritdoc/>
    public MeterNameplate Nameplate { get; }

    /// <inheritdoc/>
    public ValueTask<MeterReading> ReadAsync(CancellationToken cancellation)
    {
        lock (_lock)
        {
            // The logs are copied only after they changed.
            _reading ??= View();
            var alarms = _state.Lockout.IsRunning(Monotonic()) ? MeterAlarms.TokenLockout : MeterAlarms.None;
            return ValueTask.FromResult(_reading with { Time = Now(), Alarms = alarms });
        }
    }

    /// <inheritdoc/>
    public ValueTask<TokenVerdict> EnterAsync(TokenEntry entry, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(entry);
        lock (_lock)
        {
            var decision = MeterApplication.Enter(_settings, _state, entry.Digits ?? "", Monotonic());
            var verdict = new TokenVerdict(decision.Result, decision.Token);
            if (Credit(decision.State) != Credit(_state))
                Add(_credits, new RegisterEntry(Now(), Credit(decision.State)));
            _state = decision.State;
            Add(_log, new EnteredToken(Now(), entry, verdict));
            _reading = null;
            return ValueTask.FromResult(verdict);
        }
    }

    /// <inheritdoc/>
    public ValueTask<bool> SwitchAsync(bool connect, CancellationToken cancellation)
    {
        lock (_lock)
        {
            // A meter without credit is not connected by anybody.
            if (connect && Credit(_state) <= 0)
                return ValueTask.FromResult(false);
            _switch = connect ? LoadSwitch.Connected : LoadSwitch.Disconnected;
            _reading = null;
            return ValueTask.FromResult(true);
        }
    }

    /// <inheritdoc/>
    public ValueTask<bool> SetTimeAsync(DateTimeOffset time, CancellationToken cancellation)
    {
        // A clock set far away is a mistake, and would run over the end of the calendar.
        if (time.Year is < 2000 or > 2199)
            return ValueTask.FromResult(false);
        lock (_lock)
            _clockShift = time - _clock.GetUtcNow();
        return ValueTask.FromResult(true);
    }

    /// <inheritdoc/>
    public ValueTask<bool> SetLowCreditThresholdAsync(long units, CancellationToken cancellation)
    {
        lock (_lock)
        {
            _lowCredit = units;
            _reading = null;
        }

        return ValueTask.FromResult(true);
    }

    private static void Add<T>(List<T> list, T entry)
    {
        if (list.Count == LogLength)
            list.RemoveAt(0);
        list.Add(entry);
    }

    private Int128 Credit(MeterState state) => _settings.CountsUnits ? state.CreditUnits : state.CreditSteps;

    private MeterReading View() => new()
    {
        Time = Now(),
        Credit = Credit(_state),
        LowCreditThreshold = _lowCredit,
        SupplyGroupCode = _state.SupplyGroupCode,
        TariffIndex = _state.TariffIndex,
        KeyRevisionNumber = _state.KeyRevisionNumber,
        KeyType = _state.KeyType,
        KeyExpiryNumber = _state.KeyExpiryNumber,
        MaximumPowerLimit = _state.MaximumPowerLimit,
        Switch = _switch,
        LastToken = _log.Count > 0 ? _log[^1] : null,
        TokenLog = [.. _log],
        CreditHistory = [.. _credits],
    };

    private DateTimeOffset Now() => _clock.GetUtcNow() + _clockShift;

    private TimeSpan Monotonic() => _clock.GetElapsedTime(_started);
}
