namespace OpenSts.Keys;

/// <summary>Why bytes are not a vending key, in the order of the checks.</summary>
public enum VendingKeyFault
{
    /// <summary>They are a vending key.</summary>
    None,

    /// <summary>There are not 8, 16 or 20 bytes.</summary>
    Length,

    /// <summary>A byte of a 64-bit key has an even number of one bits.</summary>
    Parity,
}

/// <summary>Descriptions of each <see cref="VendingKeyFault"/>.</summary>
public static class VendingKeyFaults
{
    /// <summary>The error and what is allowed, in English; it does not contain the key.</summary>
    /// <param name="fault">The fault.</param>
    /// <param name="length">How many bytes were given.</param>
    public static string Describe(this VendingKeyFault fault, int length) => fault switch
    {
        VendingKeyFault.None => "the vending key is valid",
        VendingKeyFault.Length => $"a vending key has 8, 16 or 20 bytes, not {length}",
        VendingKeyFault.Parity => "a 64-bit vending key has odd parity (an odd number of one bits in every byte); "
            + "a bit of this key is wrong, or its parity was never set",
        _ => throw new ArgumentOutOfRangeException(nameof(fault), fault, null),
    };
}
