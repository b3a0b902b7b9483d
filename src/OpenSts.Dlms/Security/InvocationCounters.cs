namespace OpenSts.Dlms.Security;

/// <summary>Where invocation counters outlive the process. A write has happened when the call returns.</summary>
public interface IInvocationCounterStore
{
    /// <summary>Every counter written so far, by name.</summary>
    IReadOnlyDictionary<string, uint> ReadAll();

    /// <summary>Writes one counter durably.</summary>
    /// <exception cref="IOException">It could not be written; nothing may be accepted or sent under it
    /// then.</exception>
    void Write(string name, uint value);
}

/// <summary>
/// The counters of one global key: the next to send, and the highest accepted from each client. Safe for several
/// threads.
/// </summary>
/// <remarks>
/// IEC 62056-5-3: a receiver takes no counter twice, and a sender never repeats one under a key. What is written is a
/// ceiling: the counters below it may have been used. After a crash everything below the ceiling is refused, so a
/// replay is refused at the price of at most one reservation of unused counters; a client learns the ceiling from the
/// invocation counter object of the public association.
/// </remarks>
public sealed class InvocationCounters
{
    /// <summary>How many clients' system titles are remembered; further ones are refused.</summary>
    public const int MaximumClients = 64;

    private const string Sent = "sent";
    private readonly Lock _lock = new();
    private readonly IInvocationCounterStore _store;
    private readonly uint _reservation;
    private readonly Dictionary<ulong, (uint Highest, uint Ceiling)> _received = [];
    private ulong _next;
    private ulong _sendCeiling;
    private bool _isRetired;

    /// <summary>Continues above what the store holds.</summary>
    /// <param name="store">Where the ceilings are.</param>
    /// <param name="reservation">How many counters one write covers, 1 to 65536. 1 writes for every APDU.</param>
    public InvocationCounters(IInvocationCounterStore store, int reservation = 1024)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentOutOfRangeException.ThrowIfLessThan(reservation, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(reservation, 65_536);
        _store = store;
        _reservation = (uint)reservation;
        foreach (var (name, value) in store.ReadAll())
        {
            if (name == Sent)
                _next = _sendCeiling = (ulong)value + 1;
            else if (ulong.TryParse(name, System.Globalization.NumberStyles.AllowHexSpecifier, null, out var title)
                && _received.Count < MaximumClients)
                _received[title] = (value, value);
        }
    }

    /// <summary>
    /// The highest counter that may have been accepted from any client: a client that starts above it is fresh. 0
    /// before the first.
    /// </summary>
    public uint HighestReceived
    {
        get
        {
            lock (_lock)
                return _received.Count == 0 ? 0 : _received.Values.Max(counter => counter.Highest);
        }
    }

    /// <summary>The highest counter that may have been accepted from a client; -1 before the first.</summary>
    public long HighestReceivedFrom(SystemTitle client)
    {
        lock (_lock)
            return _received.TryGetValue(client.Value, out var last) ? last.Highest : -1;
    }

    /// <summary>The next counter to send under; false when the key is used up and must be replaced.</summary>
    public bool TryNext(out uint counter)
    {
        lock (_lock)
        {
            counter = 0;
            if (_isRetired || _next > uint.MaxValue)
                return false;
            if (_next >= _sendCeiling)
            {
                var ceiling = Math.Min(_next + _reservation, (ulong)uint.MaxValue + 1);
                _store.Write(Sent, (uint)(ceiling - 1));
                _sendCeiling = ceiling;
            }

            counter = (uint)_next++;
            return true;
        }
    }

    /// <summary>
    /// Takes the counter of an authenticated APDU; false where it is not above every one before from that client.
    /// </summary>
    public bool TryAccept(SystemTitle client, uint counter)
    {
        lock (_lock)
        {
            if (_isRetired)
                return false;
            var known = _received.TryGetValue(client.Value, out var last);
            if (known ? counter <= last.Highest : _received.Count >= MaximumClients)
                return false;
            var ceiling = last.Ceiling;
            if (!known || counter > ceiling)
            {
                ceiling = (uint)Math.Min((ulong)counter + _reservation - 1, uint.MaxValue);
                _store.Write(client.ToString(), ceiling);
            }

            _received[client.Value] = (counter, ceiling);
            return true;
        }
    }

    /// <summary>True where a client's counter would be accepted now.</summary>
    public bool IsFresh(SystemTitle client, uint counter)
    {
        lock (_lock)
            return !_isRetired && (_received.TryGetValue(client.Value, out var last) ? counter > last.Highest
                : _received.Count < MaximumClients);
    }

    /// <summary>Writes the counters as they stand, so that a tidy end loses none.</summary>
    public void Settle()
    {
        lock (_lock)
        {
            if (_next > 0)
            {
                _store.Write(Sent, (uint)(_next - 1));
                _sendCeiling = _next;
            }

            foreach (var (title, (highest, _)) in _received.ToArray())
            {
                _store.Write(title.ToString("X16"), highest);
                _received[title] = (highest, highest);
            }
        }
    }

    /// <summary>
    /// Ends their use: nothing is accepted or given out any more, because other keys have taken the place of the key.
    /// </summary>
    /// <param name="startAgain">True where the encryption key is a new one: its counters begin at nothing.</param>
    public void Retire(bool startAgain)
    {
        Settle();
        lock (_lock)
        {
            _isRetired = true;
            if (!startAgain)
                return;
            foreach (var title in _received.Keys)
                _store.Write(title.ToString("X16"), 0);
            _store.Write(Sent, 0);
        }
    }
}
