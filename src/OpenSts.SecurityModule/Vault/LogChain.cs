using System.Security.Cryptography;
using System.Text;

namespace OpenSts.SecurityModule.Vault;

/// <summary>The hash that ties every entry of a log to all entries before it.</summary>
/// <remarks>
/// SHA-256: chain(0) = H(head of the file), chain(n) = H(chain(n-1), body of entry n). The first 16 octets stand behind each entry, so
/// that anybody can find the first one that was changed; a seal holds HMAC-SHA-256 over the whole chain, so that nobody without
/// the storage key can write a log that is in order.
/// </remarks>
internal sealed class LogChain : IDisposable
{
    public const int HeadLength = 24;
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly byte[] _value = new byte[32];

    /// <summary>The chain at its beginning.</summary>
    public LogChain(ReadOnlySpan<byte> head) => _ = SHA256.HashData(head, _value);

    /// <summary>The chain somewhere in the middle.</summary>
    public LogChain(LogPosition position) => Convert.FromHexString(position.Chain).CopyTo(_value, 0);

    /// <summary>The chain now: 32 octets.</summary>
    public ReadOnlySpan<byte> Value => _value;

    /// <summary>What stands behind the last entry.</summary>
    public ReadOnlySpan<byte> Link => _value.AsSpan(0, LogEntry.LinkLength);

    /// <summary>The first octets of a log file: its form and the vault it belongs to.</summary>
    public static byte[] HeadOf(Guid vault) => [.. Encoding.ASCII.GetBytes("OSTSLOG1"), .. vault.ToByteArray(bigEndian: true)];

    /// <summary>Goes on by one entry.</summary>
    public void Add(ReadOnlySpan<byte> body)
    {
        _hash.AppendData(_value);
        _hash.AppendData(body);
        _ = _hash.GetHashAndReset(_value);
    }

    public void Dispose() => _hash.Dispose();
}
