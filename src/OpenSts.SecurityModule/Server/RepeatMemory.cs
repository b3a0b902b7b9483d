namespace OpenSts.SecurityModule.Server;

/// <summary>What is kept of a token that was made: enough to make the same one again.</summary>
/// <param name="Entry">Its entry in the log; nothing may be answered before that is durable.</param>
/// <param name="Random">Its four random bits.</param>
internal readonly record struct SoldToken(ulong Entry, byte Random);

/// <summary>The last tokens by what was asked for: a request that comes again gets the same token and counts once.</summary>
/// <remarks>
/// A host that got no answer asks again, perhaps on another connection. All that a token is made of but its random bits fits into
/// 128 bits, so the memory compares requests themselves, not a digest of them. Not safe for several threads.
/// </remarks>
internal sealed class RepeatMemory(int capacity)
{
    private readonly Dictionary<UInt128, SoldToken> _sold = [];
    private readonly Queue<UInt128> _order = new();

    /// <summary>The token of an earlier request, where it is still remembered.</summary>
    public bool TryFind(UInt128 request, out SoldToken sold) => _sold.TryGetValue(request, out sold);

    /// <summary>Remembers a token; the oldest one is forgotten for it.</summary>
    public void Add(UInt128 request, SoldToken sold)
    {
        if (capacity == 0)
            return;
        if (_order.Count == capacity)
            _ = _sold.Remove(_order.Dequeue());
        _sold.Add(request, sold);
        _order.Enqueue(request);
    }
}
