using OpenSts.Dlms.Wire;

namespace OpenSts.Dlms.Apdu;

/// <summary>What a block that came leads to.</summary>
internal enum BlockOutcome
{
    /// <summary>The other party goes on, or everything is over: nothing is to be sent.</summary>
    More,

    /// <summary>It is our turn: what <see cref="BlockExchange.TryNext"/> gives is to be sent.</summary>
    Turn,

    /// <summary>The other party's APDU is here as a whole.</summary>
    Whole,

    /// <summary>The other party gave up.</summary>
    Aborted,

    /// <summary>The block does not belong here, or the limits are reached.</summary>
    Refused,
}

/// <summary>One party's end of one general block transfer, in both directions. It does no I/O.</summary>
/// <remarks>
/// IEC 62056-5-3. A party sends as many blocks as the other's window holds, all but the last of them streaming; then
/// the other has the word. Blocks that came behind a missing one are kept, and the missing ones asked for.
/// </remarks>
/// <param name="window">How many blocks this party takes before it has the word, 1 to 63.</param>
/// <param name="pdu">The longest APDU the other party takes, in octets.</param>
/// <param name="maximum">The most octets the other party's APDU may have.</param>
internal sealed class BlockExchange(int window, int pdu, int maximum)
{
    // Blocks that bring neither party forward, one after the other: a window behind a gap, and some.
    private const int MaximumIdleBlocks = 2 * GeneralBlock.MaximumWindow;
    private readonly WireWriter _incoming = new();
    private readonly Dictionary<int, ReadOnlyMemory<byte>> _early = [];
    private readonly int _room = GeneralBlock.Room(pdu);
    private byte[]? _outgoing;
    private int _earlyOctets;
    private int _received;
    private int _last;
    private int _theirWindow = 1;
    private int _before;
    private int _sent;
    private int _acknowledged;
    private int _nextInTurn;
    private int _lastInTurn = -1;
    private int _idleBlocks;

    /// <summary>The other party's APDU, once it is whole; valid until the next call.</summary>
    public ReadOnlyMemory<byte> Incoming => _incoming.WrittenMemory;

    /// <summary>True once our APDU is the answer.</summary>
    public bool IsAnswering { get; private set; }

    /// <summary>True while the other party's first block has not come.</summary>
    public bool LacksFirst => _received == 0;

    // The number of our last block with octets.
    private int Final => _before + Math.Max(1, ((_outgoing?.Length ?? 0) + _room - 1) / _room);

    private bool IsDelivered => _outgoing is null || _acknowledged >= Final;

    /// <summary>Has an APDU to send, and the word.</summary>
    /// <param name="apdu">What the other party is to have.</param>
    /// <param name="isAnswer">True where the transfer ends with it.</param>
    /// <returns>False where it has more blocks than can be numbered.</returns>
    public bool TrySend(ReadOnlySpan<byte> apdu, bool isAnswer)
    {
        _outgoing = apdu.ToArray();
        IsAnswering = isAnswer;
        _before = _acknowledged = _sent;
        if (Final > ushort.MaxValue)
            return false;
        BeginTurn();
        return true;
    }

    /// <summary>Takes a block.</summary>
    public BlockOutcome Receive(GeneralBlock block)
    {
        if (block.IsAbort)
            return BlockOutcome.Aborted;
        _theirWindow = Math.Max(1, block.Window);
        var wasDelivered = IsDelivered;
        if (!wasDelivered && (block.Acknowledged < _acknowledged || block.Acknowledged > _sent))
            return BlockOutcome.Refused;
        var isForward = !wasDelivered && block.Acknowledged > _acknowledged;
        if (!wasDelivered)
            _acknowledged = block.Acknowledged;
        // While this party answers, the other one's blocks are empty and only acknowledge: none of them can be
        // missing.
        if (IsAnswering)
            _received = Math.Max(_received, block.Number);
        if (IsAnswering && (IsDelivered || !block.Octets.IsEmpty))
            return IsDelivered ? BlockOutcome.More : BlockOutcome.Refused;
        if (!IsAnswering)
        {
            var before = _received;
            if (!TryTake(block, isWholeAnswer: IsDelivered))
                return BlockOutcome.Refused;
            isForward |= _received > before;
            if (_last != 0 && _received == _last)
                return BlockOutcome.Whole;
        }

        _idleBlocks = isForward ? 0 : _idleBlocks + 1;
        if (_idleBlocks > MaximumIdleBlocks)
            return BlockOutcome.Refused;
        if (!IsAnswering && block is { IsStreaming: true, IsLast: false })
            return BlockOutcome.More;
        if (_sent == ushort.MaxValue)
            return BlockOutcome.Refused;
        BeginTurn();
        return BlockOutcome.Turn;
    }

    /// <summary>The next block of our turn; false where the other party has the word.</summary>
    /// <param name="destination">The block is written there.</param>
    /// <param name="endsTurn">True for the last block of the turn: it is answered.</param>
    public bool TryNext(WireWriter destination, out bool endsTurn)
    {
        endsTurn = _nextInTurn == _lastInTurn;
        if (_nextInTurn > _lastInTurn)
            return false;
        var number = _nextInTurn++;
        _sent = Math.Max(_sent, number);
        var at = (number - _before - 1) * _room;
        var hasOctets = _outgoing is not null && number <= Final;
        new GeneralBlock
        {
            IsLast = _outgoing is not null && number >= Final,
            IsStreaming = !endsTurn,
            Window = Wanted(),
            Number = (ushort)number,
            Acknowledged = (ushort)_received,
            Octets = hasOctets ? _outgoing.AsMemory(at, Math.Min(_room, _outgoing!.Length - at)) : default,
        }.Write(destination);
        return true;
    }

    // The blocks the other party lacks, as many as it takes; where it lacks none, one without octets that says how far
    // its own have come.
    private void BeginTurn()
    {
        _nextInTurn = (IsDelivered ? _sent : _acknowledged) + 1;
        _lastInTurn = IsDelivered ? _nextInTurn : Math.Min(Final, _acknowledged + _theirWindow);
    }

    // After a gap only what is missing is asked for.
    private int Wanted() => _early.Count > 0 ? _early.Keys.Min() - _received - 1 : window;

    private bool TryTake(GeneralBlock block, bool isWholeAnswer)
    {
        var number = block.Number;
        // What has no octets while ours are still under way only acknowledges, whatever it says about its end.
        var isLast = block.IsLast && (isWholeAnswer || !block.Octets.IsEmpty);
        if (isLast)
        {
            if ((_last != 0 && _last != number) || number < _received || _early.Keys.Any(each => each > number))
                return false;
            _last = number;
        }

        // It came before.
        if (number <= _received || _early.ContainsKey(number))
            return true;
        if (number > _received + GeneralBlock.MaximumWindow || (_last != 0 && number > _last) || _incoming.Length
            + _earlyOctets + block.Octets.Length > maximum)
            return false;
        if (number > _received + 1)
        {
            _early[number] = block.Octets;
            _earlyOctets += block.Octets.Length;
            return true;
        }

        Append(block.Octets);
        while (_early.Remove(_received + 1, out var octets))
        {
            _earlyOctets -= octets.Length;
            Append(octets);
        }

        return true;
    }

    private void Append(ReadOnlyMemory<byte> octets)
    {
        _received++;
        _incoming.Bytes(octets.Span);
    }
}
