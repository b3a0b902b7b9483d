using System.IO.Ports;

namespace OpenSts.SerialPorts;

/// <summary>An open serial device: raw octets in both directions, without hardware or software flow control.</summary>
/// <remarks>
/// Reads of <see cref="Stream"/> end when their cancellation token does. On Windows, Linux and macOS. A
/// pseudo-terminal transfers eight bits and no
/// parity whatever it is set to: see <see cref="IsPseudoTerminal"/>.
/// </remarks>
public sealed class SerialLine : IDisposable
{
    private readonly SerialPort _port;

    private SerialLine(SerialPort port, SerialPortSettings settings)
    {
        _port = port;
        Settings = settings;
    }

    /// <summary>The device and its settings.</summary>
    public SerialPortSettings Settings { get; }

    /// <summary>True for a pseudo-terminal, which ignores baud rate, data bits and parity.</summary>
    public bool IsPseudoTerminal => PseudoTerminal.IsName(Settings.PortName);

    /// <summary>What is sent and received. Writes are complete when the driver has them.</summary>
    public Stream Stream => _port.BaseStream;

    /// <summary>Opens a device.</summary>
    /// <exception cref="IOException">There is no such device, it is no serial device, it is in use, it may not be
    /// opened, or it refuses the settings.</exception>
    public static SerialLine Open(SerialPortSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        var port = new SerialPort(
            settings.PortName, settings.BaudRate, settings.Parity, settings.DataBits, settings.StopBits)
        {
            Handshake = Handshake.None,
            ReadTimeout = SerialPort.InfiniteTimeout,
            WriteTimeout = SerialPort.InfiniteTimeout,
        };
        try
        {
            port.Open();
            return new SerialLine(port, settings);
        }
        catch (Exception error) when (
            error is IOException or UnauthorizedAccessException or ArgumentException or PlatformNotSupportedException)
        {
            port.Dispose();
            throw new IOException(
                $"{settings.PortName} cannot be opened as a serial line with {settings}: {error.Message}", error);
        }
    }

    /// <summary>Closes the device; reads that wait end with an error.</summary>
    public void Dispose() => _port.Dispose();
}
