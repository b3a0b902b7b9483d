namespace OpenSts.Meter.Simulation;

/// <summary>What a customer draws over the day: 24 hourly values, the same every day.</summary>
/// <remarks>W for electricity, litres an hour for water and gas; a time meter uses a minute a minute whatever the
/// profile says.</remarks>
public sealed class LoadProfile
{
    /// <summary>The largest hourly value.</summary>
    public const int Largest = 1_000_000;

    private readonly int[] _hourly;

    private LoadProfile(int[] hourly) => _hourly = hourly;

    /// <summary>Draws nothing.</summary>
    public static LoadProfile None { get; } = Constant(0);

    /// <summary>A household: little at night, most in the evening, about 9 kWh a day.</summary>
    public static LoadProfile Household { get; } = new(
        [
            150, 140, 130, 130, 150, 300, 550, 600, 400, 300, 280, 300, 380, 330, 280, 300, 400, 650, 900, 950, 800,
            550, 350, 200]);

    /// <summary>Draws the same at any time.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not 0 to 1000000.</exception>
    public static LoadProfile Constant(int value)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)value, (uint)Largest, nameof(value));
        var hourly = new int[24];
        Array.Fill(hourly, value);
        return new LoadProfile(hourly);
    }

    /// <summary>Reads <c>none</c>, <c>household</c>, one number, or 24 numbers with commas between.</summary>
    public static bool TryParse(string? text, out LoadProfile profile)
    {
        profile = None;
        if (text is null)
            return false;
        if (text is "none" or "household")
        {
            profile = text == "none" ? None : Household;
            return true;
        }

        var parts = text.Split(',');
        var values = new int[parts.Length];
        for (var i = 0; i < parts.Length; i++)
        {
            if (!int.TryParse(parts[i], System.Globalization.NumberStyles.None, null, out values[i])
                    || values[i] > Largest)
                return false;
        }

        if (values.Length is not (1 or 24))
            return false;
        profile = values.Length == 1 ? Constant(values[0]) : new LoadProfile(values);
        return true;
    }

    /// <summary>The value at a time, by its hour of the day.</summary>
    public int At(DateTimeOffset time) => _hourly[time.Hour];
}
