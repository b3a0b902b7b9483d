using OpenSts.Cosem.Apdu;
using OpenSts.Cosem.Framing;
using OpenSts.Cosem.Meters;
using OpenSts.Cosem.Objects;
using OpenSts.Cosem.Security;
using OpenSts.Cosem.Values;
using OpenSts.Cosem.Wire;

namespace OpenSts.Cosem.Server;

/// <summary>Tells a head end of a new alarm: of wrong tokens one after the other, by whatever way they came, of tampering, of the power limit.</summary>
/// <remarks>
/// A DataNotification in general-glo-ciphering behind a wrapper header; its body is a structure of the logical device name, the name of
/// the Push setup and the alarm register. It is sent for bits that were not set before, and again where the destination was not reached.
/// </remarks>
/// <param name="server">A server with keys and push settings.</param>
public sealed class AlarmPush(CosemServer server)
{
    private static readonly TimeSpan Pace = TimeSpan.FromSeconds(1);
    private readonly PushSettings _settings = server.Settings.Push ?? throw new ArgumentException("The server has no push settings.", nameof(server));
    private readonly ServerKeys _keys = server.Keys ?? throw new ArgumentException("A notification needs keys.", nameof(server));
    private MeterAlarms _known;
    private uint _invoke;

    /// <summary>Looks at the meter and writes a frame where there is a new alarm.</summary>
    /// <returns>True where there is something to send.</returns>
    /// <exception cref="IOException">The invocation counter could not be kept.</exception>
    public bool TryNotify(WireWriter destination)
    {
        ArgumentNullException.ThrowIfNull(destination);
        var reading = server.Meter.Read();
        var isNew = (reading.Alarms & ~_known) != 0;
        _known = reading.Alarms;
        var keys = _keys.Current;
        if (!isNew || !keys.Counters.TryNext(out var counter))
            return false;
        var plain = new WireWriter();
        _invoke = (_invoke + 1) & 0xFFFFFF;
        new DataNotification(_invoke, CosemDateTime.From(reading.Time), CosemValue.Structure(
            CosemValue.OctetString(System.Text.Encoding.ASCII.GetBytes(server.Settings.LogicalDeviceName)),
            CosemValue.Name(Obis.AlarmPush),
            CosemValue.UInt32((uint)reading.Alarms))).Write(plain);
        var apdu = new WireWriter();
        apdu.U8((int)ApduTag.GeneralGloCiphering);
        apdu.Counted(server.Settings.SystemTitle.ToArray());
        apdu.Count(plain.Length + ApduCipher.Overhead(Protection.AuthenticatedEncryption));
        using var cipher = new ApduCipher(server.Settings.Suite, keys.Encryption, keys.Authentication);
        cipher.Protect(Protection.AuthenticatedEncryption, server.Settings.SystemTitle, counter, plain.Written, apdu);
        new WrapperHeader(server.Settings.Sap, _settings.ClientSap, (ushort)apdu.Length).Write(destination);
        destination.Bytes(apdu.Written);
        return true;
    }

    /// <summary>Looks at the meter once a second and sends what there is, until it is ended.</summary>
    /// <param name="connect">Reaches the destination.</param>
    /// <param name="clock">The time between looks and tries.</param>
    /// <param name="cancellation">Ends it.</param>
    public async Task RunAsync(Func<CancellationToken, ValueTask<Stream>> connect, TimeProvider clock, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(connect);
        var frame = new WireWriter();
        while (true)
        {
            frame.Clear();
            if (TryNotify(frame))
                await SendAsync(frame, connect, clock, cancellation).ConfigureAwait(false);
            await Task.Delay(Pace, clock, cancellation).ConfigureAwait(false);
        }
    }

    private async Task SendAsync(WireWriter frame, Func<CancellationToken, ValueTask<Stream>> connect, TimeProvider clock, CancellationToken cancellation)
    {
        for (var attempt = 0; attempt <= _settings.Retries; attempt++)
        {
            if (attempt > 0)
                await Task.Delay(TimeSpan.FromSeconds(_settings.RepetitionDelay), clock, cancellation).ConfigureAwait(false);
            try
            {
                var stream = await connect(cancellation).ConfigureAwait(false);
                await using (stream.ConfigureAwait(false))
                    await stream.WriteAsync(frame.WrittenMemory, cancellation).ConfigureAwait(false);
                return;
            }
            catch (Exception error) when (error is IOException or System.Net.Sockets.SocketException)
            {
                // Nobody there: the alarm stays in its register.
            }
        }
    }
}
