namespace OpenSts.SecurityModule.Commands;

/// <summary>SM?VC: a credit token, of units (subclass 0 to 3) or of currency (4 to 7).</summary>
internal sealed class VendCredit() : VendToken("SM?VC", TokenClass.Credit)
{
    protected override TokenContent Content(in VendFields vend, byte random) => vend.Subclass <= 3
        ? TokenLayout.Credit((CreditService)vend.Subclass, random, vend.Tid,
            TransferAmount.FromField((ushort)vend.Field))
        : TokenLayout.Currency((CreditService)(vend.Subclass - 4), vend.Tid, CurrencyAmount.FromField(vend.Field));

    protected override (long Units, long Currency) Worth(in VendFields vend)
    {
        if (vend.Subclass <= 3)
            return (TransferAmount.FromField((ushort)vend.Field).Units, 0);
        const int steps = 100_000;
        var amount = CurrencyAmount.FromField(vend.Field).Steps;
        // An amount that takes credit away does not give the limit back: totals never fall.
        return (0, amount <= 0 ? 0 : (long)Int128.Min(long.MaxValue, ((amount - 1) / steps) + 1));
    }
}
