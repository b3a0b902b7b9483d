using OpenSts.Dlms.Wire;

namespace OpenSts.Dlms.Framing;

/// <summary>One direction each of an open link, seen from either end: numbers, pieces, and frames sent again.</summary>
/// <remarks>
/// IEC 62056-46, with a window of one frame: after each frame the other end has the word. The first piece of an APDU begins with three
/// octets of LLC: E6h E6h 00h from the client, E6h E7h 00h from the server.
/// </remarks>
internal sealed class HdlcChannel(byte[] own, byte[] other, bool isServer, HdlcParameters parameters, int maximumApdu)
{
    private const int PollOrFinal = 0x10;
    private const int LlcOctets = 3;
    private readonly WireWriter _incoming = new();
    private readonly WireWriter _lastSent = new();
    private byte[] _outgoing = [];
    private int _sent;
    private bool _awaitsReady;
    private bool _incomingIsWhole;
    private bool _overflows;
    private int _sendNumber;
    private int _receiveNumber;

    /// <summary>The APDU that has come as a whole; valid until the next frame.</summary>
    public ReadOnlyMemory<byte> Apdu => _incoming.WrittenMemory[LlcOctets..];

    /// <summary>True where the last frame only passed the word, with nothing of ours under way.</summary>
    public bool HasTheWord { get; private set; }

    /// <summary>Begins to send an APDU: writes the first frame.</summary>
    public void Send(ReadOnlySpan<byte> apdu, WireWriter destination)
    {
        _outgoing = [0xE6, isServer ? (byte)0xE7 : (byte)0xE6, 0, .. apdu];
        _sent = 0;
        SendPiece(destination);
    }

    /// <summary>Takes an information or supervisory frame and writes what answers it.</summary>
    /// <returns>True where an APDU has come as a whole.</returns>
    public bool Receive(HdlcFrame frame, WireWriter destination)
    {
        HasTheWord = false;
        if (frame.Kind == HdlcKind.Information)
            return ReceivePiece(frame, destination);
        if (frame.Kind != HdlcKind.ReceiveReady)
            return false;
        if (frame.ReceiveNumber != _sendNumber)
            RepeatAsServer(destination);
        else if (_awaitsReady)
            SendPiece(destination);
        else
            HasTheWord = true;
        return false;
    }

    /// <summary>Writes the last frame once more, as after a silence.</summary>
    public void Repeat(WireWriter destination) => destination.Bytes(_lastSent.Written);

    /// <summary>Passes the word: writes a frame without information.</summary>
    public void Ready(WireWriter destination) => Write(new HdlcFrame(other, own, (byte)((_receiveNumber << 5) | PollOrFinal | 1), false, []), destination);

    // Only the server answers what is out of step with a repetition; the client repeats after a silence. Both at once would never end.
    private void RepeatAsServer(WireWriter destination)
    {
        if (isServer)
            Repeat(destination);
    }

    private bool ReceivePiece(HdlcFrame frame, WireWriter destination)
    {
        // A number that came before: the answer to it was lost.
        if (frame.SendNumber != _receiveNumber)
        {
            RepeatAsServer(destination);
            return false;
        }

        // Whole at the last frame: what follows is another APDU.
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
            Ready(destination);
            return false;
        }

        var isGood = !_overflows && _incoming.Length >= LlcOctets && _incoming.Written[0] == 0xE6 && _incoming.Written[1] is 0xE6 or 0xE7;
        _overflows = false;
        if (!isGood)
            Ready(destination);
        return isGood;
    }

    private void SendPiece(WireWriter destination)
    {
        var count = Math.Min(parameters.Transmit, _outgoing.Length - _sent);
        var piece = _outgoing.AsSpan(_sent, count).ToArray();
        _sent += count;
        _awaitsReady = _sent < _outgoing.Length;
        var control = (_receiveNumber << 5) | PollOrFinal | (_sendNumber << 1);
        _sendNumber = (_sendNumber + 1) & 7;
        Write(new HdlcFrame(other, own, (byte)control, _awaitsReady, piece), destination);
    }

    private void Write(HdlcFrame frame, WireWriter destination)
    {
        HasTheWord = false;
        _lastSent.Clear();
        frame.Write(_lastSent);
        destination.Bytes(_lastSent.Written);
    }
}
