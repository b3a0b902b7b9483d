using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace OpenSts.Sts6.Client;

/// <summary>The client's side of the line: builds requests, takes answers apart. No input or output here.</summary>
/// <remarks>
/// Line: five characters of header, payload, CRC-16/ARC in four hexadecimal capitals, carriage return. Over TCP in a frame: length
/// (2 octets, most significant first), six octets of header, line.
/// </remarks>
internal static class ClientFrame
{
    /// <summary>Longest answer that is read, in octets.</summary>
    public const int GreatestFrame = 65_535;
    private const int HeadLength = 6;
    private static ReadOnlySpan<byte> Head => [0xED, 0xF1, 0x2B, 0x00, 0xFE, 0xED];

    /// <summary>A whole frame for a header such as <c>SM?VC</c> and its payload.</summary>
    public static byte[] Build(string header, string payload)
    {
        var line = header + payload;
        var frame = new byte[2 + HeadLength + line.Length + 5];
        BinaryPrimitives.WriteUInt16BigEndian(frame, (ushort)(frame.Length - 2));
        Head.CopyTo(frame.AsSpan(2));
        var text = frame.AsSpan(2 + HeadLength);
        _ = Encoding.ASCII.GetBytes(line, text);
        LineCheck.Write(text[..line.Length], text[line.Length..]);
        text[^1] = (byte)'\r';
        return frame;
    }

    /// <summary>Takes the line out of a frame's content (everything behind its length).</summary>
    /// <returns>Null where the frame or the check is wrong: then the answer is asked for again.</returns>
    public static string? TryReadLine(ReadOnlySpan<byte> content)
    {
        if (content.Length < HeadLength)
            return null;
        var line = content[HeadLength..];
        if (line.Length < 12 || line[^1] != '\r' || line.ContainsAnyExceptInRange((byte)0x0D, (byte)0x7E))
            return null;
        return LineCheck.IsOf(line[..^5], line[^5..^1]) ? Encoding.ASCII.GetString(line[..^5]) : null;
    }

    /// <summary>Code and payload of a line, where it answers the header: <c>SM!VC</c> for <c>SM?VC</c>, or <c>GL!ER</c> for any.</summary>
    public static bool TryReadAnswer(string line, string header, out ResponseCode code, out string payload)
    {
        code = default;
        payload = "";
        if (line.Length < 7 || !(line.AsSpan(0, 5).SequenceEqual(header.Replace('?', '!')) || line.StartsWith("GL!ER", StringComparison.Ordinal)))
            return false;
        payload = line[7..];
        if (line.AsSpan(5, 2).SequenceEqual("EE"))
            code = ResponseCode.ExtendedError;
        else if (int.TryParse(line.AsSpan(5, 2), NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            code = (ResponseCode)number;
        else
            return false;
        return true;
    }

    /// <summary>Fields of a payload: a letter, a value, a tilde.</summary>
    /// <returns>False where they are not of exactly these types.</returns>
    public static bool TryReadFields(string payload, string types, out string[] values)
    {
        values = [];
        if (payload.Length == 0 || payload[^1] != '~')
            return false;
        var fields = payload[..^1].Split('~');
        if (fields.Length != types.Length || fields.Where((field, i) => field.Length == 0 || field[0] != types[i]).Any())
            return false;
        values = [.. fields.Select(field => field[1..])];
        return true;
    }
}
