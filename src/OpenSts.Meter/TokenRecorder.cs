using OpenSts.Metering;

namespace OpenSts.Meter;

/// <summary>The record after a decision: state, logs, histories, base date.</summary>
internal static class TokenRecorder
{
    /// <summary>The record after a token.</summary>
    /// <param name="before">The record before.</param>
    /// <param name="decision">What was decided.</param>
    /// <param name="digits">What was entered.</param>
    /// <param name="carrier">How.</param>
    /// <param name="utcNow">The machine's wall clock; the meter's own is <see cref="MeterRecord.ClockShift"/>
    /// ahead.</param>
    public static MeterRecord After(
        MeterRecord before,
        MeterDecision decision,
        ReadOnlySpan<char> digits,
        TokenCarrierType carrier,
        DateTimeOffset utcNow)
    {
        var at = utcNow + before.ClockShift;
        var last = Logged(decision, digits, carrier, at);
        var isAccepted = decision.Result == TokenResult.Accept;
        var after = before with
        {
            State = decision.State,
            TokenLog = MeterRecord.Append(before.TokenLog, last, MeterRecord.TokensKept),
            LastCredit = isAccepted && last.Class == (int)TokenClass.Credit ? last : before.LastCredit,
            PendingKeyChange = PendingKeyChange.After(before, decision, digits, utcNow),
            // A register at zero has nothing left of its last unit.
            UsedOfUnit = decision.State.CreditUnits == 0 ? 0 : before.UsedOfUnit,
            UsedOfStep = decision.State.CreditSteps <= 0 ? 0 : before.UsedOfStep,
        };
        if (after.Credit != before.Credit)
            after = after with
            {
                CreditHistory = MeterRecord.Append(
                    after.CreditHistory, new RegisterPoint(at, after.Credit), MeterRecord.TokensKept)
            };
        after = after.With(new MeterEvent(at, MeterEventKind.Token, $"{decision.Result.StandardName()} by {carrier}"));
        if (ReferenceEquals(decision.State.Key, before.State.Key))
            return after;
        // Of key changes only a roll-over changes the cancellation memory.
        var isRollover = !ReferenceEquals(decision.State.Memory, before.State.Memory);
        if (isRollover)
            after = after with { BaseDate = BaseDateAfterRollover(before.BaseDate, at) };
        return after.With(
            new MeterEvent(
                at, MeterEventKind.KeyChanged,
                $"KRN {after.State.KeyRevisionNumber}, {(isRollover ? "roll-over" : "no roll-over")}"));
    }

    // A meter is not told its base date. Tokens can only be made under one that has begun: the latest of these after
    // the one before, else the next.
    private static BaseDate BaseDateAfterRollover(BaseDate before, DateTimeOffset now)
    {
        var next = before;
        foreach (var candidate in BaseDate.All)
        {
            if (candidate.Start > before.Start && (next == before || candidate.Start <= now))
                next = candidate;
        }

        return next;
    }

    private static LastToken Logged(
        MeterDecision decision, ReadOnlySpan<char> digits, TokenCarrierType carrier, DateTimeOffset at)
    {
        if (decision.Token is not { } token)
            return new LastToken(at, carrier, decision.Result, "", null, null, null, null);
        int? amount = token switch
        {
            TransferCredit t => t.Amount.Field,
            TransferCurrency t => t.Amount.Field,
            ManagementToken t => t.Value,
            _ => null,
        };
        _ = Token66.TryParse(digits, out var number);
        return new LastToken(
            at, carrier, decision.Result, number.ToString(), (int)token.Class, token.Subclass, token.Identifier?.Value,
            amount);
    }
}
