using OpenSts.Dlms.Wire;

namespace OpenSts.Dlms.Framing;

/// <summary>The client's end of an HDLC link: octets in, octets out. It does no I/O.</summary>
/// <remarks>IEC 62056-46.</remarks>
public sealed class HdlcClientSession
{
    private readonly byte[] _client;
    private readonly byte[] _server;
    private readonly HdlcParameters _proposal;
    private readonly HdlcReceiver _receiver = new();
    private HdlcChannel? _channel;

    /// <summary>A closed link.</summary>
    /// <param name="clientSap">The client's service access point, 1 to 127.</param>
    /// <param name="serverSap">The server's service access point, 1 to 127.</param>
    /// <param name="physicalAddress">The server's lower address, 0 to 16383; null for an address of one octet.</param>
    /// <param name="proposal">The longest information fields and windows it supports;
    /// <see cref="HdlcParameters.Largest"/> where null.</param>
    public HdlcClientSession(int clientSap, int serverSap = 1, int? physicalAddress = null,
        HdlcParameters? proposal = null)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)clientSap, 127u, nameof(clientSap));
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)serverSap, 127u, nameof(serverSap));
        _client = [(byte)((clientSap << 1) | 1)];
        _server = physicalAddress switch
        {
            null => [(byte)((serverSap << 1) | 1)],
            < 128 and var lower => [(byte)(serverSap << 1), (byte)((lower << 1) | 1)],
            var lower => [0, (byte)(serverSap << 1), (byte)(((lower.Value >> 7) & 0x7F) << 1),
                (byte)(((lower.Value & 0x7F) << 1) | 1)],
        };
        _proposal = proposal ?? HdlcParameters.Largest;
    }

    /// <summary>True while the link is open.</summary>
    public bool IsOpen => _channel is not null;

    /// <summary>True once the server has ended or refused the link.</summary>
    public bool IsRefused { get; private set; }

    /// <summary>The APDU that has come; valid until the next call.</summary>
    public ReadOnlyMemory<byte> Apdu => _channel?.Apdu ?? default;

    /// <summary>Writes what opens the link.</summary>
    public void Open(WireWriter destination) =>
        new HdlcFrame(_server, _client, HdlcFrame.Snrm, false, _proposal.ToArray()).Write(destination);

    /// <summary>Writes what closes the link.</summary>
    public void Close(WireWriter destination) =>
        new HdlcFrame(_server, _client, HdlcFrame.Disc, false, []).Write(destination);

    /// <summary>Begins to send an APDU.</summary>
    /// <exception cref="InvalidOperationException">The link is closed.</exception>
    public void Send(ReadOnlySpan<byte> apdu, WireWriter destination) =>
        (_channel ?? throw new InvalidOperationException("The link is closed.")).Send(apdu, destination);

    /// <summary>Asks for what the server has to say next.</summary>
    /// <exception cref="InvalidOperationException">The link is closed.</exception>
    public void Poll(WireWriter destination) =>
        (_channel ?? throw new InvalidOperationException("The link is closed.")).Ready(destination);

    /// <summary>True where the server took what was sent and has nothing to say to it.</summary>
    public bool MaySend => _channel?.MaySend ?? false;

    /// <summary>Writes the last frame once more, as after a silence.</summary>
    public void Repeat(WireWriter destination) => _channel?.Repeat(destination);

    /// <summary>Takes octets as they came and writes what answers them.</summary>
    /// <returns>True where something has ended: the link opened, closed or refused, or an APDU come as a
    /// whole.</returns>
    public bool Receive(ReadOnlySpan<byte> octets, WireWriter destination)
    {
        _receiver.Add(octets);
        while (_receiver.TryTake(out var frame))
        {
            if (!frame.Destination.AsSpan().SequenceEqual(_client) || !frame.Source.AsSpan().SequenceEqual(_server))
                continue;
            switch (frame.Kind)
            {
                case HdlcKind.Acknowledge when _channel is null:
                    IsRefused = !HdlcParameters.TryRead(frame.Information, out var theirs);
                    _channel = IsRefused ? null
                        : new HdlcChannel(_client, _server, false, _proposal.AgreeWith(theirs), ushort.MaxValue);
                    return true;
                case HdlcKind.Acknowledge:
                    _channel = null;
                    return true;
                case HdlcKind.DisconnectedMode or HdlcKind.FrameReject:
                    _channel = null;
                    IsRefused = true;
                    return true;
                default:
                    if (_channel is not null && _channel.Receive(frame, destination))
                        return true;
                    break;
            }
        }

        return false;
    }
}
