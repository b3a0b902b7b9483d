namespace OpenSts;

/// <summary>The first section of a new decoder key: class 2 subclass 3.</summary>
public sealed record Set1stSectionDecoderKey : KeyChangeToken
{
    /// <summary>The upper four bits of the new key expiry number, 0 to 15.</summary>
    public required int KeyExpiryHigh { get; init; }

    /// <summary>The new key revision number.</summary>
    public required KeyRevisionNumber KeyRevisionNumber { get; init; }

    /// <summary>RO: the base date changes, and the meter clears the token identifiers that it stores.</summary>
    public required bool Rollover { get; init; }

    /// <summary>3KCT: the set of a 64-bit key contains a third token, with the supply group code.</summary>
    public required bool ThirdTokenFollows { get; init; }

    /// <summary>The type of the new key.</summary>
    public required KeyType KeyType { get; init; }

    /// <inheritdoc/>
    public override int Subclass => 3;

    /// <inheritdoc/>
    public override string Name => nameof(Set1stSectionDecoderKey);
}
