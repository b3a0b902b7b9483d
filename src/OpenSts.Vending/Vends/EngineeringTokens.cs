namespace OpenSts.Vending.Vends;

/// <summary>The fields of engineering tokens.</summary>
internal static class EngineeringTokens
{
    private const long AllTests = (1L << 36) - 1;
    private const int MaxControlIndex = 62, MaxFlagIndex = 511;

    /// <summary>The refusal of a value or index that the token cannot carry, or null.</summary>
    public static Refusal? Refuses(EngineeringRequest request)
    {
        // A value that is missing where the token carries one is never 0 (fault P2).
        if (request.Value is null && request.Token is not (EngineeringKind.ClearTamper or EngineeringKind.Test))
            return new Refusal(ErrorCodes.FieldInvalid, "value", RefusalArgument.Text("rule", "required"));
        var most = request.Token switch
        {
            EngineeringKind.PowerLimit or EngineeringKind.PhaseUnbalance => TransferAmount.MaxUnits,
            EngineeringKind.Flag => 1,
            EngineeringKind.Control => 1023,
            EngineeringKind.Test => 36,
            EngineeringKind.ClearTamper => 0,
            _ => 65535,
        };
        if (request.Value is < 0 || request.Value > most)
            return new Refusal(ErrorCodes.FieldInvalid, "value", RefusalArgument.Number("minimum", 0),
                RefusalArgument.Number("maximum", most));
        if (request.Token == EngineeringKind.ClearCredit && !Enum.IsDefined((CreditRegister)request.Value!.Value))
            return new Refusal(
                ErrorCodes.FieldInvalid, "value", RefusalArgument.Text("rule", "register-0-to-7-or-65535"));
        var needsIndex = request.Token is EngineeringKind.Flag or EngineeringKind.Control;
        if (needsIndex && request.Index is null)
            return new Refusal(ErrorCodes.FieldInvalid, "index", RefusalArgument.Text("rule", "required"));
        var last = request.Token == EngineeringKind.Control ? MaxControlIndex : MaxFlagIndex;
        return request.Index is < 0 || request.Index > (needsIndex ? last : 0)
            ? new Refusal(ErrorCodes.FieldInvalid, "index", RefusalArgument.Number("minimum", 0),
                RefusalArgument.Number("maximum", needsIndex ? last : 0))
            : null;
    }

    /// <summary>The order without its key and identifier.</summary>
    public static TokenOrder Order(EngineeringRequest request)
    {
        var (value, index) = (request.Value ?? 0, request.Index ?? 0);
        if (request.Token == EngineeringKind.Test)
        {
            var field = value == 0 ? AllTests : 1L << (int)(value - 1);
            return new TokenOrder { Purpose = TokenPurpose.Test, Register = 0, Field = field, Value = value };
        }

        // Subclasses of class 2: IEC 62055-41 and, for 10, STS 202-5.
        var (subclass, content) = request.Token switch
        {
            EngineeringKind.PowerLimit => (0, Watts(value)),
            EngineeringKind.ClearCredit => (1, value),
            EngineeringKind.TariffRate => (2, value),
            EngineeringKind.ClearTamper => (5, 0L),
            EngineeringKind.PhaseUnbalance => (6, Watts(value)),
            EngineeringKind.WaterFactor => (7, value),
            EngineeringKind.Control => (10, ((long)index << 10) | value),
            EngineeringKind.Flag => (10, 0xFC00L | ((long)index << 1) | value),
            _ => throw new ArgumentOutOfRangeException(nameof(request), request.Token, null),
        };
        return new TokenOrder
        {
            Purpose = TokenPurpose.Management,
            Register = 0,
            Subclass = subclass,
            Field = content,
            Value = value
        };
    }

    private static long Watts(long watts) => TransferAmount.TryFromUnits(watts, out var amount)
        ? amount.Field
        : throw new ArgumentOutOfRangeException(nameof(watts), watts, null);
}
