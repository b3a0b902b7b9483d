using System.Buffers.Binary;
using System.Globalization;

namespace OpenSts.Dlms.Values;

/// <summary>
/// A date and time of twelve octets, any part of which may be left open. The default value leaves every part open.
/// </summary>
/// <remarks>
/// IEC 62056-6-2, date-time: year, month, day, day of week, hour, minute, second, hundredths, deviation, clock status.
/// The deviation is in minutes from local time to UTC: -120 for UTC+2.
/// </remarks>
public readonly record struct CosemDateTime
{
    /// <summary>How many octets it takes.</summary>
    public const int Octets = 12;

    private const short OpenDeviation = unchecked((short)0x8000);
    private readonly DateTimeOffset? _time;

    private CosemDateTime(DateTimeOffset? time) => _time = time;

    /// <summary>The moment, to a hundredth of a second, or null where a part of the date or time is open.</summary>
    public DateTimeOffset? Moment => _time;

    /// <summary>Every part open.</summary>
    public static CosemDateTime Open => default;

    /// <summary>That moment, in its own offset from UTC.</summary>
    public static CosemDateTime From(DateTimeOffset time) => new(time);

    /// <summary>
    /// Reads twelve octets; false where they are no date and time. A deviation left open is read as UTC.
    /// </summary>
    public static bool TryRead(ReadOnlySpan<byte> octets, out CosemDateTime value)
    {
        value = default;
        if (octets.Length != Octets)
            return false;
        var year = BinaryPrimitives.ReadUInt16BigEndian(octets);
        var deviation = BinaryPrimitives.ReadInt16BigEndian(octets[9..]);
        var isOpen = year == 0xFFFF || octets[2] >= 0xFD || octets[3] >= 0xFD || octets[5] == 0xFF
            || octets[6] == 0xFF;
        if (isOpen)
            return true;
        var second = octets[7] == 0xFF ? (byte)0 : octets[7];
        var hundredths = octets[8] == 0xFF ? (byte)0 : octets[8];
        // The range of the base library's date; a deviation is at most twelve hours.
        if (year is 0 or > 9998 || octets[2] is 0 or > 12 || octets[3] == 0
            || octets[3] > System.DateTime.DaysInMonth(year, octets[2])
            || octets[5] > 23 || octets[6] > 59 || second > 59 || hundredths > 99
                || (deviation != OpenDeviation && deviation is < -840 or > 840))
            return false;
        var offset = deviation == OpenDeviation ? TimeSpan.Zero : TimeSpan.FromMinutes(-deviation);
        var local = new System.DateTime(year, octets[2], octets[3], octets[5], octets[6], second, hundredths * 10,
            DateTimeKind.Unspecified);
        if (local.Ticks < TimeSpan.TicksPerDay)
            return false;
        value = new CosemDateTime(new DateTimeOffset(local, offset));
        return true;
    }

    /// <summary>The twelve octets; status 0.</summary>
    public byte[] ToArray()
    {
        var octets = new byte[Octets];
        if (_time is not { } time)
        {
            octets.AsSpan(0, 9).Fill(0xFF);
            BinaryPrimitives.WriteInt16BigEndian(octets.AsSpan(9), OpenDeviation);
            octets[11] = 0xFF;
            return octets;
        }

        BinaryPrimitives.WriteUInt16BigEndian(octets, (ushort)time.Year);
        octets[2] = (byte)time.Month;
        octets[3] = (byte)time.Day;
        octets[4] = time.DayOfWeek == DayOfWeek.Sunday ? (byte)7 : (byte)time.DayOfWeek;
        octets[5] = (byte)time.Hour;
        octets[6] = (byte)time.Minute;
        octets[7] = (byte)time.Second;
        octets[8] = (byte)(time.Millisecond / 10);
        BinaryPrimitives.WriteInt16BigEndian(octets.AsSpan(9), (short)-time.TotalOffsetMinutes);
        return octets;
    }

    /// <summary>The moment as ISO 8601 has it, or <c>(open)</c>.</summary>
    public override string ToString() =>
        _time?.ToString("yyyy-MM-ddTHH:mm:sszzz", CultureInfo.InvariantCulture) ?? "(open)";
}
