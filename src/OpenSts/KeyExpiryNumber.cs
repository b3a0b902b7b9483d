namespace OpenSts;

/// <summary>When a key expires, in steps of 65536 minutes from its base date: 0 to 255.</summary>
/// <remarks>
/// IEC 62055-41, KeyExpiryNumber (KEN). A key with number k is valid for tokens whose token identifier has a high
/// octet of at most k, so 255 never expires. The default value is 0, which expires 65536 minutes after the base date.
/// </remarks>
public readonly record struct KeyExpiryNumber : IStsValue<KeyExpiryNumber>
{
    private KeyExpiryNumber(int value) => Value = value;

    /// <summary>The number of a key that never expires.</summary>
    public static KeyExpiryNumber Never => new(255);

    /// <inheritdoc/>
    public static string Form => "a key expiry number, 0 to 255";

    /// <summary>The number, 0 to 255.</summary>
    public int Value { get; }

    /// <summary>Creates the value from its number.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The number is not 0 to 255.</exception>
    public static KeyExpiryNumber FromNumber(int value)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(value);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(value, 255);
        return new KeyExpiryNumber(value);
    }

    /// <inheritdoc/>
    public static bool TryParse(ReadOnlySpan<char> text, out KeyExpiryNumber value, out IdentityFault fault)
    {
        value = default;
        fault = text.Length is < 1 or > 3 ? IdentityFault.Length : DecimalText.Read(text, text.Length, 255, out _);
        if (fault != IdentityFault.None)
            return false;
        _ = DecimalText.TryRead(text, out var number);
        value = new KeyExpiryNumber((int)number);
        return true;
    }

    /// <summary>True if a key with this number is valid for a token with the identifier.</summary>
    public bool Serves(TokenIdentifier tid) => tid.Value >> 16 <= Value;

    /// <summary>
    /// The last minute in which a key with this number is valid; null for 255, which never expires.
    /// </summary>
    public DateTimeOffset? LastMinute(BaseDate baseDate) =>
        Value == 255 ? null : baseDate.Start.AddMinutes((((long)Value + 1) << 16) - 1);

    /// <summary>True if a key with this number and base date has expired at a time.</summary>
    public bool HasExpired(BaseDate baseDate, DateTimeOffset at) =>
        LastMinute(baseDate) is { } last && at >= last.AddMinutes(1);

    /// <summary>The number without leading zeros.</summary>
    public override string ToString() => Value.ToString();
}
