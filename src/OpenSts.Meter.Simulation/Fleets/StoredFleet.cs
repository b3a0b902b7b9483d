using System.Globalization;
using OpenSts.Meter.Storage;
using OpenSts.Metering;

namespace OpenSts.Meter.Simulation.Fleets;

/// <summary>Where a fleet gets the tokens that were sold to its customers.</summary>
public interface ISoldTokenSource
{
    /// <summary>Why the last request failed, for a person; null where it succeeded.</summary>
    string? Problem { get; }

    /// <summary>The tokens sold since the last call, oldest first. A failure gives none and sets
    /// <see cref="Problem"/>.</summary>
    Task<IReadOnlyList<SoldToken>> TakeAsync(CancellationToken cancellation);
}

/// <summary>Where a fleet sends what its meters read.</summary>
public interface IMeterReadingReceiver
{
    /// <summary>Why the last sending failed, for a person; null where it succeeded.</summary>
    string? Problem { get; }

    /// <summary>Sends the readings of all meters. A failure sets <see cref="Problem"/>.</summary>
    Task SendAsync(IEnumerable<PaymentMeter> meters, CancellationToken cancellation);
}

/// <summary>A token that was sold.</summary>
/// <param name="MeterPan">The meter, 18 digits.</param>
/// <param name="Digits">The token, 20 digits.</param>
public sealed record SoldToken(string MeterPan, string Digits);

/// <summary>A token that a meter of the fleet decided about.</summary>
/// <param name="MeterPan">The meter, 18 digits.</param>
/// <param name="Digits">The token, 20 digits.</param>
/// <param name="Result">The meter's answer.</param>
public sealed record EnteredSoldToken(string MeterPan, string Digits, TokenResult Result);

/// <summary>The meters of a folder, running: they take the tokens that a source sold to them, and use their credit
/// up.</summary>
public sealed class StoredFleet : IDisposable
{
    private static readonly TimeSpan Tick = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan SaveEvery = TimeSpan.FromMinutes(1);
    private readonly List<(MeterFile File, PaymentMeter Meter)> _meters = [];
    private readonly Dictionary<string, string> _lastEntries = new(StringComparer.Ordinal);
    private readonly TimeProvider _clock;

    /// <summary>Opens every file <c>*.meter</c> of a folder.</summary>
    /// <exception cref="IOException">The folder holds no meters, or one cannot be opened; then none stays
    /// open.</exception>
    public StoredFleet(string folder, TimeProvider clock)
    {
        _clock = clock;
        try
        {
            var paths = Directory.Exists(folder) ? Directory.GetFiles(folder, "*.meter") : [];
            foreach (var path in paths.Order(StringComparer.Ordinal))
            {
                var file = MeterFile.Load(path, out var record);
                _meters.Add((file, new PaymentMeter(record, clock, file, restarted: true)));
            }

            if (_meters.Count == 0)
                throw new IOException($"{folder} holds no meters (files named *.meter)");
        }
        catch
        {
            _meters.ForEach(opened => opened.File.Dispose());
            throw;
        }
    }

    /// <summary>The meters, ordered by file name.</summary>
    public IEnumerable<PaymentMeter> Meters => _meters.Select(opened => opened.Meter);

    /// <summary>The last entry of a meter for a display: the credit of an accepted token, or the result; empty before
    /// the first.</summary>
    public string LastEntry(MeterPan pan) => _lastEntries.GetValueOrDefault(pan.ToString(), "");

    /// <summary>Runs one step a second until it is cancelled.</summary>
    /// <param name="speed">How much faster than real time the meters draw.</param>
    /// <param name="profile">What every meter draws.</param>
    /// <param name="source">The tokens to enter.</param>
    /// <param name="receiver">Gets the readings after each step.</param>
    /// <param name="entered">Called for each token that a meter decided about.</param>
    /// <param name="stepped">Called after each step.</param>
    /// <param name="cancellation">Ends it without an exception.</param>
    public async Task RunAsync(
        int speed,
        LoadProfile profile,
        ISoldTokenSource source,
        IMeterReadingReceiver receiver,
        Action<EnteredSoldToken> entered,
        Action stepped,
        CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(profile);
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(receiver);
        ArgumentNullException.ThrowIfNull(entered);
        ArgumentNullException.ThrowIfNull(stepped);
        using var timer = new PeriodicTimer(Tick, _clock);
        var sinceSave = TimeSpan.Zero;
        try
        {
            while (await timer.WaitForNextTickAsync(cancellation).ConfigureAwait(false))
            {
                foreach (var token in await source.TakeAsync(cancellation).ConfigureAwait(false))
                    Enter(token, entered);
                foreach (var meter in Meters)
                    meter.Draw(profile.At(_clock.GetLocalNow()), Tick * speed);
                await receiver.SendAsync(Meters, cancellation).ConfigureAwait(false);
                sinceSave += Tick;
                if (sinceSave >= SaveEvery)
                {
                    _meters.ForEach(opened => opened.Meter.Save());
                    sinceSave = TimeSpan.Zero;
                }

                stepped();
            }
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // Stopped.
        }
    }

    /// <summary>Saves every meter and closes its file.</summary>
    public void Dispose()
    {
        foreach (var (file, meter) in _meters)
        {
            meter.Save();
            file.Dispose();
        }
    }

    private void Enter(SoldToken token, Action<EnteredSoldToken> entered)
    {
        foreach (var meter in Meters.Where(meter => meter.Record.Settings.MeterPan.ToString() == token.MeterPan))
        {
            // After a restart the source lists tokens again that the meter has taken: nobody would type those again.
            if (meter.Record.TokenLog.Any(known => known.Digits == token.Digits && known.Result.IsTaken()))
                continue;
            var answer = meter.Enter(token.Digits, TokenCarrierType.Numeric);
            _lastEntries[token.MeterPan] = answer.Token is TransferCredit credit && answer.Result == TokenResult.Accept
                ? string.Create(CultureInfo.InvariantCulture, $"+{credit.Amount.ToTenthsString()}")
                : answer.Result.StandardName();
            entered(new EnteredSoldToken(token.MeterPan, token.Digits, answer.Result));
        }
    }
}
