using System.Diagnostics.CodeAnalysis;

namespace OpenSts.Meter.Carriers.Card;

/// <summary>Why a track was not read.</summary>
public enum TrackFault
{
    /// <summary>It was read.</summary>
    None,

    /// <summary>There is no start sentinel, or no end sentinel, or more than 40 characters.</summary>
    Form,

    /// <summary>A character's parity does not hold.</summary>
    Parity,

    /// <summary>The check character at the end does not hold.</summary>
    Check,
}

/// <summary>Track 2 of a magnetic card: characters <c>0</c> to <c>?</c> of five bits with odd parity, between <c>;</c>
/// and <c>?</c>, and a check character.</summary>
/// <remarks>ISO/IEC 7811-2: 75 bit to the inch, least significant bit first. The check character makes every bit
/// column even; its own parity is odd.</remarks>
public static class Track2
{
    /// <summary>The most characters a track holds, sentinels and check character included.</summary>
    public const int Capacity = 40;

    private const char Start = ';';
    private const char End = '?';

    /// <summary>Puts sentinels and check character around the characters.</summary>
    /// <exception cref="ArgumentException">A character is not one of <c>0</c> to <c>&gt;</c>, or there are more than
    /// 37.</exception>
    public static string Frame(string characters)
    {
        ArgumentNullException.ThrowIfNull(characters);
        if (characters.Length > Capacity - 3)
            throw new ArgumentException(
                $"A track holds {Capacity - 3} characters beside its sentinels, not {characters.Length}.",
                nameof(characters));
        foreach (var c in characters)
        {
            if (c is < '0' or > '>' or Start)
                throw new ArgumentException(
                    $"A track holds the digits and the characters : < = >, not '{c}'.", nameof(characters));
        }

        var framed = $"{Start}{characters}{End}";
        return framed + Check(framed);
    }

    /// <summary>Reads what stands between the sentinels; null where the track is damaged.</summary>
    public static bool TryRead(string track, [NotNullWhen(true)] out string? characters, out TrackFault fault)
    {
        ArgumentNullException.ThrowIfNull(track);
        characters = null;
        fault = TrackFault.Form;
        if (track.Length is < 3 or > Capacity || track[0] != Start || track[^2] != End
                || track.AsSpan(0, track.Length - 2).Contains(End))
            return false;
        if (track.AsSpan().ContainsAnyExceptInRange('0', '?'))
            return false;
        fault = TrackFault.Check;
        if (Check(track[..^1]) != track[^1])
            return false;
        fault = TrackFault.None;
        characters = track[1..^2];
        return true;
    }

    /// <summary>The bits of a framed track as the head writes them, one octet (0 or 1) to a bit.</summary>
    public static byte[] ToBits(string framed)
    {
        ArgumentNullException.ThrowIfNull(framed);
        var bits = new byte[framed.Length * 5];
        for (var i = 0; i < framed.Length; i++)
        {
            var value = Value(framed[i]);
            var ones = 0;
            for (var bit = 0; bit < 4; bit++)
            {
                bits[(i * 5) + bit] = (byte)((value >> bit) & 1);
                ones += bits[(i * 5) + bit];
            }

            bits[(i * 5) + 4] = (byte)(1 - (ones & 1));
        }

        return bits;
    }

    /// <summary>The framed track in the bits a head reads: clocking zeros before and after it are skipped.</summary>
    public static bool TryFromBits(
        ReadOnlySpan<byte> bits, [NotNullWhen(true)] out string? framed, out TrackFault fault)
    {
        framed = null;
        fault = TrackFault.Form;
        var at = bits.IndexOf((byte)1);
        if (at < 0)
            return false;
        var characters = new List<char>(Capacity);
        while (at + 5 <= bits.Length && characters.Count < Capacity)
        {
            var (value, ones) = (0, 0);
            for (var bit = 0; bit < 5; bit++)
            {
                var one = bits[at + bit] & 1;
                ones += one;
                value |= bit < 4 ? one << bit : 0;
            }

            fault = TrackFault.Parity;
            if ((ones & 1) == 0)
                return false;
            characters.Add((char)('0' + value));
            at += 5;
            if (characters is [.., End, _])
                break;
        }

        framed = new string([.. characters]);
        fault = TrackFault.None;
        return true;
    }

    private static char Check(string framed)
    {
        var columns = 0;
        foreach (var c in framed)
            columns ^= Value(c);
        return (char)('0' + columns);
    }

    private static int Value(char c) => c - '0';
}
