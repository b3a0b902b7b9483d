using System.CommandLine;
using System.Net;
using System.Net.Sockets;
using OpenSts.Batch;
using OpenSts.Cli.Terminal;
using OpenSts.Meter.Carriers.LocalPort;
using OpenSts.SerialPorts;

namespace OpenSts.Cli.Meters;

/// <summary>The options that name a line to a meter's local port.</summary>
internal sealed class PortLine
{
    private const string DefaultLine = "2400,7E1";
    private readonly Option<string?> _tcp = new("--tcp") { Description = "HOST:PORT" };
    private readonly Option<string?> _serial = new("--serial")
    {
        Description = "A serial device, such as /dev/ttyUSB0 or /dev/ttyUSB0:2400,7E1 (the default settings)"
    };

    public void AddTo(Command command)
    {
        command.Options.Add(_tcp);
        command.Options.Add(_serial);
    }

    /// <summary>Where to listen or connect; null where a serial line is named.</summary>
    public IPEndPoint? EndPoint(ParseResult parsed)
    {
        var (tcp, serial) = (parsed.GetValue(_tcp), parsed.GetValue(_serial));
        if (tcp is not null && serial is not null)
            throw new CliException("--tcp and --serial are both given; use one of them");
        return EndPoint("--tcp", tcp);
    }

    /// <summary>An address and a port; null where none is given.</summary>
    /// <exception cref="CliException">It is something else.</exception>
    public static IPEndPoint? EndPoint(string option, string? held)
    {
        if (held is null)
            return null;
        var text = held.StartsWith("localhost:", StringComparison.Ordinal)
            ? "127.0.0.1" + held["localhost".Length..]
            : held;
        return text.Contains(':', StringComparison.Ordinal) && IPEndPoint.TryParse(text, out var found)
            && (found.Port != 0 || text.EndsWith(":0", StringComparison.Ordinal))
            ? found
            : throw new CliException(
                $"{option}: '{Excerpt.Of(held)}' is not an address and a port; use, for example, 127.0.0.1:5205");
    }

    /// <summary>The serial device and its settings; null where none is named.</summary>
    /// <exception cref="CliException">It is something else.</exception>
    public SerialPortSettings? Serial(ParseResult parsed) => parsed.GetValue(_serial) is not { } held ? null
        : SerialPortSettings.TryParse(held, DefaultLine, out var settings) ? settings
        : throw new CliException(
            $"--serial: '{Excerpt.Of(held)}' is not a serial device; use {SerialPortSettings.Form}");

    /// <summary>Where the parity bit is made: in the octets on a line of eight bits (8N1, or a pseudo-terminal), else
    /// by the device.</summary>
    public static ParityHandling Parity(SerialLine line) =>
        line.IsPseudoTerminal
            || line.Settings.DataBits == 8 ? ParityHandling.InTheEighthBit : ParityHandling.ByTheLine;

    /// <summary>Opens the line and makes a client on it; the caller disposes the line.</summary>
    /// <exception cref="CliException">No line is named, or nothing answers at the address.</exception>
    public async Task<(LocalPortClient Client, IDisposable Line)> ConnectAsync(
        ParseResult parsed, CancellationToken cancellation)
    {
        if (EndPoint(parsed) is not { } at)
        {
            var serial = SerialLine.Open(
                Serial(parsed) ?? throw new CliException("no line is given; use --tcp HOST:PORT or --serial DEVICE"));
            return (new LocalPortClient(serial.Stream, Parity(serial), TimeProvider.System), serial);
        }

        var connection = new TcpClient();
        try
        {
            await connection.ConnectAsync(at, cancellation);
        }
        catch (SocketException error)
        {
            connection.Dispose();
            throw new CliException($"nothing answers at {at}: {error.SocketErrorCode}");
        }

        return (
            new LocalPortClient(connection.GetStream(), ParityHandling.ByTheLine, TimeProvider.System), connection);
    }
}
