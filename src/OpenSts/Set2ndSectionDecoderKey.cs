namespace OpenSts;

/// <summary>The second section: class 2 subclass 4.</summary>
public sealed record Set2ndSectionDecoderKey : KeyChangeToken
{
    /// <summary>Lower four bits of the new key expiry number.</summary>
    public required int KeyExpiryLow { get; init; }

    /// <summary>The new tariff index.</summary>
    public required TariffIndex TariffIndex { get; init; }

    /// <inheritdoc/>
    public override int Subclass => 4;

    /// <inheritdoc/>
    public override string Name => nameof(Set2ndSectionDecoderKey);
}
