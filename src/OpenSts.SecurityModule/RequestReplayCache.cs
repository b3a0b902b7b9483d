namespace OpenSts.SecurityModule;

/// <summary>What is kept of a token that was issued: enough to make the same one again.</summary>
/// <param name="Entry">Its entry in the log; nothing may be answered before that is durable.</param>
/// <param name="Random">Its four random bits.</param>
internal readonly record struct IssuedToken(ulong Entry, byte Random);

/// <summary>
/// The last issued tokens by request: a request that is repeated gets the same token and counts once.
/// </summary>
/// <remarks>
/// A host that got no answer asks again, perhaps on another connection. All that a token is made of but its random
/// bits fits into
/// 128 bits, so requests themselves are compared, not a digest of them. There are two halves: when the younger one is
/// full the older one is dropped as a whole, so that adding takes the same time always. Not safe for several threads.
/// </remarks>
/// <param name="capacity">How many requests are kept at most; half as many for certain.</param>
internal sealed class RequestReplayCache(int capacity)
{
    private const int FirstCapacity = 1024;
    private readonly int _half = (capacity + 1) / 2;
    private Dictionary<UInt128, IssuedToken> _younger = [];
    private Dictionary<UInt128, IssuedToken> _older = [];

    /// <summary>The token of an earlier request, where it is still kept.</summary>
    public bool TryFind(UInt128 request, out IssuedToken issued) =>
        _younger.TryGetValue(request, out issued) || _older.TryGetValue(request, out issued);

    /// <summary>Keeps a token.</summary>
    public void Add(UInt128 request, IssuedToken issued)
    {
        if (_half == 0)
            return;
        if (_younger.Count == _half)
        {
            (_younger, _older) = (_older, _younger);
            _younger.Clear();
        }

        // A table that doubles again and again would stop for longer each time.
        if (_younger.Count == FirstCapacity)
            _ = _younger.EnsureCapacity(_half);
        _younger.Add(request, issued);
    }
}
