namespace OpenSts.Meter.Carriers.LocalPort;

/// <summary>Finds messages in the characters a meter's port receives. Whatever comes, it never waits for more than a
/// gap allows.</summary>
internal sealed class LocalPortMessageReader(ParityHandling parity)
{
    /// <summary>A longer gap between two characters of a message discards it.</summary>
    public static readonly TimeSpan LongestGap = TimeSpan.FromMilliseconds(1500);

    private readonly byte[] _message = new byte[ControlCharacters.LongestMessage];
    private int _length;
    private bool _isBad;
    private bool _awaitsCheck;
    private TimeSpan _last;

    /// <summary>Takes one octet; a message when it completes one, else null.</summary>
    public LocalPortMessage? Take(byte octet, TimeSpan now)
    {
        if (now - _last > LongestGap)
            Reset();
        _last = now;
        var isGood = parity == ParityHandling.ByTheLine ? octet < 0x80 : ControlCharacters.HasEvenParity(octet);
        var character = (byte)(octet & 0x7F);
        if (_awaitsCheck)
            return Finish(character, isGood);
        // A new beginning inside a message means that the rest of the old one was lost.
        if (isGood && character is ControlCharacters.Soh or (byte)'/')
            Reset();
        if (_length == 0)
            return Begin(character, isGood);
        if (_length == _message.Length)
        {
            Reset();
            return new Malformed();
        }

        _isBad |= !isGood;
        _message[_length++] = character;
        if (_message[0] == ControlCharacters.Soh)
        {
            _awaitsCheck = character == ControlCharacters.Etx;
            return null;
        }

        return character == ControlCharacters.Lf ? FinishIdRequest() : null;
    }

    private Repeat? Begin(byte character, bool isGood)
    {
        if (!isGood)
            return null;
        if (character == ControlCharacters.Nak)
            return new Repeat();
        if (character is ControlCharacters.Soh or (byte)'/')
            _message[_length++] = character;
        return null;
    }

    private LocalPortMessage Finish(byte check, bool isGood)
    {
        var characters = _message.AsSpan(1, _length - 1);
        LocalPortMessage message = !_isBad && isGood
            && ControlCharacters.Check(characters) == check ? LocalPortMessage.Read(characters) : new Malformed();
        Reset();
        return message;
    }

    private IdRequest? FinishIdRequest()
    {
        // What begins like an IDRequest and is none was not meant for this meter: no answer.
        var isRequest = !_isBad && _message.AsSpan(0, _length).SequenceEqual("/?!\r\n"u8);
        Reset();
        return isRequest ? new IdRequest() : null;
    }

    private void Reset()
    {
        _length = 0;
        _isBad = false;
        _awaitsCheck = false;
    }
}
