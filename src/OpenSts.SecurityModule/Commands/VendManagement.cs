namespace OpenSts.SecurityModule.Commands;

/// <summary>SM?VM: a management token with a 16-bit value.</summary>
internal sealed class VendManagement() : VendToken("SM?VM", TokenClass.MeterSpecificManagement)
{
    protected override TokenContent Content(in VendFields vend, byte random) =>
        TokenLayout.Management(vend.Subclass, random, vend.Tid, (ushort)vend.Field);

    protected override (long Units, long Currency) Worth(in VendFields vend) => default;
}
