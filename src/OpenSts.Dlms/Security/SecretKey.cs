using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace OpenSts.Dlms.Security;

/// <summary>
/// A key or password of an association: copied in, outside the collected heap, cleared when disposed, never printed.
/// </summary>
public sealed unsafe class SecretKey : IDisposable
{
    private byte* _octets;

    /// <summary>Copies the octets in.</summary>
    /// <exception cref="ArgumentException">There are none, or more than 64.</exception>
    public SecretKey(ReadOnlySpan<byte> octets)
    {
        if (octets.Length is 0 or > 64)
            throw new ArgumentException("A key or password has 1 to 64 octets.", nameof(octets));
        Length = octets.Length;
        _octets = (byte*)NativeMemory.AllocZeroed((nuint)octets.Length);
        octets.CopyTo(new Span<byte>(_octets, octets.Length));
    }

    /// <summary>Clears keys nobody disposed.</summary>
    ~SecretKey() => Clear();

    /// <summary>How many octets it has, 1 to 64.</summary>
    public int Length { get; }

    internal ReadOnlySpan<byte> Octets
    {
        get
        {
            ObjectDisposedException.ThrowIf(_octets == null, this);
            return new ReadOnlySpan<byte>(_octets, Length);
        }
    }

    /// <summary>The width and nothing else.</summary>
    public override string ToString() => $"(COSEM key, {Length * 8} bits)";

    /// <summary>Clears the key; a second time does nothing.</summary>
    public void Dispose()
    {
        Clear();
        GC.SuppressFinalize(this);
    }

    private void Clear()
    {
        if (_octets == null)
            return;
        CryptographicOperations.ZeroMemory(new Span<byte>(_octets, Length));
        NativeMemory.Free(_octets);
        _octets = null;
    }
}
