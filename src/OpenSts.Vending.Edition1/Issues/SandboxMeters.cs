using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using OpenSts.Sts6;
using OpenSts.Vending.Documents;
using OpenSts.Vending.Meters;

namespace OpenSts.Vending.Issues;

/// <summary>Meters for those who write clients: each always has the same outcome. No token of theirs works anywhere.</summary>
internal static class SandboxMeters
{
    /// <summary>The meter of an outcome: manufacturer 00, serial number 90000001 and up in the order of the outcomes.</summary>
    public static MeterPan Pan(SandboxOutcome outcome) =>
        MeterPan.Create(DecoderReferenceNumber.Create(ManufacturerCode.Parse("00"), 90_000_001 + (int)outcome));

    /// <summary>The refusal of an outcome, where it has one.</summary>
    public static Refusal? Refuses(SandboxOutcome outcome) => outcome switch
    {
        SandboxOutcome.Blocked => new Refusal("meter-blocked", "The sandbox meter is blocked.", "meter"),
        SandboxOutcome.Unknown => new Refusal("meter-unknown", "The sandbox meter is unknown.", "meter"),
        SandboxOutcome.CheckDigitWrong => new Refusal("field-invalid", "The sandbox meter has a wrong check digit.", "meter"),
        SandboxOutcome.NeedsKeyChange => new Refusal("key-change-needed", "The sandbox meter needs a key change first.", "meter"),
        SandboxOutcome.VendorCreditExhausted => new Refusal("vendor-credit-exhausted", "The sandbox wallet is empty.", "tender"),
        _ => null,
    };

    /// <summary>Tokens that look like tokens and come from the id alone.</summary>
    /// <exception cref="SecurityModuleException">The outcome is a time-out, on the first attempt.</exception>
    public static Verdict<MadeSet> Make(Issue issue)
    {
        var outcome = issue.Meter!.Sandbox!.Value;
        if (outcome is SandboxOutcome.TimesOutButIssued or SandboxOutcome.TimesOutAndNotIssued && issue.Attempts == 0)
            throw new SecurityModuleException("The sandbox meter times out.");
        if (outcome == SandboxOutcome.TimesOutAndNotIssued)
            return new Refusal("module-refused", "The sandbox module made no token.");
        return new MadeSet([.. issue.Orders.Select((order, at) => new MadeTokens(order.Kind, order.Value, [Fake(issue.Id, at)]))]);
    }

    private static Token66 Fake(string id, int at)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes($"sandbox {at} {id}"));
        // The class bits say credit; under no key does the check hold but by chance.
        var value = (BinaryPrimitives.ReadUInt128BigEndian(hash) >> 62) & ~((UInt128)3 << 27);
        return Token66.TryFromValue(value, out var token) ? token : default;
    }
}
