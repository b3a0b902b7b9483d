using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;
using OpenSts.Cosem.Host;
using OpenSts.Cosem.Hosting;
using OpenSts.Cosem.Link;
using OpenSts.Cosem.Meters;
using OpenSts.Meter;
using OpenSts.Meter.Storage;

// A meter over DLMS/COSEM as a process of its own: alone with a meter's file, or beside the meter's process, which it
// reaches by a link of lines and no other way. Exit status 0 when it was stopped, 2 when it could not start.
const string Usage =
    "usage: OpenSts.Cosem.Host SETTINGS.json, or OpenSts.Cosem.Host - with the settings as the first line of standard "
        + "input and a meter at the other end";
try
{
    if (args is not [var source])
        throw new HostException(Usage);
    await (source == "-" ? RunLinkedAsync() : RunAloneAsync(source));
    return 0;
}
catch (Exception error) when (error is HostException or IOException or SocketException or UnauthorizedAccessException
    or FormatException)
{
    Console.Error.WriteLine(
        $"OpenSts.Cosem.Host: "
            + $"{(error is SocketException ? "cannot listen on the address: " : "")}{error.Message}");
    return 2;
}

static async Task RunLinkedAsync()
{
    using var responses = new StreamReader(Console.OpenStandardInput(), new UTF8Encoding(false));
    using var requests = new StreamWriter(Console.OpenStandardOutput(), new UTF8Encoding(false));
    var options = CosemHostOptions.Parse(await responses.ReadLineAsync() ?? "");
    using var link = await LinkedMeter.ConnectAsync(responses, requests);
    await RunAsync(link, options, Console.Error, link);
}

static async Task RunAloneAsync(string path)
{
    if (!File.Exists(path))
        throw new HostException($"there is no file {path}; {Usage}");
    var options = CosemHostOptions.Parse(await File.ReadAllTextAsync(path));
    using var file = MeterFile.Load(options.Meter
        ?? throw new HostException("meter is missing; it names the meter's file"), out var record);
    var meter = new PaymentMeter(record, TimeProvider.System, file, restarted: true);
    await RunAsync(new LiveMeter(meter), options, Console.Out, link: null);
    meter.Save();
}

static async Task RunAsync(ICosemMeter meter, CosemHostOptions options, TextWriter output, LinkedMeter? link)
{
    var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
    builder.Logging.SetMinimumLevel(LogLevel.Information).AddFilter("Microsoft", LogLevel.Warning);
    builder.Logging.AddSimpleConsole(format => (format.SingleLine, format.TimestampFormat) =
        (true, "yyyy-MM-ddTHH:mm:sszzz "));
    // Standard output belongs to the link, or to the addresses.
    builder.Services.Configure<ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
    builder.Services.AddSystemd();
    builder.Services.AddSingleton(
        services => new MeterListeners(meter, options, services.GetRequiredService<ILogger<MeterListeners>>()));
    builder.Services.AddHostedService(services => new MeterHostedService(
        services.GetRequiredService<MeterListeners>(), link, services.GetRequiredService<IHostApplicationLifetime>(), services.GetRequiredService<ILogger<MeterHostedService>>()));
    using var host = builder.Build();
    // Before the host starts, so that what is wrong with the options is one line and an exit status.
    var listeners = host.Services.GetRequiredService<MeterListeners>();
    foreach (var line in listeners.Addresses)
        output.WriteLine(line);
    await output.FlushAsync();
    try
    {
        await host.RunAsync();
    }
    finally
    {
        await listeners.DisposeAsync();
    }
}
