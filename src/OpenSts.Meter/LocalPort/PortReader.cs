namespace OpenSts.Meter.LocalPort;

/// <summary>Finds messages in the characters a meter's port receives. Whatever comes, it never waits for more than a gap allows.</summary>
internal sealed class PortReader(PortParity parity)
{
    /// <summary>A longer silence inside a message ends it.</summary>
    public static readonly TimeSpan LongestGap = TimeSpan.FromMilliseconds(1500);

    private readonly byte[] _message = new byte[PortCharacters.Longest];
    private int _length;
    private bool _isBad;
    private bool _awaitsCheck;
    private TimeSpan _last;

    /// <summary>Takes one octet; a message when it completes one, else null.</summary>
    public PortMessage? Take(byte octet, TimeSpan now)
    {
        if (now - _last > LongestGap)
            Reset();
        _last = now;
        var isGood = parity == PortParity.ByTheLine ? octet < 0x80 : PortCharacters.HasEvenParity(octet);
        var character = (byte)(octet & 0x7F);
        if (_awaitsCheck)
            return Finish(character, isGood);
        // A new beginning inside a message means that the rest of the old one was lost.
        if (isGood && character is PortCharacters.Soh or (byte)'/')
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
        if (_message[0] == PortCharacters.Soh)
        {
            _awaitsCheck = character == PortCharacters.Etx;
            return null;
        }

        return character == PortCharacters.Lf ? FinishIdRequest() : null;
    }

    private Repeat? Begin(byte character, bool isGood)
    {
        if (!isGood)
            return null;
        if (character == PortCharacters.Nak)
            return new Repeat();
        if (character is PortCharacters.Soh or (byte)'/')
            _message[_length++] = character;
        return null;
    }

    private PortMessage Finish(byte check, bool isGood)
    {
        var characters = _message.AsSpan(1, _length - 1);
        PortMessage message = !_isBad && isGood && PortCharacters.Check(characters) == check ? PortMessage.Read(characters) : new Malformed();
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
