namespace OpenSts.Keys;

/// <summary>Why a key change set was not made, in the order of the checks.</summary>
public enum KeyChangeFault
{
    /// <summary>The set was made.</summary>
    None,

    /// <summary>The set would be for another meter, or the meter's cipher would change.</summary>
    DifferentMeter,

    /// <summary>A key of the old type may not be followed by one of the new type.</summary>
    KeyType,

    /// <summary>The new key has already expired.</summary>
    NewKeyExpired,

    /// <summary>A 64-bit key takes 2 or 3 tokens, a 128-bit key 4.</summary>
    TokenCount,
}

/// <summary>
/// The tokens that move a meter from one decoder key to another: 2 or 3 for a 64-bit key, 4 for a 128-bit key.
/// </summary>
/// <remarks>
/// IEC 62055-41, key change tokens. All are encrypted with the old key, carry the attributes of the new one and have
/// neither identifier nor random bits, so that the same change always gives the same digits. They may be entered in
/// any order.
/// </remarks>
public static class KeyChangeSet
{
    private const int MostTokens = 4;

    /// <summary>The default number of tokens of a set: 2 for EA07, 4 for EA11.</summary>
    public static int DefaultCount(EncryptionAlgorithm ea) => ea == EncryptionAlgorithm.Ea11 ? 4 : 2;

    /// <summary>Makes the set of a change.</summary>
    /// <param name="change">The change.</param>
    /// <param name="tokens">The tokens, 1st to last; empty on failure.</param>
    public static KeyChangeFault TryIssue(KeyChange change, out Token66[] tokens)
    {
        ArgumentNullException.ThrowIfNull(change);
        Span<Token66> set = stackalloc Token66[MostTokens];
        var fault = TryIssue(change, set, out var count);
        tokens = set[..count].ToArray();
        return fault;
    }

    /// <summary>Makes the set of a change without allocating.</summary>
    /// <param name="change">The change.</param>
    /// <param name="tokens">Room for four tokens; receives them, 1st to last.</param>
    /// <param name="count">How many there are; 0 on failure.</param>
    /// <exception cref="ArgumentException">There is room for fewer tokens than the set has.</exception>
    public static KeyChangeFault TryIssue(KeyChange change, Span<Token66> tokens, out int count)
    {
        ArgumentNullException.ThrowIfNull(change);
        count = 0;
        var fault = Check(change);
        if (fault != KeyChangeFault.None)
            return fault;
        if (tokens.Length < change.Count)
            throw new ArgumentException($"The set has {change.Count} tokens.", nameof(tokens));
        var to = change.To;
        using var lease = change.ToKey.Lease();
        var key = lease.Bytes;
        var (ken, sgc) = (to.KeyExpiryNumber.Value, to.SupplyGroupCode.Value);
        Put(tokens, 0, change, TokenLayout.FirstSection(ken >> 4, to.KeyRevisionNumber, change.IsRollover,
            change.Count == 3, to.KeyType, Section(key, 0)));
        Put(tokens, 1, change, TokenLayout.SecondSection(ken & 15, to.TariffIndex, Section(key, key.Length - 4)));
        if (change.Count == 3)
            Put(tokens, 2, change, TokenLayout.ThirdSection(to.SupplyGroupCode));
        if (change.Count == 4)
        {
            // IEC 62055-41: the four parts of a 128-bit key are sent in the order high, low, second, third.
            Put(tokens, 2, change, TokenLayout.ThirdSection(sgc & 0xFFF, Section(key, 4)));
            Put(tokens, 3, change, TokenLayout.FourthSection(sgc >> 12, Section(key, 8)));
        }

        count = change.Count;
        return KeyChangeFault.None;
    }

    /// <summary>Checks whether a change is allowed. The old key may be expired.</summary>
    public static KeyChangeFault Check(KeyChange change)
    {
        ArgumentNullException.ThrowIfNull(change);
        var (from, to) = (change.From, change.To);
        if (from.MeterPan != to.MeterPan || from.EncryptionAlgorithm != to.EncryptionAlgorithm)
            return KeyChangeFault.DifferentMeter;
        if (!from.KeyType.MayChangeTo(to.KeyType))
            return KeyChangeFault.KeyType;
        if (change.IssuedAt is { } at && to.KeyExpiryNumber.HasExpired(to.BaseDate, at))
            return KeyChangeFault.NewKeyExpired;
        var valid = to.EncryptionAlgorithm == EncryptionAlgorithm.Ea11 ? change.Count == 4 : change.Count is 2
            or 3;
        return valid ? KeyChangeFault.None : KeyChangeFault.TokenCount;
    }

    private static void Put(Span<Token66> tokens, int at, KeyChange change, TokenContent content) =>
        tokens[at] = new Token66(change.FromKey.Encrypt(content.Seal()));

    private static uint Section(ReadOnlySpan<byte> key, int offset) =>
        System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(key[offset..]);
}

/// <summary>A change of a meter's decoder key.</summary>
public sealed record KeyChange
{
    /// <summary>The attributes of the key the meter holds.</summary>
    public required DecoderKeyAttributes From { get; init; }

    /// <summary>The key the meter holds.</summary>
    public required DecoderKey FromKey { get; init; }

    /// <summary>The attributes of the key it shall hold.</summary>
    public required DecoderKeyAttributes To { get; init; }

    /// <summary>The key it shall hold.</summary>
    public required DecoderKey ToKey { get; init; }

    /// <summary>How many tokens: 2 or 3 for EA07, 4 for EA11.</summary>
    public required int Count { get; init; }

    /// <summary>The time against which the new key's expiry is checked; null for no check.</summary>
    public DateTimeOffset? IssuedAt { get; init; }

    /// <summary>RO: true exactly when the base date changes.</summary>
    // IEC 62055-41: RO makes the meter clear the token identifiers that it stores; they would all be above the new
    // ones.
    public bool IsRollover => From.BaseDate != To.BaseDate;
}
