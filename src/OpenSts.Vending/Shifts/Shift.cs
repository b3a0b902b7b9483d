namespace OpenSts.Vending.Shifts;

/// <summary>How a customer paid.</summary>
public enum PaymentMethod
{
    Cash,
    Card,
    MobileMoney,
    BankTransfer,
    Cheque,
}

/// <summary>An operator's time at a till, from its float to its cash-up.</summary>
public sealed record Shift
{
    public required string Id { get; init; }

    /// <summary>The caller who opened it.</summary>
    public required string Operator { get; init; }

    public string? Vendor { get; init; }

    public string? Outlet { get; init; }

    public required DateTimeOffset Opened { get; init; }

    /// <summary>Money in the till at the start, in minor units.</summary>
    public required long FloatMinor { get; init; }

    public ShiftClosing? Closing { get; init; }
}

/// <summary>What a shift's vends come to at one moment.</summary>
/// <param name="IssuedCashMinor">Cash of vends whose tokens are stored.</param>
/// <param name="PendingCashMinor">Cash of vends whose outcome is not known.</param>
/// <param name="PendingVends">How many those are.</param>
/// <param name="PaidInMinor">Cash put into the till less cash taken out, but for vends.</param>
public readonly record struct ShiftTotals(
    long IssuedCashMinor, long PendingCashMinor, int PendingVends, long PaidInMinor);

/// <summary>The cash-up of a shift.</summary>
/// <param name="At">When.</param>
/// <param name="CountedMinor">Money counted.</param>
/// <param name="Totals">What the vends came to.</param>
public sealed record ShiftClosing(DateTimeOffset At, long CountedMinor, ShiftTotals Totals);

/// <summary>The rules of opening and closing.</summary>
public static class ShiftRules
{
    /// <summary>Opens a shift; refused while the operator has one open.</summary>
    public static Result<Shift> Open(Shift wanted, Shift? open)
    {
        ArgumentNullException.ThrowIfNull(wanted);
        return open is null
            ? wanted
            : new Refusal(ErrorCodes.ShiftAlreadyOpen, null, RefusalArgument.Text("shift", open.Id),
                RefusalArgument.Time("opened", open.Opened));
    }

    /// <summary>Closes the open shift. Vends without an outcome are reported beside it and count as not
    /// sold.</summary>
    public static Result<Shift> Close(Shift? open, long counted, ShiftTotals totals, DateTimeOffset at) => open is null
        ? new Refusal(ErrorCodes.NoOpenShift)
        : open with { Closing = new ShiftClosing(at, counted, totals) };

    /// <summary>Counted less what should be there, in minor units: below zero something is missing. Null while it is
    /// open.</summary>
    /// <remarks>A pending vend's cash is in the till but not yet sold: it shows as a difference until its outcome is
    /// known.</remarks>
    public static long? Difference(Shift shift)
    {
        ArgumentNullException.ThrowIfNull(shift);
        return shift.Closing is { } closing
            ? closing.CountedMinor - shift.FloatMinor - closing.Totals.PaidInMinor - closing.Totals.IssuedCashMinor
            : null;
    }

    /// <summary>The difference that stays when every pending vend turns out to be issued.</summary>
    public static long? DifferenceIfPendingIssue(Shift shift) =>
        Difference(shift) - shift.Closing?.Totals.PendingCashMinor;
}
