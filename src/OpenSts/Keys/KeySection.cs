namespace OpenSts.Keys;

/// <summary>32 bits of a decoder key inside a key change token. Never printed, never compared by value.</summary>
/// <remarks>
/// The bits leave only through <see cref="Hazmat"/>. Whoever holds a set's tokens and the old key holds the new one.
/// </remarks>
public sealed class KeySection
{
    internal KeySection(uint bits) => Bits = bits;

    internal uint Bits { get; }

    /// <summary>Says what it is, never what it holds.</summary>
    public override string ToString() => "(32 key bits)";
}
