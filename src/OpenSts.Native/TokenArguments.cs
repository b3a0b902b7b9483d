namespace OpenSts.Native;

/// <summary>What a token says, from the arguments of a call.</summary>
internal static class TokenArguments
{
    public static TokenContent Content(int tokenClass, int subclass, byte random, TokenIdentifier tid,
        string amount) =>
        tokenClass switch
        {
            0 => Credit(subclass, random, tid, amount),
            2 => TokenLayout.Management(Managed(subclass), random, tid, Value(subclass, amount)),
            _ => throw new StatusException(Status.Function),
        };

    public static Token Test(int subclass, long control, int manufacturerCode)
    {
        var bits = TokenLayout.ControlBits(subclass);
        if (control < 0 || control >> bits != 0 || manufacturerCode < 0 || manufacturerCode >> (44 - bits) != 0)
            throw new StatusException(Status.Argument);
        return subclass switch
        {
            0 or 1 => new InitiateMeterTest
            {
                FourDigitForm = subclass == 1,
                Tests = (MeterTests)control,
                ManufacturerCode = manufacturerCode,
            },
            2 => new ReadExtension { Control = control, ManufacturerCode = manufacturerCode },
            >= 6 and <= 15 => new ProprietaryTest
            {
                ProprietarySubclass = subclass,
                Control = control,
                ManufacturerCode = manufacturerCode,
            },
            _ => throw new StatusException(Status.Function),
        };
    }

    private static TokenContent Credit(int subclass, byte random, TokenIdentifier tid, string amount)
    {
        if (subclass is >= 0 and <= 3)
        {
            return TransferAmount.TryParseTenths(amount, out var units)
                ? TokenLayout.Credit((CreditService)subclass, random, tid, units)
                : throw new StatusException(Status.Argument);
        }

        if (subclass is not (>= 4 and <= 7))
            throw new StatusException(Status.Function);
        return CurrencyAmount.TryParse(amount, out var money)
            ? TokenLayout.Currency((CreditService)(subclass - 4), tid, money)
            : throw new StatusException(Status.Argument);
    }

    // Key change sections carry no identifier and come from a key change set.
    private static int Managed(int subclass) =>
        subclass is 0 or 1 or 2 or (>= 5 and <= 7) or (>= 10 and <= 15)
            ? subclass
            : throw new StatusException(Status.Function);

    private static ushort Value(int subclass, string amount)
    {
        if (!ExactDecimal.TryReadRoundedUp(amount, 0, out var number) || number < 0)
            throw new StatusException(Status.Argument);
        if (subclass is 0 or 6)
        {
            return TransferAmount.TryFromUnits(number, out var watts)
                ? watts.Field
                : throw new StatusException(Status.Argument);
        }

        return number <= ushort.MaxValue ? (ushort)number : throw new StatusException(Status.Argument);
    }
}
