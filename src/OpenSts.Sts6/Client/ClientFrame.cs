using System.Globalization;
using System.Text;

namespace OpenSts.Sts6.Client;

/// <summary>
/// The client's side of the protocol: builds requests, takes answers apart. No input or output here.
/// </summary>
/// <remarks>
/// Line: five characters of header, payload, CRC-16/ARC in four hexadecimal capitals, carriage return. Over TCP in a
/// frame: length (2 octets, most significant first), six octets of head, line.
/// </remarks>
internal static class ClientFrame
{
    /// <summary>Longest answer that is read, in octets.</summary>
    public const int GreatestFrame = 65_535;

    /// <summary>Octets of the head in a frame.</summary>
    public const int HeadLength = 6;
    private const int ShortestLine = 12;

    /// <summary>The head of our requests, which a module sends back.</summary>
    public static ReadOnlySpan<byte> Head => [0xED, 0xF1, 0x2B, 0x00, 0xFE, 0xED];

    /// <summary>The line for a header such as <c>SM?VC</c> and its payload, with check and carriage return.</summary>
    public static byte[] Build(string header, string payload)
    {
        var length = header.Length + payload.Length;
        var line = new byte[length + LineCheck.Length + 1];
        _ = Encoding.ASCII.GetBytes(header, line);
        _ = Encoding.ASCII.GetBytes(payload, line.AsSpan(header.Length));
        LineCheck.Write(line.AsSpan(0, length), line.AsSpan(length));
        line[^1] = (byte)'\r';
        return line;
    }

    /// <summary>Takes check and carriage return off a line.</summary>
    /// <returns>Null where the check or a character is wrong: then the answer is asked for again.</returns>
    public static string? TryReadLine(ReadOnlySpan<byte> line)
    {
        if (line.Length < ShortestLine || line[^1] != '\r'
            || line[..^1].ContainsAnyExceptInRange((byte)' ', (byte)'~'))
            return null;
        return LineCheck.IsOf(line[..^5], line[^5..^1]) ? Encoding.ASCII.GetString(line[..^5]) : null;
    }

    /// <summary>True where a line answers a header: <c>SM!VC</c> for <c>SM?VC</c>, or <c>GL!ER</c> for any.</summary>
    public static bool Answers(string line, string header) =>
        line.Length >= 7
            && (line.StartsWith("GL!ER", StringComparison.Ordinal)
            || (line.AsSpan(0, 2).SequenceEqual(header.AsSpan(0, 2)) && line[2] == '!'
            && line.AsSpan(3, 2).SequenceEqual(header.AsSpan(3, 2))));

    /// <summary>Code and payload of a line that answers the header.</summary>
    public static bool TryReadAnswer(string line, string header, out ResponseCode code, out string payload)
    {
        code = default;
        payload = "";
        if (!Answers(line, header))
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
        if (fields.Length != types.Length
            || fields.Where((field, i) => field.Length == 0 || field[0] != types[i]).Any())
            return false;
        values = [.. fields.Select(field => field[1..])];
        return true;
    }
}
