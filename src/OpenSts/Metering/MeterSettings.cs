namespace OpenSts.Metering;

/// <summary>What a meter is by construction; no token changes it.</summary>
public sealed record MeterSettings
{
    private readonly int _keyChangeTokens = 3;

    /// <summary>Its identity; the default where it is not known: then it accepts tests with manufacturer code 0
    /// only.</summary>
    public required MeterPan MeterPan { get; init; }

    /// <summary>Its encryption algorithm.</summary>
    public required EncryptionAlgorithm EncryptionAlgorithm { get; init; }

    /// <summary>The service it meters.</summary>
    public CreditService Service { get; init; } = CreditService.Electricity;

    /// <summary>Phases of an electricity meter: 1 or 3.</summary>
    public int Phases { get; init; } = 1;

    /// <summary>True where it has a credit register in units.</summary>
    public bool CountsUnits { get; init; } = true;

    /// <summary>True where it has a credit register in currency.</summary>
    public bool CountsCurrency { get; init; } = true;

    /// <summary>How many key change tokens it supports: 2 or 3 with EA07 (default 3), always 4 with EA11.</summary>
    public int KeyChangeTokensSupported
    {
        get => EncryptionAlgorithm == EncryptionAlgorithm.Ea11 ? 4 : _keyChangeTokens;
        init => _keyChangeTokens = value;
    }

    /// <summary>How long it waits for the rest of a key change set after its first token; zero: without
    /// limit.</summary>
    // A reading: one manufacturer's meters forget the first token after ten minutes.
    public TimeSpan KeyChangeTimeout { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>The largest credit in units of 0.1, 0 to 2^63-1; a token that would exceed it is refused.</summary>
    // A reading: the credit of DLMS class 112 is a signed 32-bit number, so no more can be shown.
    public long LargestUnits { get; init; } = int.MaxValue;

    /// <summary>The largest credit of either sign in currency, in 10^-5 of a base unit, 0 to 2^63-1.</summary>
    public long LargestSteps { get; init; } = long.MaxValue;

    /// <summary>True where it refuses tokens made after its key expired. IEC 62055-41 leaves it to the
    /// manufacturer.</summary>
    public bool ChecksKeyExpiry { get; init; } = true;

    /// <summary>Which tokens are refused while the lock-out runs.</summary>
    public LockoutScope LockoutScope { get; init; } = LockoutScope.AllTokens;

    /// <summary>Which accepted tokens end the lock-out and its count.</summary>
    public LockoutReset LockoutReset { get; init; } = LockoutReset.MeterSpecificOnly;

    /// <summary>True where it stores a tariff rate; the meaning of the value is not public.</summary>
    public bool HasTariffRate { get; init; }

    /// <summary>True where credit is refused while tamper is signalled.</summary>
    public bool RefusesCreditWhenTampered { get; init; }

    /// <summary>True where it has the flags and control elements of STS 202-5.</summary>
    public bool HasExtensions { get; init; } = true;

    /// <summary>True where it has a DLMS/COSEM Account object: it is prepaid, and its payment mode is no flag's to
    /// set.</summary>
    /// <remarks>STS 201-2, 4.3.</remarks>
    public bool HasAccount { get; init; }

    /// <summary>The tests and displays of class 1 it carries out.</summary>
    public MeterTests Tests =>
        MeterTests.LoadSwitch | MeterTests.Display | MeterTests.RegisterTotals | MeterTests
            .KeyRevisionNumber | MeterTests.TariffIndex
        | MeterTests.TokenReader | MeterTests.TamperStatus | MeterTests.SoftwareVersion | MeterTests
            .EncryptionAlgorithm
        | MeterTests.KeyChangeTokensSupported | MeterTests.SupplyGroupCode | MeterTests.KeyExpiryNumber | MeterTests
            .DecoderReferenceNumber
        | (Service == CreditService.Electricity ? MeterTests.MaximumPowerLimit | MeterTests.PowerConsumption : 0)
        | (HasPhases ? MeterTests.PhasePowerUnbalanceLimit : 0)
        | (Service == CreditService.Water ? MeterTests.WaterMeterFactor : 0)
        | (HasTariffRate ? MeterTests.TariffRate : 0);

    /// <summary>True for an electricity meter of several phases.</summary>
    public bool HasPhases => Service == CreditService.Electricity && Phases > 1;

    /// <summary>True where it has that credit register.</summary>
    public bool Has(CreditRegister register) =>
        (CountsUnits && (int)register == (int)Service) || (CountsCurrency && (int)register == (int)Service + 4);

    /// <summary>True where it implements the flag of that index: a flag that would change nothing is not
    /// implemented.</summary>
    /// <remarks>
    /// STS 202-5, FlagArray. Implemented are 0 to 3, 4 (power limit) in electricity meters, and the payment mode of
    /// the meter's own service unless
    /// it has an Account (STS 201-2, 4.3). Not implemented are under-frequency (5), commissioning (10) and the
    /// fallback power limit (11).
    /// </remarks>
    public bool HasFlag(int index) => HasExtensions && index switch
    {
        (int)ExtendedFlag.ComplianceTest or (int)ExtendedFlag.DetectTamper
            or (int)ExtendedFlag.DisconnectService or (int)ExtendedFlag.DisconnectOnTamper => true,
        (int)ExtendedFlag.DisconnectOnPowerLimit => Service == CreditService.Electricity,
        >= (int)ExtendedFlag.SetElectricityPaymentMode and <= (int)ExtendedFlag.SetTimePaymentMode =>
            !HasAccount && index == (int)FlagArray.PaymentMode(Service),
        _ => false,
    };
}
