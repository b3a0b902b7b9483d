using System.Diagnostics.CodeAnalysis;

namespace OpenSts.Meter.Carriers.Card;

/// <summary>A customer's identity card: the meter and the attributes of its key. It carries no token.</summary>
/// <remarks>
/// IEC 62055-41, IDRecord; IEC 62055-51, Record 2 on track 2: PAN <c>=</c> date of expiry, carrier, cipher, supply
/// group, tariff index, key revision.
/// From public sources; the readings are in docs/standard/readings.md.
/// </remarks>
/// <param name="MeterPan">The meter.</param>
/// <param name="Expiry">First day of the last month in which the card serves; null for a card without end.</param>
/// <param name="TokenCarrierType">Two digits, 01 for a magnetic card.</param>
/// <param name="EncryptionAlgorithm">The meter's cipher.</param>
/// <param name="SupplyGroupCode">The supply group.</param>
/// <param name="TariffIndex">The tariff.</param>
/// <param name="KeyRevisionNumber">The key's revision.</param>
public sealed record IdentityCard(
    MeterPan MeterPan,
    DateOnly? Expiry,
    TokenCarrierType TokenCarrierType,
    EncryptionAlgorithm EncryptionAlgorithm,
    SupplyGroupCode SupplyGroupCode,
    TariffIndex TariffIndex,
    KeyRevisionNumber KeyRevisionNumber)
{
    private const int TailLength = 4 + 2 + 2 + 6 + 2 + 1;

    /// <summary>The track with sentinels and check character.</summary>
    public string ToTrack() => Track2.Frame(
        $"{MeterPan}={(Expiry is { } day ? $"{day:yyMM}" : "0000")}{(int)TokenCarrierType:D2}"
            + $"{(int)EncryptionAlgorithm:D2}{SupplyGroupCode}{TariffIndex}{KeyRevisionNumber}");

    /// <summary>Reads a card; false where the track is damaged or holds something else.</summary>
    public static bool TryRead(string track, [NotNullWhen(true)] out IdentityCard? card)
    {
        card = null;
        if (!Track2.TryRead(track, out var characters, out _))
            return false;
        var separator = characters.IndexOf('=', StringComparison.Ordinal);
        if (separator < 0 || !MeterPan.TryParse(characters.AsSpan(0, separator), out var pan, out _))
            return false;
        // A separator in the place of the date says that there is none.
        var tail = characters[(separator + 1)..];
        tail = tail.StartsWith('=') ? "0000" + tail[1..] : tail;
        if (tail.Length != TailLength || tail.AsSpan().ContainsAnyExceptInRange('0', '9')
                || !TryReadExpiry(tail[..4], out var expiry))
            return false;
        if (!Algorithms.TryParse($"EA{tail[6..8]}", out EncryptionAlgorithm ea)
            || !SupplyGroupCode.TryParse(tail.AsSpan(8, 6), out var sgc, out _)
            || !TariffIndex.TryParse(tail.AsSpan(14, 2), out var ti, out _)
            || tail[16] == '0')
            return false;
        card = new IdentityCard(
            pan, expiry, (TokenCarrierType)int.Parse(tail[4..6]), ea, sgc, ti,
            KeyRevisionNumber.FromNumber(tail[16] - '0'));
        return true;
    }

    /// <summary>False from the first day after the month of expiry.</summary>
    // The published test of card expiry lets the month itself pass.
    public bool ServesOn(DateOnly day) =>
        Expiry is not { } last || (day.Year, day.Month).CompareTo((last.Year, last.Month)) <= 0;

    private static bool TryReadExpiry(string text, out DateOnly? expiry)
    {
        expiry = null;
        if (text == "0000")
            return true;
        var (year, month) = (int.Parse(text[..2]), int.Parse(text[2..]));
        if (month is < 1 or > 12)
            return false;
        expiry = new DateOnly(year >= 93 ? 1900 + year : 2000 + year, month, 1);
        return true;
    }
}
