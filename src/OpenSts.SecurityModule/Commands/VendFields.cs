using System.Globalization;

namespace OpenSts.SecurityModule.Commands;

/// <summary>
/// The eight fields of SM?VC and SM?VM. Numbers that only the later rules judge are kept as they came.
/// </summary>
internal readonly struct VendFields
{
    /// <summary>Their types.</summary>
    public const string Types = "NPNNNNHH";

    public required int Register { get; init; }

    /// <summary>Null where it is not 18 digits with good check digits.</summary>
    public required MeterPan? MeterPan { get; init; }

    public required int TariffIndex { get; init; }

    public required int EncryptionAlgorithm { get; init; }

    public required TokenCarrierType Carrier { get; init; }

    public required int Subclass { get; init; }

    /// <summary>16 bits; for currency 20.</summary>
    public required int Field { get; init; }

    public required TokenIdentifier Tid { get; init; }

    /// <summary>Everything but the random bits, as one number: no two requests have the same.</summary>
    public UInt128 Request(TokenClass tokenClass) =>
        RequestNumber.Of(tokenClass == TokenClass.Credit ? 0 : 1, MeterPan!.Value)
        .With(Register, SoftwareSecurityModule.GreatestRegister + 1).With(TariffIndex, 100)
            .With(EncryptionAlgorithm == 11 ? 1 : 0, 2).With((int)Carrier, 9)
        .With(Subclass, 16).With(Field, 1 << 20).With(Tid.Value, 1 << 24).Value;

    /// <summary>Takes the fields; false where one is out of range (code 63).</summary>
    public static bool TryRead(PtvdFields fields, bool currencyAllowed, out VendFields vend)
    {
        vend = default;
        var (register, carrier, subclass) = (fields.Number(0), fields.Number(4), fields.Number(5));
        var greatest = currencyAllowed && subclass is >= 4 and <= 7 ? 0xFFFFF : 0xFFFF;
        if (register is < 1 or > SoftwareSecurityModule.GreatestRegister || !IsCarrier(carrier)
            || !fields.TryOctets(6, greatest, out var field)
                || !fields.TryOctets(7, TokenIdentifier.MaxValue, out var tid))
            return false;
        vend = new VendFields
        {
            Register = register,
            MeterPan = PanOf(fields.Text(1)),
            TariffIndex = fields.Number(2),
            EncryptionAlgorithm = fields.Number(3),
            Carrier = (TokenCarrierType)carrier,
            Subclass = subclass,
            Field = field,
            Tid = TokenIdentifier.FromNumber(tid),
        };
        return true;
    }

    /// <summary>1, 2, 7 or 8.</summary>
    public static bool IsCarrier(int carrier) => carrier is 1 or 2 or 7 or 8;

    /// <summary>The identity, or null.</summary>
    public static MeterPan? PanOf(ReadOnlySpan<byte> text) =>
        text.Length == 18 && ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && OpenSts.MeterPan.TryCreate(number, out var pan, out _) ? pan : null;
}
