using System.Buffers.Binary;

namespace OpenSts.Cli.Bench;

/// <summary>The check value of a run of <c>sts bench tokens</c>, computed without slowing the run down.</summary>
/// <remarks>
/// The first 100,000 tokens are kept and hashed in their order at the end: FNV-1a, 64 bits, over the 20 digits and a
/// line feed of each. A serial hash takes longer than a token takes in bulk, so the other tokens are only added up:
/// each token is a sum of its three words (8, 8 and 4 bytes, little-endian) times an odd constant. The sum does not
/// depend on the order, so each thread adds for itself. A sum that is not zero is joined to the hash like one more
/// byte.
/// </remarks>
/// <param name="count">How many tokens the run has.</param>
internal sealed class TokenCheck(long count)
{
    private const int Hashed = 100_000;
    private const ulong FnvOffset = 14695981039346656037;
    private const ulong FnvPrime = 1099511628211;
    private readonly byte[] _first = new byte[Math.Min(count, Hashed) * Token66.Digits];
    private ulong _sum;

    /// <summary>The check value; to be read when all tokens are taken.</summary>
    public ulong Value
    {
        get
        {
            unchecked
            {
                var hash = FnvOffset;
                for (var i = 0; i < _first.Length; i++)
                {
                    hash = (hash ^ _first[i]) * FnvPrime;
                    if (i % Token66.Digits == Token66.Digits - 1)
                        hash = (hash ^ (byte)'\n') * FnvPrime;
                }

                return _sum == 0 ? hash : (hash ^ _sum) * FnvPrime;
            }
        }
    }

    /// <summary>Takes tokens that follow each other; several threads may do so for different ones.</summary>
    /// <param name="start">The number of the first, from 0.</param>
    /// <param name="digits">20 digits for each.</param>
    /// <returns>The sum of those that are not hashed; to be given to <see cref="Add"/> once, at the end.</returns>
    public ulong Take(long start, ReadOnlySpan<byte> digits)
    {
        var kept = (int)Math.Clamp((_first.Length / Token66.Digits) - start, 0,
            digits.Length / Token66.Digits) * Token66.Digits;
        digits[..kept].CopyTo(kept == 0 ? default : _first.AsSpan((int)start * Token66.Digits));
        return Sum(digits[kept..]);
    }

    /// <summary>Adds the sum of one thread.</summary>
    public void Add(ulong sum) => Interlocked.Add(ref _sum, sum);

    private static ulong Sum(ReadOnlySpan<byte> digits)
    {
        unchecked
        {
            var sum = 0ul;
            for (; digits.Length >= Token66.Digits; digits = digits[Token66.Digits..])
            {
                sum += BinaryPrimitives.ReadUInt64LittleEndian(digits) * 0x9E3779B97F4A7C15
                    + BinaryPrimitives.ReadUInt64LittleEndian(digits[8..]) * 0xC2B2AE3D27D4EB4F
                    + BinaryPrimitives.ReadUInt32LittleEndian(digits[16..]) * 0x165667B19E3779F9ul;
            }

            return sum;
        }
    }
}
