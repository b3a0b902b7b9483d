using System.Buffers;

namespace OpenSts.SecurityModule.Transport;

/// <summary>
/// Answers that leave together once a log entry is durable. Its room comes from a pool and goes back when they have
/// left.
/// </summary>
internal sealed class AnswerPortion : IBufferWriter<byte>, IDisposable
{
    private const int UsualRoom = 16 * 1024;
    private byte[] _octets = ArrayPool<byte>.Shared.Rent(UsualRoom);
    private int _length;

    /// <summary>The entry; 0 for none.</summary>
    public ulong Entry { get; set; }

    public ReadOnlyMemory<byte> Octets => _octets.AsMemory(0, _length);

    public void Advance(int count) => _length += count;

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Room(sizeHint);
        return _octets.AsMemory(_length);
    }

    public Span<byte> GetSpan(int sizeHint = 0)
    {
        Room(sizeHint);
        return _octets.AsSpan(_length);
    }

    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_octets);
        _octets = [];
        _length = 0;
    }

    private void Room(int octets)
    {
        if (_octets.Length - _length >= Math.Max(octets, 1))
            return;
        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(_octets.Length * 2, _length + octets));
        _octets.AsSpan(0, _length).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_octets);
        _octets = larger;
    }
}
