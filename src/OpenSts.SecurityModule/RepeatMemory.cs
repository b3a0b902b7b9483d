namespace OpenSts.SecurityModule;

/// <summary>What is kept of a token that was made: enough to make the same one again.</summary>
/// <param name="Entry">Its entry in the log; nothing may be answered before that is durable.</param>
/// <param name="Random">Its four random bits.</param>
internal readonly record struct SoldToken(ulong Entry, byte Random);

/// <summary>The last tokens by what was asked for: a request that comes again gets the same token and counts once.</summary>
/// <remarks>
/// A host that got no answer asks again, perhaps on another connection. All that a token is made of but its random bits fits into
/// 128 bits, so the memory compares requests themselves, not a digest of them. It is two halves: when the younger one is full the
/// older one is forgotten whole, so that remembering costs the same at any time. Not safe for several threads.
/// </remarks>
/// <param name="capacity">How many are remembered at most; half as many for certain.</param>
internal sealed class RepeatMemory(int capacity)
{
    private const int FirstRoom = 1024;
    private readonly int _half = (capacity + 1) / 2;
    private Dictionary<UInt128, SoldToken> _younger = [];
    private Dictionary<UInt128, SoldToken> _older = [];

    /// <summary>The token of an earlier request, where it is still remembered.</summary>
    public bool TryFind(UInt128 request, out SoldToken sold) => _younger.TryGetValue(request, out sold) || _older.TryGetValue(request, out sold);

    /// <summary>Remembers a token.</summary>
    public void Add(UInt128 request, SoldToken sold)
    {
        if (_half == 0)
            return;
        if (_younger.Count == _half)
        {
            (_younger, _older) = (_older, _younger);
            _younger.Clear();
        }

        // A table that doubles again and again would stand still for longer each time.
        if (_younger.Count == FirstRoom)
            _ = _younger.EnsureCapacity(_half);
        _younger.Add(request, sold);
    }
}
