namespace OpenSts.Vending.Meters;

/// <summary>The rules of a change of a meter's record.</summary>
public static class MeterUpdate
{
    /// <summary>The meter as it is stored after a change, or why the change is refused.</summary>
    /// <param name="stored">The meter before; null where it is new.</param>
    /// <param name="wanted">The meter as the request describes it.</param>
    /// <param name="hasVends">True where a token was ever made for it.</param>
    public static Result<PaymentMeter> Apply(PaymentMeter? stored, PaymentMeter wanted, bool hasVends)
    {
        ArgumentNullException.ThrowIfNull(wanted);
        if (!wanted.Key.KeyType.MayUse(wanted.TokenCarrierType))
            return new Refusal(
                ErrorCodes.FieldInvalid, "keyType", RefusalArgument.Text("rule", "common-key-on-magnetic-card-only"));
        if (stored is null)
            return wanted;
        if (stored.State == MeterState.Replaced)
            return stored.RefusesVends()!;
        if (stored.NextKey is not null && wanted.Key != stored.Key)
            return new Refusal(ErrorCodes.KeyChangeNotConfirmed, "meter");
        // What a meter holds changes by tokens that somebody types, not by a form.
        if (hasVends && wanted.Key != stored.Key)
            return new Refusal(ErrorCodes.KeyNotEditable, ChangedField(stored.Key, wanted.Key));
        return wanted with
        {
            NextKey = stored.NextKey,
            KeyChangeVend = stored.KeyChangeVend,
            State = stored.State,
            StateReason = stored.StateReason,
            Sandbox = stored.Sandbox,
        };
    }

    /// <summary>The meter under its new key, or the refusal where no change is on its way.</summary>
    public static Result<PaymentMeter> ConfirmKey(PaymentMeter meter)
    {
        ArgumentNullException.ThrowIfNull(meter);
        return meter.NextKey is { } next
            ? meter with { Key = next, NextKey = null, KeyChangeVend = null }
            : new Refusal(ErrorCodes.NoKeyChange, "meter");
    }

    private static string ChangedField(MeterKey stored, MeterKey wanted)
    {
        if (stored.SupplyGroup != wanted.SupplyGroup)
            return "supplyGroup";
        if (stored.KeyRevisionNumber != wanted.KeyRevisionNumber)
            return "keyRevisionNumber";
        return stored.KeyType != wanted.KeyType ? "keyType" : "tariffIndex";
    }
}
