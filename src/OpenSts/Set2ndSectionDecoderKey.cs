namespace OpenSts;

/// <summary>The second section of a new decoder key: class 2 subclass 4.</summary>
public sealed record Set2ndSectionDecoderKey : KeyChangeToken
{
    /// <summary>The lower four bits of the new key expiry number, 0 to 15.</summary>
    public required int KeyExpiryLow { get; init; }

    /// <summary>The new tariff index.</summary>
    public required TariffIndex TariffIndex { get; init; }

    /// <inheritdoc/>
    public override int Subclass => 4;

    /// <inheritdoc/>
    public override string Name => nameof(Set2ndSectionDecoderKey);
}
