using OpenSts.Dlms.Framing;
using OpenSts.Dlms.Wire;

namespace OpenSts.Dlms.Server;

/// <summary>The server's end of an HDLC link, on a serial line or a TCP connection.</summary>
/// <remarks>
/// IEC 62056-46. One client at a time; the SNRM of another one is answered DM while the link is open. The link ends by
/// DISC, or after the inactivity time-out, which every good frame of its own client restarts.
/// </remarks>
/// <param name="server">The server.</param>
/// <param name="proposal">The longest information fields and windows it supports; <see cref="HdlcParameters.Largest"/>
/// where null.</param>
/// <param name="physicalAddress">The lower address it answers to; null for any.</param>
/// <param name="clock">The time by which inactivity is measured; the server's where null.</param>
public sealed class HdlcServerSession(DlmsServer server, HdlcParameters? proposal = null, int? physicalAddress = null,
    TimeProvider? clock = null) : IServerSession
{
    private readonly HdlcParameters _proposal = proposal ?? HdlcParameters.Largest;
    private readonly TimeProvider _clock = clock ?? server.Clock;
    private readonly HdlcReceiver _receiver = new();
    private ServerAssociation? _association;
    private HdlcChannel? _channel;
    private byte[] _client = [];
    private long _lastFrame;

    /// <inheritdoc/>
    public async ValueTask<bool> ReceiveAsync(ReadOnlyMemory<byte> octets, WireWriter answer,
        CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(answer);
        _receiver.Add(octets.Span);
        while (_receiver.TryTake(out var frame))
        {
            if (!IsForThisServer(frame) || frame.Source.Length != 1)
                continue;
            if (_channel is not null && _clock.GetElapsedTime(_lastFrame) >= server.Options.HdlcInactivityTimeout)
                Dispose();
            var isOwnClient = _channel is not null && frame.Source.AsSpan().SequenceEqual(_client);
            if (isOwnClient)
                _lastFrame = _clock.GetTimestamp();
            if (frame.Kind == HdlcKind.SetNormalResponseMode)
                Open(frame, answer);
            else if (!isOwnClient)
                Send(frame, HdlcFrame.Dm, answer);
            else if (frame.Kind == HdlcKind.Disconnect)
                Close(frame, answer);
            else if (frame.Kind is HdlcKind.Information or HdlcKind.ReceiveReady or HdlcKind.ReceiveNotReady)
                await ServeAsync(_channel!, frame, answer, cancellation).ConfigureAwait(false);
            else if (frame.Kind != HdlcKind.Unnumbered)
                Send(frame, HdlcFrame.Frmr, answer);
            if (_association is { EndsConnection: true })
                return false;
        }

        return true;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _association?.Dispose();
        _association = null;
        _channel = null;
    }

    private async ValueTask ServeAsync(HdlcChannel channel, HdlcFrame frame, WireWriter answer,
        CancellationToken cancellation)
    {
        var isWhole = channel.Receive(frame, answer);
        if (!isWhole && !channel.MaySend)
            return;
        // A client that only polls gets the next block of a general block transfer, where its window has room for one.
        var response = isWhole ? await _association!.AnswerAsync(channel.Apdu, cancellation).ConfigureAwait(false)
            : _association!.TryNext(out var block) ? block : default;
        if (response.IsEmpty)
            channel.Ready(answer);
        else
            channel.Send(response.Span, answer);
    }

    private void Open(HdlcFrame frame, WireWriter answer)
    {
        var isFree = _channel is null || frame.Source.AsSpan().SequenceEqual(_client);
        if (!isFree || !HdlcParameters.TryRead(frame.Information, out var proposed)
            || server.Open(frame.Source[0] >> 1, Upper(frame.Destination)) is not { } association)
        {
            Send(frame, HdlcFrame.Dm, answer);
            return;
        }

        Dispose();
        var agreed = _proposal.AgreeWith(proposed);
        _client = frame.Source;
        _association = association;
        _channel = new HdlcChannel(frame.Destination, frame.Source, true, agreed,
            Math.Max((int)server.Options.MaximumPdu, 512));
        _lastFrame = _clock.GetTimestamp();
        new HdlcFrame(frame.Source, frame.Destination, HdlcFrame.Ua, false, agreed.ToArray()).Write(answer);
    }

    private void Close(HdlcFrame frame, WireWriter answer)
    {
        Dispose();
        Send(frame, HdlcFrame.Ua, answer);
    }

    private static void Send(HdlcFrame request, byte control, WireWriter answer) =>
        new HdlcFrame(request.Source, request.Destination, control, false, []).Write(answer);

    private bool IsForThisServer(HdlcFrame frame) =>
        Upper(frame.Destination) == server.Options.Sap
            && (physicalAddress is null || Lower(frame.Destination) == physicalAddress);

    private static int Upper(byte[] address) =>
        address.Length == 4 ? ((address[0] >> 1) << 7) | (address[1] >> 1) : address[0] >> 1;

    private static int? Lower(byte[] address) => address.Length switch
    {
        2 => address[1] >> 1,
        4 => ((address[2] >> 1) << 7) | (address[3] >> 1),
        _ => null,
    };
}
