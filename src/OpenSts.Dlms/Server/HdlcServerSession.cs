using OpenSts.Dlms.Framing;
using OpenSts.Dlms.Wire;

namespace OpenSts.Dlms.Server;

/// <summary>The server's end of an HDLC link, on a serial line or a TCP connection.</summary>
/// <remarks>IEC 62056-46. One client at a time: another one's SNRM takes the link over once the first has ended, and is answered DM before.</remarks>
/// <param name="server">The server.</param>
/// <param name="proposal">The longest information fields it takes and sends.</param>
/// <param name="physicalAddress">The lower address it answers to; null for any.</param>
public sealed class HdlcServerSession(DlmsServer server, HdlcParameters? proposal = null, int? physicalAddress = null) : IServerSession
{
    private readonly HdlcParameters _proposal = proposal ?? new HdlcParameters(HdlcParameters.Usual, HdlcParameters.Usual);
    private readonly HdlcReceiver _receiver = new();
    private ServerAssociation? _association;
    private HdlcChannel? _channel;
    private byte[] _client = [];

    /// <inheritdoc/>
    public async ValueTask<bool> ReceiveAsync(ReadOnlyMemory<byte> octets, WireWriter answer, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(answer);
        _receiver.Add(octets.Span);
        while (_receiver.TryTake(out var frame))
        {
            if (!IsForUs(frame) || frame.Source.Length != 1)
                continue;
            if (frame.Kind == HdlcKind.SetNormalResponseMode)
                Open(frame, answer);
            else if (_channel is null || !frame.Source.AsSpan().SequenceEqual(_client))
                Send(frame, HdlcFrame.Dm, answer);
            else if (frame.Kind == HdlcKind.Disconnect)
                Close(frame, answer);
            else if (frame.Kind is HdlcKind.Information or HdlcKind.ReceiveReady or HdlcKind.ReceiveNotReady)
                await ServeAsync(_channel, frame, answer, cancellation).ConfigureAwait(false);
            else if (frame.Kind != HdlcKind.Unnumbered)
                Send(frame, HdlcFrame.Frmr, answer);
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

    private async ValueTask ServeAsync(HdlcChannel channel, HdlcFrame frame, WireWriter answer, CancellationToken cancellation)
    {
        var isWhole = channel.Receive(frame, answer);
        if (!isWhole && !channel.HasTheWord)
            return;
        // A client that only asks for more gets the next block, where its window has room for one.
        var response = isWhole ? await _association!.AnswerAsync(channel.Apdu, cancellation).ConfigureAwait(false) : _association!.TryNext(out var block) ? block : default;
        if (response.IsEmpty)
            channel.Ready(answer);
        else
            channel.Send(response.Span, answer);
    }

    private void Open(HdlcFrame frame, WireWriter answer)
    {
        var isFree = _channel is null || frame.Source.AsSpan().SequenceEqual(_client);
        if (!isFree || !HdlcParameters.TryRead(frame.Information, out var asked) || server.Open(frame.Source[0] >> 1, Upper(frame.Destination)) is not { } association)
        {
            Send(frame, HdlcFrame.Dm, answer);
            return;
        }

        Dispose();
        var agreed = _proposal.AgreeWith(asked);
        _client = frame.Source;
        _association = association;
        _channel = new HdlcChannel(frame.Destination, frame.Source, true, agreed, Math.Max((int)server.Options.MaximumPdu, 512));
        new HdlcFrame(frame.Source, frame.Destination, HdlcFrame.Ua, false, agreed.ToArray()).Write(answer);
    }

    private void Close(HdlcFrame frame, WireWriter answer)
    {
        Dispose();
        Send(frame, HdlcFrame.Ua, answer);
    }

    private static void Send(HdlcFrame request, byte control, WireWriter answer) =>
        new HdlcFrame(request.Source, request.Destination, control, false, []).Write(answer);

    private bool IsForUs(HdlcFrame frame) => Upper(frame.Destination) == server.Options.Sap && (physicalAddress is null || Lower(frame.Destination) == physicalAddress);

    private static int Upper(byte[] address) => address.Length == 4 ? ((address[0] >> 1) << 7) | (address[1] >> 1) : address[0] >> 1;

    private static int? Lower(byte[] address) => address.Length switch
    {
        2 => address[1] >> 1,
        4 => ((address[2] >> 1) << 7) | (address[3] >> 1),
        _ => null,
    };
}
