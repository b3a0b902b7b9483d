using System.Collections.Frozen;
using OpenSts.Metering;

namespace OpenSts.Meter.Storage;

/// <summary>The text that stands in meter files for each value of an enumeration: part of the file format, independent
/// of names in the code.</summary>
internal sealed class StoredNames<T>
    where T : struct, Enum
{
    private readonly FrozenDictionary<T, string> _names;
    private readonly FrozenDictionary<string, T> _values;

    public StoredNames(params (T Value, string Name)[] pairs)
    {
        _names = pairs.ToFrozenDictionary(p => p.Value, p => p.Name);
        _values = pairs.ToFrozenDictionary(p => p.Name, p => p.Value, StringComparer.Ordinal);
    }

    public string Name(T value) => _names[value];

    /// <exception cref="FormatException">There is no such name.</exception>
    public T Value(string? name) =>
        name is not null
            && _values.TryGetValue(name, out var value) ? value : throw new FormatException($"no {typeof(T).Name}");
}

/// <summary>The names of every enumeration that stands in meter files.</summary>
internal static class StoredNames
{
    public static StoredNames<EncryptionAlgorithm> EncryptionAlgorithms { get; } = new(
        (EncryptionAlgorithm.Ea07, "Ea07"),
        (EncryptionAlgorithm.Ea11, "Ea11"));

    public static StoredNames<CreditService> Services { get; } = new(
        (CreditService.Electricity, "Electricity"),
        (CreditService.Water, "Water"),
        (CreditService.Gas, "Gas"),
        (CreditService.Time, "Time"));

    public static StoredNames<LockoutScope> LockoutScopes { get; } = new(
        (LockoutScope.AllTokens, "AllTokens"),
        (LockoutScope.MeterSpecificOnly, "MeterSpecificOnly"));

    public static StoredNames<LockoutReset> LockoutResets { get; } = new(
        (LockoutReset.MeterSpecificOnly, "MeterSpecificOnly"),
        (LockoutReset.AllTokens, "AllTokens"));

    public static StoredNames<KeyType> KeyTypes { get; } = new(
        (KeyType.Initialization, "Initialization"),
        (KeyType.Default, "Default"),
        (KeyType.Unique, "Unique"),
        (KeyType.Common, "Common"));

    public static StoredNames<TokenCarrierType> Carriers { get; } = new(
        (TokenCarrierType.MagneticCard, "MagneticCard"),
        (TokenCarrierType.Numeric, "Numeric"),
        (TokenCarrierType.VirtualLocal, "VirtualLocal"),
        (TokenCarrierType.VirtualDlms, "VirtualDlms"));

    public static StoredNames<TokenResult> Results { get; } = new(
        (TokenResult.Accept, "Accept"),
        (TokenResult.FirstKeyChangeToken, "FirstKeyChangeToken"),
        (TokenResult.SecondKeyChangeToken, "SecondKeyChangeToken"),
        (TokenResult.OverflowError, "OverflowError"),
        (TokenResult.KeyTypeError, "KeyTypeError"),
        (TokenResult.FormatError, "FormatError"),
        (TokenResult.RangeError, "RangeError"),
        (TokenResult.FunctionError, "FunctionError"),
        (TokenResult.OldError, "OldError"),
        (TokenResult.UsedError, "UsedError"),
        (TokenResult.KeyExpiredError, "KeyExpiredError"),
        (TokenResult.DdtkError, "DdtkError"),
        (TokenResult.CrcError, "CrcError"),
        (TokenResult.ManufacturerCodeError, "ManufacturerCodeError"),
        (TokenResult.Lockout, "Lockout"),
        (TokenResult.NotReady, "NotReady"),
        (TokenResult.ThirdKeyChangeToken, "ThirdKeyChangeToken"),
        (TokenResult.FourthKeyChangeToken, "FourthKeyChangeToken"));

    public static StoredNames<MeterEventKind> EventKinds { get; } = new(
        (MeterEventKind.Manufactured, "Manufactured"),
        (MeterEventKind.Token, "Token"),
        (MeterEventKind.KeyChanged, "KeyChanged"),
        (MeterEventKind.PowerLost, "PowerLost"),
        (MeterEventKind.PowerRestored, "PowerRestored"),
        (MeterEventKind.Tamper, "Tamper"),
        (MeterEventKind.SwitchOpened, "SwitchOpened"),
        (MeterEventKind.SwitchClosed, "SwitchClosed"));

    private static readonly (TamperFlags Flag, string Name)[] TamperNames =
        [
            (TamperFlags.Cover, "Cover"), (TamperFlags.Terminal, "Terminal"), (TamperFlags.Reverse, "Reverse"),
            (TamperFlags.Magnetic, "Magnetic")];

    /// <summary>None, or the names in the order of their bits, with a comma and a space between.</summary>
    public static string Of(TamperFlags tamper) =>
        tamper == TamperFlags.None
            ? "None"
            : string.Join(", ", TamperNames.Where(t => (tamper & t.Flag) != 0).Select(t => t.Name));

    /// <exception cref="FormatException">A name is none of them.</exception>
    public static TamperFlags Tamper(string text)
    {
        var tamper = TamperFlags.None;
        foreach (var name in text == "None" ? [] : text.Split(", "))
        {
            var known = Array.FindIndex(TamperNames, t => t.Name == name);
            tamper |= known >= 0 ? TamperNames[known].Flag : throw new FormatException("no tamper");
        }

        return tamper;
    }
}
