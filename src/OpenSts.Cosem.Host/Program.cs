using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text;
using OpenSts.Cosem.Hosting;
using OpenSts.Cosem.Link;
using OpenSts.Cosem.Meters;
using OpenSts.Cosem.Server;
using OpenSts.Dlms.Framing;
using OpenSts.Dlms.Listening;
using OpenSts.Dlms.Security;
using OpenSts.Dlms.Server;
using OpenSts.Meter;
using OpenSts.Meter.Storage;

// A meter over DLMS/COSEM as a process of its own: alone with a meter's file, or beside the meter's process, which it reaches by a link of
// lines and no other way. Exit status 0 when it was ended, 2 when it could not begin.
const string Usage = "usage: OpenSts.Cosem.Host SETTINGS.json, or OpenSts.Cosem.Host - with the settings as the first line of standard input and a meter at the other end";
try
{
    return await Serve(args);
}
catch (Exception error) when (error is HostException or IOException or SocketException)
{
    Console.Error.WriteLine($"OpenSts.Cosem.Host: {(error is SocketException ? "cannot listen on the address: " : "")}{error.Message}");
    return 2;
}

static async Task<int> Serve(string[] args)
{
    if (args is not [var source])
        throw new HostException(Usage);
    using var ending = new CancellationTokenSource();
    using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
    using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
    if (source == "-")
    {
        using var answers = new StreamReader(Console.OpenStandardInput(), new UTF8Encoding(false));
        using var requests = new StreamWriter(Console.OpenStandardOutput(), new UTF8Encoding(false));
        var settings = HostOptions.Parse(answers.ReadLine() ?? "");
        // The meter's process has no other word for its end than to be gone.
        using var link = await LinkedMeter.ConnectAsync(answers, requests);
        await Listen(link, settings, Console.Error, () => Watch(link, ending.Token));
        return 0;
    }

    if (!File.Exists(source))
        throw new HostException($"there is no file {source}; {Usage}");
    var alone = HostOptions.Parse(File.ReadAllText(source));
    using var file = MeterFile.Load(alone.Meter ?? throw new HostException("meter is missing; it names the meter's file"), out var record);
    var meter = new PaymentMeter(record, TimeProvider.System, file, restarted: true);
    await Listen(new LiveMeter(meter), alone, Console.Out, () => Task.Delay(Timeout.Infinite, ending.Token));
    meter.Save();
    return 0;

    void Stop(PosixSignalContext context)
    {
        context.Cancel = true;
        ending.Cancel();
    }
}

static async Task Listen(ICosemMeter meter, HostOptions settings, TextWriter says, Func<Task> untilEnd)
{
    using var served = new MeterServer(meter, settings.Keys!.Read(), new FileCounterStore(settings.CounterFile!), settings.KeyStore, settings.Certificates, usual => usual with
    {
        MaximumPdu = (ushort)(settings.MaximumPdu ?? usual.MaximumPdu),
        DateTimesAreOctetStrings = settings.OctetStringTimes,
    });
    var listeners = new List<DlmsListener>();
    try
    {
        if (HostOptions.EndPoint("wrapper", settings.Wrapper) is { } wrapper)
            listeners.Add(new DlmsListener(wrapper, () => new WrapperServerSession(served.Server)));
        foreach (var listener in listeners)
            says.WriteLine($"serving COSEM {listener.Endpoint}");
        if (HostOptions.EndPoint("hdlc", settings.Hdlc) is { } hdlc)
        {
            listeners.Add(new DlmsListener(hdlc, () => new HdlcServerSession(served.Server)));
            says.WriteLine($"serving COSEM over HDLC {listeners[^1].Endpoint}");
        }

        using var quiet = new IdleMemoryCompactor(TimeProvider.System);
        await untilEnd();
    }
    catch (OperationCanceledException)
    {
        // Ended: the usual end.
    }
    finally
    {
        foreach (var listener in listeners)
            await listener.DisposeAsync();
        served.Keys.Current.Counters.Settle();
    }
}

static async Task Watch(LinkedMeter meter, CancellationToken ending)
{
    using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(250));
    while (await timer.WaitForNextTickAsync(ending))
    {
        if (!await meter.IsConnectedAsync(ending))
            return;
    }
}
