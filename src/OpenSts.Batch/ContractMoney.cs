namespace OpenSts.Batch;

/// <summary>How the JSON Lines contract writes money: the field's smallest step is 10^-10 of the amount.</summary>
/// <remarks>
/// The published values of the test for one base unit carry 100000 steps, and the contract's vectors write that base unit
/// as 0.00001. The vectors win: see docs/standard/readings.md.
/// </remarks>
public static class ContractMoney
{
    public const int Decimals = 10;

    public static string Largest { get; } = ExactDecimal.Format(CurrencyAmount.MaxSteps, Decimals);

    public static bool TryParse(ReadOnlySpan<char> text, out CurrencyAmount amount)
    {
        amount = default;
        return ExactDecimal.TryReadRoundedUp(text, Decimals, out var steps) && CurrencyAmount.TryFromSteps(steps, out amount);
    }

    public static string Format(CurrencyAmount amount) => ExactDecimal.Format(amount.Steps, Decimals);
}
