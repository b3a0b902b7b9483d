using System.Buffers;
using System.Globalization;
using OpenSts.Sts6;

namespace OpenSts.SecurityModule.Commands;

/// <summary>The fields of a request: a letter, a value, a tilde, one behind the other.</summary>
/// <remarks>
/// N: decimal without leading zeros. P: printable characters 20h to 7Dh. H: hexadecimal capitals, an even number. D:
/// CCYYMMDDhhmmss, UTC. The checks come in the protocol's order over all fields: their number, their types, their
/// encoding.
/// </remarks>
internal readonly ref struct PtvdFields
{
    /// <summary>Fields of a request at most.</summary>
    public const int Most = 8;
    private static readonly SearchValues<byte> HexCapitals = SearchValues.Create("0123456789ABCDEF"u8);
    private readonly ReadOnlySpan<byte> _payload;
    private readonly ReadOnlySpan<int> _ends;

    private PtvdFields(ReadOnlySpan<byte> payload, ReadOnlySpan<int> ends)
    {
        _payload = payload;
        _ends = ends;
    }

    /// <summary>How many fields there are.</summary>
    public int Count => _ends.Length;

    /// <summary>Counts the fields; -1 where something stands behind the last one.</summary>
    public static int CountOf(ReadOnlySpan<byte> payload) =>
        payload.Length == 0 ? 0 : payload[^1] == '~' ? payload.Count((byte)'~') : -1;

    /// <summary>Reads fields of these types.</summary>
    /// <param name="payload">What stands between header and check.</param>
    /// <param name="types">Letters N, P, H, D; at most <see cref="Most"/>.</param>
    /// <param name="ends">Room for as many numbers; kept by the fields.</param>
    /// <param name="fields">The fields.</param>
    /// <returns>Successful, or the first of the codes 60, 61, 62.</returns>
    public static ResponseCode TryRead(ReadOnlySpan<byte> payload, ReadOnlySpan<byte> types, Span<int> ends,
        out PtvdFields fields)
    {
        fields = default;
        if (CountOf(payload) != types.Length)
            return ResponseCode.PtvdFieldCount;
        var at = 0;
        for (var i = 0; i < types.Length; i++)
        {
            ends[i] = at + payload[at..].IndexOf((byte)'~');
            if (ends[i] == at || payload[at] != types[i])
                return ResponseCode.PtvdFieldType;
            at = ends[i] + 1;
        }

        fields = new PtvdFields(payload, ends[..types.Length]);
        for (var i = 0; i < types.Length; i++)
        {
            if (!IsEncoded(types[i], fields.Text(i)))
                return ResponseCode.PtvdEncoding;
        }

        return ResponseCode.Successful;
    }

    /// <summary>The value of a field, without letter and tilde.</summary>
    public ReadOnlySpan<byte> Text(int field)
    {
        var from = field == 0 ? 1 : _ends[field - 1] + 2;
        return _payload[from.._ends[field]];
    }

    /// <summary>The value of an N field; one above the range of the type comes back as its greatest number.</summary>
    public int Number(int field)
    {
        var value = 0L;
        foreach (var digit in Text(field))
        {
            value = (value * 10) + digit - '0';
            if (value > int.MaxValue)
                return int.MaxValue;
        }

        return (int)value;
    }

    /// <summary>
    /// The value of an H field of at most 8 digits; false where it has more, or stands for more than the greatest
    /// value.
    /// </summary>
    public bool TryOctets(int field, int greatest, out int value)
    {
        value = 0;
        var text = Text(field);
        if (text.Length > 8 || !uint.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture,
            out var number) || number > greatest)
            return false;
        value = (int)number;
        return true;
    }

    private static bool IsEncoded(byte type, ReadOnlySpan<byte> text) => type switch
    {
        (byte)'N' => text.Length is > 0 and <= 20 && !text.ContainsAnyExceptInRange((byte)'0', (byte)'9')
            && (text[0] != '0' || text.Length == 1),
        (byte)'P' => !text.ContainsAnyExceptInRange((byte)0x20, (byte)0x7D),
        (byte)'H' => text.Length > 0 && text.Length % 2 == 0 && !text.ContainsAnyExcept(HexCapitals),
        (byte)'D' => text.Length == 14 && DateTime.TryParseExact(System.Text.Encoding.ASCII.GetString(text),
            "yyyyMMddHHmmss", CultureInfo.InvariantCulture, DateTimeStyles.None, out _),
        _ => false,
    };
}
