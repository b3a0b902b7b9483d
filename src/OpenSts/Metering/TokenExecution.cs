namespace OpenSts.Metering;

/// <summary>Applies an authentic and valid token of class 0 or 2, except key changes.</summary>
/// <remarks>IEC 62055-41 and STS 202-5. The order of the checks is function, format, range, overflow.</remarks>
internal static class TokenExecution
{
    private const int FirstCurrencyRegister = (int)CreditRegister.ElectricityCurrency;

    /// <summary>Accept with the state afterwards, or the first failed check with the state unchanged.</summary>
    public static TokenResult Execute(MeterSettings settings, MeterState state, Token meaning, out MeterState after)
    {
        after = state;
        switch (meaning)
        {
            case TransferCredit or TransferCurrency when settings.RefusesCreditWhenTampered
                && state.Tamper != TamperFlags.None:
                return TokenResult.FunctionError;
            case TransferCredit t when settings.CountsUnits && t.Service == settings.Service:
                return AddUnits(settings, state, t.Amount.Units, out after);
            case TransferCurrency t when settings.CountsCurrency && t.Service == settings.Service:
                return AddSteps(settings, state, t.Amount.Steps, out after);
            case ClearCredit t:
                return Clear(settings, state, t.Register, out after);
            case SetMaximumPowerLimit t when settings.Service == CreditService.Electricity:
                after = state with { MaximumPowerLimit = t.Watts.Units };
                return TokenResult.Accept;
            case SetMaximumPhasePowerUnbalanceLimit t when settings.HasPhases:
                after = state with { MaximumPhasePowerUnbalanceLimit = t.Watts.Units };
                return TokenResult.Accept;
            case SetTariffRate t when settings.HasTariffRate:
                after = state with { TariffRate = t.Rate };
                return TokenResult.Accept;
            case SetWaterMeterFactor t when settings.Service == CreditService.Water:
                after = state with { WaterMeterFactor = t.Factor };
                return TokenResult.Accept;
            case ClearTamperCondition { Pad: not 0 }:
                return TokenResult.FormatError;
            case ClearTamperCondition:
                after = state with { Tamper = TamperFlags.None };
                return TokenResult.Accept;
            case SetFlag t when settings.HasFlag(t.Index):
                after = state with { Flags = state.Flags.With(t.Index, t.Enabled) };
                return TokenResult.Accept;
            case SetControlElement { Index: (int)ExtendedControl.ComplianceTest } t when settings.HasExtensions:
                after = state with { ComplianceControl = t.Element };
                return TokenResult.Accept;
            default:
                return TokenResult.FunctionError;
        }
    }

    private static TokenResult AddUnits(MeterSettings settings, MeterState state, long units, out MeterState after)
    {
        after = state;
        // The difference cannot overflow: neither side is negative. The sum could.
        if (units > settings.LargestUnits - state.CreditUnits)
            return TokenResult.OverflowError;
        after = state with { CreditUnits = state.CreditUnits + units };
        return TokenResult.Accept;
    }

    private static TokenResult AddSteps(MeterSettings settings, MeterState state, Int128 steps, out MeterState after)
    {
        after = state;
        var sum = state.CreditSteps + steps;
        if (sum > settings.LargestSteps || sum < -settings.LargestSteps)
            return TokenResult.OverflowError;
        after = state with { CreditSteps = (long)sum };
        return TokenResult.Accept;
    }

    private static TokenResult Clear(
        MeterSettings settings, MeterState state, CreditRegister register, out MeterState after)
    {
        after = state;
        if (!Enum.IsDefined(register))
            return TokenResult.RangeError;
        if (register == CreditRegister.All)
            after = state with { CreditUnits = 0, CreditSteps = 0 };
        else if (!settings.Has(register))
            return TokenResult.FunctionError;
        else
            after = (int)register < FirstCurrencyRegister
                ? state with { CreditUnits = 0 }
                : state with { CreditSteps = 0 };
        return TokenResult.Accept;
    }
}
