using System.Text;

namespace OpenSts.Meter.Carriers.LocalPort;

/// <summary>A message of a client to a meter, well-formed or not.</summary>
/// <remarks>IEC 62055-52, 6.4. The wire form is that of public clients and STS 202-4; see
/// docs/build-a-meter/local-port.md.</remarks>
internal abstract record LocalPortMessage
{
    private protected LocalPortMessage()
    {
    }

    /// <summary>A message of the form SOH letter STX body ETX BCC.</summary>
    internal static byte[] Command(char letter, string body, bool withStx = true)
    {
        var text = withStx
            ? $"{letter}{(char)ControlCharacters.Stx}{body}{(char)ControlCharacters.Etx}"
            : $"{letter}{body}{(char)ControlCharacters.Etx}";
        var characters = Encoding.ASCII.GetBytes(text);
        return [ControlCharacters.Soh, .. characters, ControlCharacters.Check(characters)];
    }

    /// <summary>Reads what stands between SOH and BCC, ETX included; never fails, but may be
    /// <see cref="Malformed"/>.</summary>
    internal static LocalPortMessage Read(ReadOnlySpan<byte> characters)
    {
        var text = Encoding.ASCII.GetString(characters[..^1]);
        return text switch
        {
            ['B'] or ['B', '0'] => new Break(),
            ['R', (char)ControlCharacters.Stx, .. { Length: 5 } body] when IsHex(body) =>
                new ReadRegisters(Convert.ToInt32(body[..4], 16), Math.Max(1, Convert.ToInt32(body[4..], 16))),
            ['W', (char)ControlCharacters.Stx, .. var body] when body.Length >= 6 && IsHex(body[..4]) && body[4] == '('
                && body[^1] == ')' =>
                new WriteRegister(Convert.ToInt32(body[..4], 16), body[5..^1]),
            ['R' or 'W' or 'B', ..] or [] => new Malformed(),
            [>= 'A' and <= 'Z', ..] => new Undefined(text[0]),
            _ => new Malformed(),
        };
    }

    private static bool IsHex(string text) => text.All(char.IsAsciiHexDigitUpper);
}

/// <summary>IDRequest: asks for manufacturer code and software version.</summary>
internal sealed record IdRequest : LocalPortMessage
{
    /// <summary>The octets of the message.</summary>
    public static byte[] ToOctets() => "/?!\r\n"u8.ToArray();
}

/// <summary>ReadCommand.</summary>
/// <param name="Register">The first register, 0 to FFFFh.</param>
/// <param name="Count">How many from there, 1 to 15.</param>
internal sealed record ReadRegisters(int Register, int Count) : LocalPortMessage
{
    /// <summary>The octets of the message.</summary>
    public byte[] ToOctets() => Command('R', $"{Register:X4}{Count:X1}");
}

/// <summary>WriteCommand.</summary>
/// <param name="Register">The register, 0 to FFFFh.</param>
/// <param name="Value">The characters between the brackets; 20 decimal digits for a token.</param>
internal sealed record WriteRegister(int Register, string Value) : LocalPortMessage
{
    /// <summary>The octets of the message.</summary>
    public byte[] ToOctets() => Command('W', $"{Register:X4}({Value})");
}

/// <summary>BreakCommand: the session ends.</summary>
internal sealed record Break : LocalPortMessage
{
    /// <summary>The octets of the message.</summary>
    public static byte[] ToOctets() => Command('B', "0", withStx: false);
}

/// <summary>NAK from the client: say that again.</summary>
internal sealed record Repeat : LocalPortMessage;

/// <summary>A whole command whose letter means nothing.</summary>
/// <param name="Letter">The letter.</param>
internal sealed record Undefined(char Letter) : LocalPortMessage;

/// <summary>Something that is no message: parity, check, form or length was wrong.</summary>
internal sealed record Malformed : LocalPortMessage;
