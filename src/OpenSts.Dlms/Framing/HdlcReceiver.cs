using OpenSts.Dlms.Wire;

namespace OpenSts.Dlms.Framing;

/// <summary>Finds frames in a stream of octets. What is between frames, or broken, is passed over.</summary>
public sealed class HdlcReceiver
{
    private readonly WireWriter _received = new();

    /// <summary>Adds octets as they came.</summary>
    public void Add(ReadOnlySpan<byte> octets) => _received.Bytes(octets);

    /// <summary>Takes the next frame whose checks hold; false where more octets are needed.</summary>
    public bool TryTake(out HdlcFrame frame)
    {
        var octets = _received.Written;
        var at = 0;
        while (true)
        {
            var flag = octets[at..].IndexOf(HdlcFrame.Flag);
            if (flag < 0)
            {
                at = octets.Length;
                break;
            }

            at += flag;
            // Flags in a row are fill; the last of them opens the frame.
            if (octets.Length - at < 3)
                break;
            if (octets[at + 1] == HdlcFrame.Flag)
            {
                at++;
                continue;
            }

            var length = ((octets[at + 1] & 7) << 8) | octets[at + 2];
            if ((octets[at + 1] & 0xF0) != 0xA0 || length < 7)
            {
                at++;
                continue;
            }

            if (octets.Length - at < length + 2)
                break;
            if (octets[at + 1 + length] != HdlcFrame.Flag)
            {
                at++;
                continue;
            }

            var read = HdlcFrame.TryRead(octets.Slice(at + 1, length));
            // The closing flag may open the next frame.
            at += length + 1;
            if (read is null)
                continue;
            _received.RemoveFront(at);
            frame = read;
            return true;
        }

        _received.RemoveFront(at);
        frame = null!;
        return false;
    }
}
