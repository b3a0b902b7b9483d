namespace OpenSts.SecurityModule.Commands;

/// <summary>The eight fields of SM?VK and SM?MK.</summary>
internal readonly struct KeyChangeFields
{
    /// <summary>Their types.</summary>
    public const string Types = "NNPNNNNN";

    public required int FromRegister { get; init; }

    public required int ToRegister { get; init; }

    /// <summary>Null where it is not 18 digits with good check digits.</summary>
    public required MeterPan? MeterPan { get; init; }

    public required int FromTariffIndex { get; init; }

    public required int EncryptionAlgorithm { get; init; }

    public required TokenCarrierType Carrier { get; init; }

    public required int ToTariffIndex { get; init; }

    public required int Tokens { get; init; }

    /// <summary>Everything that is asked for, as one number.</summary>
    public UInt128 Request => RequestNumber.Of(2, MeterPan!.Value)
        .With(FromRegister, SoftwareSecurityModule.GreatestRegister + 1)
        .With(ToRegister, SoftwareSecurityModule.GreatestRegister + 1).With(FromTariffIndex, 100)
        .With(ToTariffIndex, 100).With(EncryptionAlgorithm == 11 ? 1 : 0, 2).With((int)Carrier, 9).With(Tokens, 8)
            .Value;

    /// <summary>Takes the fields; false where one is out of range (code 63).</summary>
    public static bool TryRead(PtvdFields fields, out KeyChangeFields change)
    {
        change = new KeyChangeFields
        {
            FromRegister = fields.Number(0),
            ToRegister = fields.Number(1),
            MeterPan = VendFields.PanOf(fields.Text(2)),
            FromTariffIndex = fields.Number(3),
            EncryptionAlgorithm = fields.Number(4),
            Carrier = (TokenCarrierType)fields.Number(5),
            ToTariffIndex = fields.Number(6),
            Tokens = fields.Number(7),
        };
        return IsRegister(change.FromRegister) && IsRegister(change.ToRegister)
            && VendFields.IsCarrier((int)change.Carrier);
    }

    private static bool IsRegister(int number) => number is >= 1 and <= SoftwareSecurityModule.GreatestRegister;
}
