namespace OpenSts.Vending.Explaining;

/// <summary>How fingers go wrong on a keypad.</summary>
public enum SlipKind
{
    /// <summary>One digit is another.</summary>
    WrongDigit,

    /// <summary>Two neighbours changed places.</summary>
    Swapped,

    /// <summary>One digit was left out.</summary>
    Missing,

    /// <summary>One digit is too many.</summary>
    Extra,
}

/// <summary>The one slip that lies between what was typed and a token that was made.</summary>
/// <param name="Kind">Which.</param>
/// <param name="Place">The digit, counted from 1: of the token, and for <see cref="SlipKind.Extra"/> of what was typed; of two neighbours the first.</param>
public sealed record DigitSlip(SlipKind Kind, int Place)
{
    /// <summary>The digits of what was typed; spaces and dashes are left out, everything else stays.</summary>
    public static string DigitsOf(string typed)
    {
        ArgumentNullException.ThrowIfNull(typed);
        return typed.Replace(" ", "", StringComparison.Ordinal).Replace("-", "", StringComparison.Ordinal);
    }

    /// <summary>The slip; null where the two are equal or more than one slip apart.</summary>
    /// <param name="typed">Digits.</param>
    /// <param name="made">The token's 20 digits.</param>
    public static DigitSlip? Between(string typed, string made)
    {
        ArgumentNullException.ThrowIfNull(typed);
        ArgumentNullException.ThrowIfNull(made);
        var (shorter, longer) = typed.Length < made.Length ? (typed, made) : (made, typed);
        var same = 0;
        while (same < shorter.Length && typed[same] == made[same])
            same++;
        if (longer.Length - shorter.Length == 1)
            return shorter[same..] == longer[(same + 1)..] ? new DigitSlip(typed.Length < made.Length ? SlipKind.Missing : SlipKind.Extra, same + 1) : null;
        if (longer.Length != shorter.Length || same == made.Length)
            return null;
        if (typed[(same + 1)..] == made[(same + 1)..])
            return new DigitSlip(SlipKind.WrongDigit, same + 1);
        var swapped = same + 1 < made.Length && typed[same] == made[same + 1] && typed[same + 1] == made[same] && typed[(same + 2)..] == made[(same + 2)..];
        return swapped ? new DigitSlip(SlipKind.Swapped, same + 1) : null;
    }
}
