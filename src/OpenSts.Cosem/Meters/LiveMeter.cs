using System.Runtime.CompilerServices;
using System.Text;
using OpenSts.Meter;
using OpenSts.Metering;

namespace OpenSts.Cosem.Meters;

/// <summary>
/// A meter that lives as the COSEM server sees it: the same narrow way in, the same lock-out, the same registers.
/// </summary>
public sealed class LiveMeter : ICosemMeter
{
    private readonly PaymentMeter _meter;
    private readonly ConditionalWeakTable<LastToken, TokenEntry> _received = [];

    public LiveMeter(PaymentMeter meter)
    {
        _meter = meter;
        // What is served over COSEM has an Account, before the nameplate is read.
        meter.AddAccount();
        var record = meter.Record;
        Nameplate = MeterNameplate.Of(record.Settings) with
        {
            TokenCarrierTypes = [(byte)TokenCarrierType.Numeric, (byte)TokenCarrierType.VirtualLocal,
                (byte)TokenCarrierType.VirtualDlms],
            Activated = record.Events.IsEmpty ? DateTimeOffset.UnixEpoch : record.Events[0].At,
        };
    }

    public MeterNameplate Nameplate { get; }

    // The meter saves to its file under a lock. Its callers must not wait for that: one of them is the thread that
    // serves every connection.
    public ValueTask<MeterReading> ReadAsync(CancellationToken cancellation) => RunAsync(Read, cancellation);

    private MeterReading Read()
    {
        var record = _meter.Record;
        var (settings, state) = (record.Settings, record.State);
        var block = Supply.Block(record);
        var log = record.TokenLog.Select(Entered).ToArray();
        return new MeterReading
        {
            Time = _meter.Now,
            Credit = record.Credit,
            Consumed = record.InCreditUnit(record.CumulativeMicro),
            LowCreditThreshold = record.LowCreditThreshold,
            SupplyGroupCode = state.SupplyGroupCode,
            TariffIndex = state.TariffIndex,
            KeyRevisionNumber = state.KeyRevisionNumber,
            KeyType = state.KeyType,
            KeyExpiryNumber = state.KeyExpiryNumber,
            MaximumPowerLimit = state.MaximumPowerLimit,
            MaximumPhasePowerUnbalanceLimit = state.MaximumPhasePowerUnbalanceLimit,
            Power = block == SupplyBlock.None && settings.Service == CreditService.Electricity ? record.Load : 0,
            // Wh and dm3 are thousandths of what a millionth counts; a minute has sixty seconds.
            Total = (ulong)(settings.Service == CreditService.Time ? record.CumulativeMicro * 60 / 1_000_000
                : record.CumulativeMicro / 1_000),
            Switch = block == SupplyBlock.None ? LoadSwitch.Connected : LoadSwitch.Disconnected,
            Alarms = (state.Tamper != TamperFlags.None ? MeterAlarms.Tamper : 0)
                | (record.OverPowerFor > TimeSpan.Zero ? MeterAlarms.PowerLimit : 0)
                | (_meter.LockedFor > TimeSpan.Zero ? MeterAlarms.TokenLockout : 0),
            LastToken = log.Length > 0 ? log[^1] : null,
            Flags = settings.HasExtensions
                ? [.. Enumerable.Range(0, FlagArray.Length).Select(i => Flag(settings, state, i))] : [],
            Controls = settings.HasExtensions ? [new ExtensionControl(0, state.ComplianceControl)] : [],
            TokenLog = log,
            CreditHistory = [.. record.CreditHistory.Select(p => new RegisterEntry(p.At, p.Value))],
            ChargeHistory =
                [.. record.ChargeHistory.Select(p => new RegisterEntry(p.At, record.InCreditUnit(p.Value)))],
        };
    }

    /// <inheritdoc/>
    public ValueTask<TokenVerdict> EnterAsync(TokenEntry entry, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(entry);
        return RunAsync(
            () =>
            {
                lock (_received)
                {
                    var answer = _meter.Enter(entry.Digits ?? "", TokenCarrierType.VirtualDlms);
                    // The meter logs digits, and none of a token it could not read: the octets as received belong to
                    // its newest entry of this carrier.
                    if (_meter.Record.TokenLog.LastOrDefault(each => each.Carrier == TokenCarrierType.VirtualDlms)
                        is { } logged)
                        _received.AddOrUpdate(logged, entry);
                    return new TokenVerdict(answer.Result, answer.Token);
                }
            },
            cancellation);
    }

    /// <inheritdoc/>
    public ValueTask<bool> SwitchAsync(bool connect, CancellationToken cancellation) =>
        RunAsync(() => _meter.SetRemotely(connect), cancellation);

    /// <inheritdoc/>
    public ValueTask<bool> SetTimeAsync(DateTimeOffset time, CancellationToken cancellation) => RunAsync(
        () =>
        {
            _meter.SetClock(time);
            return true;
        },
        cancellation);

    /// <inheritdoc/>
    public ValueTask<bool> SetLowCreditThresholdAsync(long units, CancellationToken cancellation) => RunAsync(
        () =>
        {
            if (units < 0)
                return false;
            _meter.SetLowCreditThreshold(units);
            return true;
        },
        cancellation);

    private static ValueTask<T> RunAsync<T>(Func<T> work, CancellationToken cancellation) =>
        new(Task.Run(work, CancellationToken.None).WaitAsync(cancellation));

    private static ExtensionFlag Flag(MeterSettings settings, MeterState state, int index) =>
        !settings.HasFlag(index) ? ExtensionFlag.NotImplemented
        : state.Flags[(ExtendedFlag)index] ? ExtensionFlag.Enabled
        : ExtensionFlag.Disabled;

    private EnteredToken Entered(LastToken token)
    {
        if (_received.TryGetValue(token, out var entry))
            return new EnteredToken(token.At, entry, new TokenVerdict(token.Result, Meaning(token)));

        var digits = token.Digits.Length > 0 ? token.Digits : null;
        var way = token.Carrier switch
        {
            TokenCarrierType.VirtualDlms => DeliveryMethod.Remote,
            TokenCarrierType.VirtualLocal => DeliveryMethod.Local,
            _ => DeliveryMethod.Manual,
        };
        return new EnteredToken(token.At, new TokenEntry(digits, Encoding.ASCII.GetBytes(token.Digits), way),
            new TokenVerdict(token.Result, Meaning(token)));
    }

    // What the log keeps of a token is enough for class, subclass, identifier and amount: the key it came under may be
    // gone.
    private static Token? Meaning(LastToken token)
    {
        if (token is not { Class: { } tokenClass, Subclass: { } subclass })
            return null;
        var amount = token.Amount ?? 0;
        var tid = TokenIdentifier.FromNumber(token.Identifier ?? 0);
        TokenContent content;
        if (tokenClass == (int)TokenClass.Credit)
        {
            content = subclass < 4
                ? TokenLayout.Credit((CreditService)subclass, 0, tid, TransferAmount.FromField((ushort)amount))
                : TokenLayout.Currency((CreditService)(subclass - 4), tid, CurrencyAmount.FromField(amount));
        }
        else if (tokenClass == (int)TokenClass.MeterSpecificManagement && token.Identifier is not null)
        {
            content = TokenLayout.Management(subclass, 0, tid, (ushort)amount);
        }
        else
        {
            // Key change tokens and tests have neither identifier nor amount; a section needs some revision to be read
            // at all.
            var revision = tokenClass == (int)TokenClass.MeterSpecificManagement && subclass == 3 ? 1ul << 36 : 0;
            content = new TokenContent((TokenClass)tokenClass, ((ulong)subclass << 44) | revision);
        }

        return TokenLayout.TryRead(content, EncryptionAlgorithm.Ea11, out var meaning, out _) ? meaning : null;
    }
}
