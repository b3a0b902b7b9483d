using OpenSts.Dlms.Wire;

namespace OpenSts.Dlms.Framing;

/// <summary>An open link as one end sees it: sequence numbers, segments, windows and retransmission.</summary>
/// <remarks>
/// IEC 62056-46. An end sends as many information frames as the window allows, the last of them with the poll or final
/// bit; then the other end may send. The first segment of an APDU begins with three octets of LLC: E6h E6h 00h from
/// the client, E6h E7h 00h from the server.
/// </remarks>
internal sealed class HdlcChannel(byte[] own, byte[] other, bool isServer, HdlcParameters parameters, int maximumApdu)
{
    private const int PollOrFinal = 0x10;
    private const int LlcOctets = 3;
    private readonly WireWriter _incoming = new();
    private byte[] _outgoing = [];
    private int _firstNumber;
    private int _acknowledged;
    private int _sent;
    private int _receiveNumber;
    private bool _incomingIsWhole;
    private bool _overflows;

    /// <summary>The APDU that has been received completely; valid until the next frame.</summary>
    public ReadOnlyMemory<byte> Apdu => _incoming.WrittenMemory[LlcOctets..];

    /// <summary>True where the last frame only let this end send, and nothing of ours is unacknowledged.</summary>
    public bool MaySend { get; private set; }

    private int Segments => (_outgoing.Length + parameters.TransmitLength - 1) / parameters.TransmitLength;

    /// <summary>Begins to send an APDU: writes the first window of frames.</summary>
    public void Send(ReadOnlySpan<byte> apdu, WireWriter destination)
    {
        _firstNumber = (_firstNumber + _acknowledged) & 7;
        _outgoing = [0xE6, isServer ? (byte)0xE7 : (byte)0xE6, 0, .. apdu];
        _acknowledged = _sent = 0;
        SendWindow(destination);
    }

    /// <summary>Takes an information or supervisory frame and writes the frames that answer it.</summary>
    /// <returns>True where an APDU has been received completely.</returns>
    public bool Receive(HdlcFrame frame, WireWriter destination)
    {
        MaySend = false;
        if (frame.Kind is not (HdlcKind.Information or HdlcKind.ReceiveReady))
            return false;
        var isInStep = TryAcknowledge(frame.ReceiveNumber);
        if (frame.Kind == HdlcKind.Information)
            return ReceiveSegment(frame, destination);
        if (!isInStep)
            RepeatAsServer(destination);
        else if (_acknowledged < Segments)
            Resume(destination);
        else
            MaySend = true;
        return false;
    }

    /// <summary>Writes once more what the other end has not acknowledged, as after a time-out.</summary>
    public void Repeat(WireWriter destination)
    {
        if (_acknowledged < _sent)
            Resume(destination);
        else
            Ready(destination);
    }

    /// <summary>Lets the other end send: writes a frame without information.</summary>
    public void Ready(WireWriter destination)
    {
        MaySend = false;
        new HdlcFrame(other, own, (byte)((_receiveNumber << 5) | PollOrFinal | 1), false, []).Write(destination);
    }

    // The number of the frame the other end expects next. False for a number outside what was sent.
    private bool TryAcknowledge(int number)
    {
        var count = (number - _firstNumber - _acknowledged) & 7;
        if (count > _sent - _acknowledged)
            return false;
        _acknowledged += count;
        return true;
    }

    // The server answers a frame that is out of step by repeating; the client repeats after a time-out. If both did,
    // it would never end.
    private void RepeatAsServer(WireWriter destination)
    {
        if (isServer)
            Repeat(destination);
    }

    private bool ReceiveSegment(HdlcFrame frame, WireWriter destination)
    {
        // A number that came before, because the answer to it was lost, or one behind a frame that was lost.
        if (frame.SendNumber != _receiveNumber)
        {
            if (frame.IsPollOrFinal)
                RepeatAsServer(destination);
            return false;
        }

        // Complete with the last frame: this one begins another APDU.
        if (_incomingIsWhole)
            _incoming.Clear();
        _incomingIsWhole = !frame.IsSegmented;
        _receiveNumber = (_receiveNumber + 1) & 7;
        if (_incoming.Length + frame.Information.Length > maximumApdu + LlcOctets)
            _overflows = true;
        else
            _incoming.Bytes(frame.Information);
        if (frame.IsSegmented)
        {
            if (frame.IsPollOrFinal)
                Ready(destination);
            return false;
        }

        // An APDU answers everything of ours before it.
        _acknowledged = _sent;
        var isGood = !_overflows && _incoming.Length >= LlcOctets && _incoming.Written[0] == 0xE6
            && _incoming.Written[1] is 0xE6 or 0xE7;
        _overflows = false;
        if (!isGood)
            Ready(destination);
        return isGood;
    }

    private void Resume(WireWriter destination)
    {
        _sent = _acknowledged;
        SendWindow(destination);
    }

    private void SendWindow(WireWriter destination)
    {
        MaySend = false;
        var end = Math.Min(Segments, _acknowledged + parameters.TransmitWindow);
        while (_sent < end)
        {
            var at = _sent * parameters.TransmitLength;
            var segment = _outgoing.AsSpan(at, Math.Min(parameters.TransmitLength, _outgoing.Length - at)).ToArray();
            var number = (_firstNumber + _sent) & 7;
            _sent++;
            var control = (_receiveNumber << 5) | (_sent == end ? PollOrFinal : 0) | (number << 1);
            new HdlcFrame(other, own, (byte)control, _sent < Segments, segment).Write(destination);
        }
    }
}
