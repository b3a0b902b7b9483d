using System.Security.Cryptography;

namespace OpenSts.SecurityModule.Commands;

/// <summary>
/// The four random bits of tokens, from the system's generator in portions. Not safe for several threads.
/// </summary>
/// <param name="always">The one value of test mode; null for random ones.</param>
internal sealed class RandomBits(byte? always)
{
    private readonly byte[] _portion = new byte[64];
    private int _used = 64;

    /// <summary>0 to 15.</summary>
    public byte Next()
    {
        if (always is { } value)
            return value;
        if (_used == _portion.Length)
        {
            RandomNumberGenerator.Fill(_portion);
            _used = 0;
        }

        return (byte)(_portion[_used++] & 15);
    }
}
