using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace OpenSts.Keys;

/// <summary>Key bytes outside the collected heap: they never move, leave no copies and are cleared when no longer needed.</summary>
internal sealed unsafe class SecretBytes : IDisposable
{
    private readonly int _length;
    private byte* _bytes;

    public SecretBytes(ReadOnlySpan<byte> bytes)
    {
        _length = bytes.Length;
        _bytes = (byte*)NativeMemory.Alloc((nuint)bytes.Length);
        bytes.CopyTo(new Span<byte>(_bytes, _length));
    }

    ~SecretBytes() => Clear();

    public int Length => _length;

    public ReadOnlySpan<byte> Span
    {
        get
        {
            ObjectDisposedException.ThrowIf(_bytes == null, this);
            return new ReadOnlySpan<byte>(_bytes, _length);
        }
    }

    public void Dispose()
    {
        Clear();
        GC.SuppressFinalize(this);
    }

    private void Clear()
    {
        var bytes = _bytes;
        _bytes = null;
        if (bytes == null)
            return;
        CryptographicOperations.ZeroMemory(new Span<byte>(bytes, _length));
        NativeMemory.Free(bytes);
    }
}
