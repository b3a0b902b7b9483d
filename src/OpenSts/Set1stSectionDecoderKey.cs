namespace OpenSts;

/// <summary>The first section: class 2 subclass 3.</summary>
public sealed record Set1stSectionDecoderKey : KeyChangeToken
{
    /// <summary>Upper four bits of the new key expiry number.</summary>
    public required int KeyExpiryHigh { get; init; }

    /// <summary>The new revision.</summary>
    public required KeyRevisionNumber KeyRevisionNumber { get; init; }

    /// <summary>RO: the base date changes, so the meter forgets the identifiers it has seen.</summary>
    public required bool Rollover { get; init; }

    /// <summary>3KCT: a third token with the supply group code belongs to the set of a 64-bit key.</summary>
    public required bool ThirdTokenFollows { get; init; }

    /// <summary>The type of the new key.</summary>
    public required KeyType KeyType { get; init; }

    /// <inheritdoc/>
    public override int Subclass => 3;

    /// <inheritdoc/>
    public override string Name => nameof(Set1stSectionDecoderKey);
}
