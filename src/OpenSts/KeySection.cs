namespace OpenSts;

/// <summary>
/// 32 bits of a new decoder key, as one key change token carries them. Never printed, never compared by value.
/// </summary>
/// <remarks>
/// Only <see cref="Keys.Hazmat"/> gives the bits out. They are secret: the sections of all tokens of a set together
/// are the new key.
/// </remarks>
public sealed class KeySection
{
    internal KeySection(uint bits) => Bits = bits;

    internal uint Bits { get; }

    /// <summary>A fixed text; it does not contain the bits.</summary>
    public override string ToString() => "(32 key bits)";
}
