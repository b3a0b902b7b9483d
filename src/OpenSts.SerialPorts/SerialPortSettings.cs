using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.IO.Ports;

namespace OpenSts.SerialPorts;

/// <summary>A serial device and its line settings, written as <c>/dev/ttyUSB0:9600,7E1</c> or
/// <c>COM3:2400,7E1</c>.</summary>
/// <remarks>The text is the device name, then optionally <c>:</c> and the baud rate, then optionally <c>,</c>, data
/// bits, parity and stop bits.</remarks>
/// <param name="PortName">The device name, such as <c>/dev/ttyUSB0</c> or <c>COM3</c>.</param>
/// <param name="BaudRate">Bits per second, 50 to 4000000.</param>
/// <param name="DataBits">5 to 8.</param>
/// <param name="Parity">None (N), even (E), odd (O), mark (M) or space (S).</param>
/// <param name="StopBits">One (1), one and a half (1.5) or two (2).</param>
public sealed record SerialPortSettings(string PortName, int BaudRate, int DataBits, Parity Parity, StopBits StopBits)
{
    /// <summary>The form of the text, for messages.</summary>
    public const string Form = "a device such as /dev/ttyUSB0, or with settings /dev/ttyUSB0:9600,7E1 "
        + "(data bits 5 to 8; parity N, E, O, M or S; stop bits 1, 1.5 or 2)";

    private const int LowestBaudRate = 50;
    private const int HighestBaudRate = 4_000_000;

    /// <summary>Reads a device with settings; what the text leaves out is taken from the defaults.</summary>
    /// <param name="text">The text, such as <c>/dev/ttyUSB0:9600,7E1</c>.</param>
    /// <param name="defaults">The settings where the text gives none, such as <c>2400,7E1</c>.</param>
    /// <param name="settings">The settings; null where the text has another form.</param>
    public static bool TryParse(
        [NotNullWhen(true)] string? text, string defaults, [NotNullWhen(true)] out SerialPortSettings? settings)
    {
        ArgumentNullException.ThrowIfNull(defaults);
        settings = null;
        if (!TryReadLine(defaults, null, out var usual))
            throw new ArgumentException($"'{defaults}' is no line setting such as 2400,7E1.", nameof(defaults));
        if (string.IsNullOrEmpty(text))
            return false;
        // Names below /dev/serial/by-path hold colons of their own: only a colon before a digit and no further colon,
        // dash or slash starts the settings.
        var colon = text.LastIndexOf(':');
        var rest = colon < 0 ? "" : text[(colon + 1)..];
        if (colon == 0)
            return false;
        if (colon > 0 && TryReadLine(rest, usual, out var given))
        {
            settings = given with { PortName = text[..colon] };
            return true;
        }

        if (rest.Length > 0
                && (rest.Contains(',', StringComparison.Ordinal) || rest.AsSpan().TrimStart("0123456789").IsEmpty))
            return false;
        settings = usual with { PortName = text };
        return true;
    }

    /// <summary>The settings as text that <see cref="TryParse"/> reads.</summary>
    public override string ToString()
    {
        var stop = StopBits switch { StopBits.OnePointFive => "1.5", StopBits.Two => "2", _ => "1" };
        return string.Create(
            CultureInfo.InvariantCulture, $"{PortName}:{BaudRate},{DataBits}{Parity.ToString()[0]}{stop}");
    }

    private static bool TryReadLine(
        string text, SerialPortSettings? usual, [NotNullWhen(true)] out SerialPortSettings? settings)
    {
        settings = null;
        var parts = text.Split(',');
        if (!int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var baud)
                || baud is < LowestBaudRate or > HighestBaudRate)
            return false;
        if (parts.Length == 1 && usual is not null)
        {
            settings = usual with { BaudRate = baud };
            return true;
        }

        if (parts.Length != 2 || parts[1] is not [>= '5' and <= '8' and var bits, var letter, .. var stop])
            return false;
        Parity? parity = letter switch
        {
            'N' or 'n' =>
                Parity.None,
            'E' or 'e' =>
                    Parity.Even,
            'O' or 'o' =>
                        Parity.Odd,
            'M' or 'm' => Parity.Mark,
            'S' or 's' => Parity.Space,
            _ => null,
        };
        StopBits? stopBits = stop switch
        {
            "1" => StopBits.One,
            "1.5" => StopBits.OnePointFive,
            "2" => StopBits.Two,
            _ => null
        };
        if (parity is null || stopBits is null)
            return false;
        settings = new SerialPortSettings("", baud, bits - '0', parity.Value, stopBits.Value);
        return true;
    }
}
