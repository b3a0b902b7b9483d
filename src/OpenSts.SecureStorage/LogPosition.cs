namespace OpenSts.SecureStorage;

/// <summary>A place in a hash-chained log: behind an entry that ends a group.</summary>
public readonly record struct LogPosition
{
    /// <summary>Number of the last entry; 0 before the first.</summary>
    public required ulong Sequence { get; init; }

    /// <summary>Length of the file in octets up to and including that entry.</summary>
    public required long Length { get; init; }

    /// <summary>The chain at that entry: 32 octets in hexadecimal capitals.</summary>
    public required string Chain { get; init; }

    /// <summary>The place before the first entry.</summary>
    /// <param name="head">The first <see cref="LogChain.HeadLength"/> octets of the file.</param>
    public static LogPosition Beginning(ReadOnlySpan<byte> head) =>
        new()
        {
            Sequence = 0,
            Length = head.Length,
            Chain = Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(head)),
        };

    /// <summary>Entry and length; the chain is left out.</summary>
    public override string ToString() => $"entry {Sequence}, {Length} octets";
}
