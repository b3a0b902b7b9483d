using System.Buffers.Binary;
using OpenSts.Sts6;

namespace OpenSts.SecurityModule.Transport;

/// <summary>Cuts what arrives on a connection into requests, however it was broken up on the way.</summary>
internal sealed class FrameCutter(SessionFraming framing)
{
    /// <summary>Octets of the head behind a frame's length.</summary>
    public const int HeadLength = 6;

    /// <summary>
    /// Longest line in either framing; what is longer is not kept, skipped up to its end and answered as damaged.
    /// </summary>
    public const int GreatestLine = 4096;
    private const int UsualRoom = 512;
    private byte[] _held = [];
    private int _count;
    private bool _skipping;
    private int _skipped;

    /// <summary>True where a request has begun and not ended.</summary>
    public bool IsInside => _count > 0 || _skipping || _skipped > 0;

    /// <summary>Takes what arrived and hands over each whole request.</summary>
    /// <param name="octets">Any number, cut anywhere.</param>
    /// <param name="take">Gets head and line without its carriage return; an empty line stands for a damaged
    /// frame.</param>
    public void Add(ReadOnlySpan<byte> octets, Taking take)
    {
        var rest = octets;
        if (_count > 0)
        {
            Hold(octets);
            rest = _held.AsSpan(0, _count);
        }

        while (framing == SessionFraming.Wrapped ? CutFrame(ref rest, take) : CutLine(ref rest, take))
        {
        }

        Keep(rest);
    }

    /// <summary>What a request is handed to.</summary>
    internal delegate void Taking(ReadOnlySpan<byte> head, ReadOnlySpan<byte> line);

    private bool CutFrame(ref ReadOnlySpan<byte> rest, Taking take)
    {
        var skipped = Math.Min(_skipped, rest.Length);
        rest = rest[skipped..];
        _skipped -= skipped;
        if (rest.Length >= 2 + HeadLength && BinaryPrimitives.ReadUInt16BigEndian(rest) > HeadLength + GreatestLine
            + 1)
        {
            take(rest.Slice(2, HeadLength), []);
            _skipped = BinaryPrimitives.ReadUInt16BigEndian(rest) - HeadLength;
            rest = rest[(2 + HeadLength)..];
            return true;
        }

        if (rest.Length < 2 || rest.Length - 2 < BinaryPrimitives.ReadUInt16BigEndian(rest))
            return false;
        var content = rest.Slice(2, BinaryPrimitives.ReadUInt16BigEndian(rest));
        rest = rest[(2 + content.Length)..];
        // Too short for a head, or no carriage return where the length says: damaged. The next frame begins where it
        // should all the same.
        if (content.Length <= HeadLength || content[^1] != '\r')
            take(content[..Math.Min(content.Length, HeadLength)], []);
        else
            take(content[..HeadLength], content[HeadLength..^1]);
        return true;
    }

    private bool CutLine(ref ReadOnlySpan<byte> rest, Taking take)
    {
        var end = rest.IndexOf((byte)'\r');
        if (end < 0)
        {
            // Behind a line that ended as a person's terminal ends it nothing has begun.
            rest = rest.TrimStart((byte)'\n');
            if (rest.Length > GreatestLine)
            {
                _skipping = true;
                rest = [];
            }

            return false;
        }

        var line = rest[..end].TrimStart((byte)'\n');
        rest = rest[(end + 1)..];
        take([], _skipping || line.Length > GreatestLine ? [] : line);
        _skipping = false;
        return true;
    }

    private void Hold(ReadOnlySpan<byte> octets)
    {
        if (_held.Length - _count < octets.Length)
            Array.Resize(ref _held, Math.Max(_count + octets.Length, Math.Max(UsualRoom, _held.Length * 2)));
        octets.CopyTo(_held.AsSpan(_count));
        _count += octets.Length;
    }

    private void Keep(ReadOnlySpan<byte> rest)
    {
        if (rest.Length == 0)
        {
            _count = 0;
            // One long frame does not keep its room for the life of the connection.
            if (_held.Length > GreatestLine)
                _held = [];
        }
        else if (_count > 0)
        {
            rest.CopyTo(_held);
            _count = rest.Length;
        }
        else
        {
            Hold(rest);
        }
    }
}
