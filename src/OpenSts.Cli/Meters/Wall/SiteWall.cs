using System.Globalization;
using OpenSts.Cli.Terminal;
using OpenSts.Meter;
using OpenSts.Meter.Storage;
using OpenSts.Metering;
using Spectre.Console;

namespace OpenSts.Cli.Meters.Wall;

/// <summary>The meters of a folder, live: they take what a vending server sells and use it up.</summary>
internal sealed class SiteWall : IDisposable
{
    private static readonly TimeSpan Tick = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan SaveEvery = TimeSpan.FromMinutes(1);
    private readonly List<(MeterFile File, PaymentMeter Meter)> _meters = [];
    private readonly Dictionary<string, string> _last = new(StringComparer.Ordinal);
    private readonly SoldTokens _sold;
    private readonly WallReadings _readings;

    /// <exception cref="CliException">The folder holds no meters.</exception>
    public SiteWall(string folder, Uri server, string apiKey)
    {
        _sold = new SoldTokens(server, apiKey);
        _readings = new WallReadings(server, apiKey);
        foreach (var path in Directory.Exists(folder) ? Directory.EnumerateFiles(folder, "*.meter").Order(StringComparer.Ordinal) : Enumerable.Empty<string>())
        {
            var file = MeterFile.Load(path, out var record);
            _meters.Add((file, new PaymentMeter(record, TimeProvider.System, file, restarted: true)));
        }

        if (_meters.Count == 0)
            throw new CliException($"{folder} holds no meters; 'sts demo site' makes some");
    }

    /// <summary>Runs until it is stopped: live in a terminal, else one line for each token.</summary>
    public void Run(int speed, CancellationToken stop)
    {
        if (Console.IsOutputRedirected)
            RunAsync(speed, (pan, digits, result) => Console.Out.WriteLine($"{pan} {digits} {result}"), () => { }, stop).GetAwaiter().GetResult();
        else
            AnsiConsole.Live(Table()).Start(live => RunAsync(speed, (_, _, _) => { }, () => live.UpdateTarget(Table()), stop).GetAwaiter().GetResult());
    }

    public void Dispose()
    {
        foreach (var (file, meter) in _meters)
        {
            meter.Save();
            file.Dispose();
        }

        _sold.Dispose();
        _readings.Dispose();
    }

    private async Task RunAsync(int speed, Action<string, string, string> entered, Action shown, CancellationToken stop)
    {
        using var timer = new PeriodicTimer(Tick);
        var sinceSave = TimeSpan.Zero;
        try
        {
            while (await timer.WaitForNextTickAsync(stop))
            {
                foreach (var (pan, digits) in await _sold.TakeAsync(stop))
                    Enter(pan, digits, entered);
                foreach (var (_, meter) in _meters)
                    meter.Draw(LoadProfile.Household.At(DateTimeOffset.Now), Tick * speed);
                await _readings.SendAsync(_meters.Select(held => held.Meter), stop);
                sinceSave += Tick;
                if (sinceSave >= SaveEvery)
                {
                    _meters.ForEach(held => held.Meter.Save());
                    sinceSave = TimeSpan.Zero;
                }

                shown();
            }
        }
        catch (OperationCanceledException)
        {
            // Stopped.
        }
    }

    private void Enter(string pan, string digits, Action<string, string, string> entered)
    {
        foreach (var (_, meter) in _meters.Where(held => held.Meter.Record.Settings.MeterPan.ToString() == pan))
        {
            // Nobody types a token again that the meter took before the wall was stopped.
            if (meter.Record.TokenLog.Any(known => known.Digits == digits && known.Result.IsTaken()))
                continue;
            var answer = meter.Enter(digits, TokenCarrierType.Numeric);
            _last[pan] = answer.Token is TransferCredit credit && answer.Result == TokenResult.Accept
                ? string.Create(CultureInfo.InvariantCulture, $"+{credit.Amount.ToTenthsString()}")
                : answer.Result.StandardName();
            entered(pan, digits, answer.Result.StandardName());
        }
    }

    private Table Table()
    {
        var table = new Table().Border(TableBorder.Rounded).Caption(_sold.Trouble ?? _readings.Trouble ?? "sell to one of them and watch; Ctrl-C ends")
            .AddColumn("meter").AddColumn(new TableColumn("credit").RightAligned()).AddColumn("switch").AddColumn("last token").AddColumn("key").AddColumn(new TableColumn("used").RightAligned());
        foreach (var (_, meter) in _meters)
        {
            var record = meter.Record;
            var (settings, block) = (record.Settings, Supply.Block(record));
            var unit = Display.Unit(settings.Service);
            table.AddRow(
                settings.MeterPan.DecoderReferenceNumber.ToString(),
                $"{ExactDecimal.Format(record.State.CreditUnits, 1)} {unit}",
                block == SupplyBlock.None ? "[green]closed[/]" : $"[red]{block}[/]",
                Markup.Escape(_last.GetValueOrDefault(settings.MeterPan.ToString(), "")),
                $"KRN {record.State.KeyRevisionNumber}",
                $"{ExactDecimal.Format(record.CumulativeMicro / Consumption.MicroInUnit, 1)} {unit}");
        }

        return table;
    }
}
