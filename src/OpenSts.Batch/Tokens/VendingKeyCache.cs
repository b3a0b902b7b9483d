using System.Security.Cryptography;
using OpenSts.Keys;

namespace OpenSts.Batch.Tokens;

/// <summary>The vending key of the last request: bulk input mostly names the same one line after line.</summary>
internal sealed class VendingKeyCache : IDisposable
{
    private VendingKey? _last;

    public VendingKey Get(ReadOnlySpan<byte> bytes)
    {
        Span<byte> held = stackalloc byte[64];
        if (_last is not null)
        {
            var length = Hazmat.Export(_last, held);
            var same = CryptographicOperations.FixedTimeEquals(held[..length], bytes);
            CryptographicOperations.ZeroMemory(held);
            if (same)
                return _last;
        }

        _last?.Dispose();
        // The parity was checked where the key was read.
        return _last = Hazmat.ImportVendingKeyOfAnyParity(bytes);
    }

    public void Dispose() => _last?.Dispose();
}
