using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace OpenSts.Vending.Meters;

/// <summary>What a sandbox meter answers; it never reaches the security module or the books.</summary>
public enum SandboxOutcome
{
    Ok,
    Blocked,
    Unknown,
    CheckDigitWrong,
    NeedsKeyChange,
    VendorCreditExhausted,
    TimesOutButIssued,
    TimesOutAndNotIssued,
}

/// <summary>Meters for those who write clients: each always has the same outcome. No token of theirs works
/// anywhere.</summary>
public static class SandboxMeter
{
    private const int FirstSerialNumber = 90_000_001;

    /// <summary>The meter of an outcome: manufacturer 00, serial number 90000001 and up in the order of the
    /// outcomes.</summary>
    public static MeterPan Pan(SandboxOutcome outcome) =>
        MeterPan.Create(DecoderReferenceNumber.Create(ManufacturerCode.Parse("00"), FirstSerialNumber + (int)outcome));

    /// <summary>The refusal of an outcome before anything is stored, or null.</summary>
    public static Refusal? Refuses(SandboxOutcome outcome) => outcome switch
    {
        SandboxOutcome.Blocked =>
            new Refusal(ErrorCodes.MeterBlocked, "meter", RefusalArgument.Text("reason", "sandbox")),
        SandboxOutcome.Unknown => new Refusal(ErrorCodes.MeterUnknown, "meter"),
        SandboxOutcome.CheckDigitWrong =>
            new Refusal(ErrorCodes.FieldInvalid, "meter", RefusalArgument.Text("rule", "check-digit")),
        SandboxOutcome.NeedsKeyChange => new Refusal(ErrorCodes.KeyChangeNeeded, "meter"),
        SandboxOutcome.VendorCreditExhausted => new Refusal(ErrorCodes.VendorCreditExhausted, "tender"),
        _ => null,
    };

    /// <summary>The refusal that is stored as the outcome when the module is asked, or null.</summary>
    public static Refusal? RefusesTokens(SandboxOutcome outcome) =>
        outcome == SandboxOutcome.TimesOutAndNotIssued ? new Refusal(ErrorCodes.ModuleRefused) : null;

    /// <summary>True where the module does not answer to this attempt.</summary>
    /// <param name="outcome">Of the meter.</param>
    /// <param name="attempts">Attempts before this one.</param>
    public static bool TimesOut(SandboxOutcome outcome, int attempts) =>
        attempts == 0 && outcome is (SandboxOutcome.TimesOutButIssued or SandboxOutcome.TimesOutAndNotIssued);

    /// <summary>A token that looks like one and comes from the vend's id and its position alone.</summary>
    public static Token66 Token(string vendId, int position)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes($"sandbox {position} {vendId}"));
        // The class bits say credit; under no key does the check hold but by chance.
        var value = (BinaryPrimitives.ReadUInt128BigEndian(hash) >> 62) & ~((UInt128)3 << 27);
        return Token66.TryFromValue(value, out var token) ? token : default;
    }
}
