using System.Collections.Immutable;
using OpenSts.Metering;

namespace OpenSts.Meter;

/// <summary>A section of a key change set that waits for the others.</summary>
/// <param name="At">When it was entered, by the machine's clock.</param>
/// <param name="Digits">The token, 20 digits: encrypted under the meter's present key, so it shows nothing of the new
/// one.</param>
public sealed record EnteredSection(DateTimeOffset At, string Digits);

/// <summary>Keeps a begun key change set over a restart of the program, for the time a meter waits for the
/// rest.</summary>
/// <remarks>
/// A meter in a file runs only while a program has it open: a customer may enter the tokens of a set with one command
/// each. Loss of the meter's
/// power (<see cref="PaymentMeter.SetPower"/>) discards the set.
/// </remarks>
internal static class PendingKeyChange
{
    /// <summary>The sections that wait after a decision.</summary>
    public static ImmutableArray<EnteredSection> After(
        MeterRecord before, MeterDecision decision, ReadOnlySpan<char> digits, DateTimeOffset utcNow)
    {
        if (decision.State.KeyChange.IsEmpty)
            return [];
        if (ReferenceEquals(decision.State.KeyChange, before.State.KeyChange))
            return before.PendingKeyChange;
        _ = Token66.TryParse(digits, out var token);
        var added = new EnteredSection(utcNow, token.ToString());
        // After a time-out the set begins anew.
        var isFirst = before.State.KeyChange.IsEmpty
            || decision.State.KeyChange.Started != before.State.KeyChange.Started;
        return isFirst ? [added] : before.PendingKeyChange.Add(added);
    }

    /// <summary>The record of a restarted meter at monotonic time zero: the wait of the lock-out starts again,
    /// sections in time are there.</summary>
    public static MeterRecord Resume(MeterRecord record, DateTimeOffset utcNow)
    {
        var state = record.State.AfterPowerLoss(TimeSpan.Zero);
        var sections = record.PendingKeyChange;
        var timeout = record.Settings.KeyChangeTimeout;
        var age = sections.IsEmpty ? TimeSpan.Zero : utcNow - sections[0].At;
        // A clock that went back does not say how old the sections are.
        if (sections.IsEmpty || age < TimeSpan.Zero || (timeout > TimeSpan.Zero && age > timeout))
            return record with { State = state, PendingKeyChange = [] };
        // Their times are before time zero: no lock-out may reach there.
        var entered = state with { Lockout = new TokenLockout(0, TimeSpan.MinValue) };
        foreach (var section in sections)
        {
            // Entered before: under the lock-out of then, and by a carrier that its key permits.
            var decision = MeterApplication.Enter(
                record.Settings, entered, section.Digits, section.At - utcNow, TokenCarrierType.MagneticCard);
            if (!decision.Result.IsTaken() || decision.State.KeyChange.IsEmpty)
                return record with { State = state, PendingKeyChange = [] };
            entered = decision.State;
        }

        return record with { State = state with { KeyChange = entered.KeyChange } };
    }
}
