using System.IO.Ports;

namespace OpenSts.SerialPorts.Tests;

public class SerialPortSettingsTests
{
    [Theory]
    [InlineData("/dev/ttyUSB0", "/dev/ttyUSB0:2400,7E1")]
    [InlineData("/dev/ttyUSB0:9600", "/dev/ttyUSB0:9600,7E1")]
    [InlineData("/dev/ttyUSB0:9600,8N1", "/dev/ttyUSB0:9600,8N1")]
    [InlineData("COM3:300,7o2", "COM3:300,7O2")]
    [InlineData("COM3:115200,5M1.5", "COM3:115200,5M1.5")]
    [
        InlineData(
            "/dev/serial/by-path/pci-0000:00:14.0-usb-0:3:1.0",
            "/dev/serial/by-path/pci-0000:00:14.0-usb-0:3:1.0:2400,7E1")]
    [
        InlineData(
            "/dev/serial/by-path/pci-0000:00:14.0-usb-0:3:1.0:1200,8S1",
            "/dev/serial/by-path/pci-0000:00:14.0-usb-0:3:1.0:1200,8S1")]
    public void TryParse_DeviceWithOrWithoutSettings_FillsInTheDefaults(string text, string full)
    {
        Assert.True(SerialPortSettings.TryParse(text, "2400,7E1", out var settings));
        Assert.Equal(full, settings.ToString());
        Assert.True(SerialPortSettings.TryParse(full, "300,8N1", out var again));
        Assert.Equal(settings, again);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(":9600,7E1")]
    [InlineData("/dev/ttyUSB0:9600,")]
    [InlineData("/dev/ttyUSB0:9600,7E")]
    [InlineData("/dev/ttyUSB0:9600,9N1")]
    [InlineData("/dev/ttyUSB0:9600,7X1")]
    [InlineData("/dev/ttyUSB0:9600,7E3")]
    [InlineData("/dev/ttyUSB0:0,7E1")]
    [InlineData("/dev/ttyUSB0:5000000")]
    [InlineData("/dev/ttyUSB0:fast,7E1")]
    [InlineData("/dev/ttyUSB0:-9600,7E1")]
    public void TryParse_AnotherForm_IsRefused(string? text) =>
        Assert.False(SerialPortSettings.TryParse(text, "2400,7E1", out _));

    [Fact]
    public void TryParse_SevenBitsEvenParity_GivesThePlatformsValues()
    {
        Assert.True(SerialPortSettings.TryParse("/dev/ttyS0:9600,7E1", "2400,8N1", out var settings));
        Assert.Equal(
            ("/dev/ttyS0", 9600, 7, Parity.Even, StopBits.One),
            (settings.PortName, settings.BaudRate, settings.DataBits, settings.Parity, settings.StopBits));
    }
}
