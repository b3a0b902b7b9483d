using System.Security.Cryptography;

namespace OpenSts.SecureStorage;

/// <summary>The hash that ties every entry of a log to all entries before it.</summary>
/// <remarks>
/// SHA-256: chain(0) = H(head of the file), chain(n) = H(chain(n-1), body of entry n). The first 16 octets stand
/// behind each entry, so that anybody can find the first one that was changed. A seal holds HMAC-SHA-256 over the
/// whole chain, so that nobody without the key can write a log that is in order.
/// </remarks>
public sealed class LogChain : IDisposable
{
    /// <summary>Octets at the beginning of a log file: form (8), identifier (16).</summary>
    public const int HeadLength = 24;

    /// <summary>Octets of the link behind each entry.</summary>
    public const int LinkLength = LogRecord.LinkLength;
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly byte[] _value = new byte[SHA256.HashSizeInBytes];

    /// <summary>The chain before the first entry.</summary>
    /// <param name="head">The first octets of the file.</param>
    public LogChain(ReadOnlySpan<byte> head) => _ = SHA256.HashData(head, _value);

    /// <summary>The chain at a position.</summary>
    public LogChain(LogPosition position) => Convert.FromHexString(position.Chain).CopyTo(_value, 0);

    /// <summary>The chain now: 32 octets.</summary>
    public ReadOnlySpan<byte> Value => _value;

    /// <summary>What stands behind the last entry: 16 octets.</summary>
    public ReadOnlySpan<byte> Link => _value.AsSpan(0, LinkLength);

    /// <summary>
    /// The first octets of a log file of the first edition: <c>OSTSLOG1</c> and the identifier of what the log belongs
    /// to.
    /// </summary>
    public static byte[] HeadOf(Guid identifier) => [.. "OSTSLOG1"u8, .. identifier.ToByteArray(bigEndian: true)];

    /// <summary>Goes on by the body of one entry.</summary>
    public void Add(ReadOnlySpan<byte> body)
    {
        _hash.AppendData(_value);
        _hash.AppendData(body);
        _ = _hash.GetHashAndReset(_value);
    }

    /// <summary>Releases the hash.</summary>
    public void Dispose() => _hash.Dispose();
}
