using System.Text.Json.Serialization;
using OpenSts.Metering;

namespace OpenSts.Meter.Storage;

/// <summary>A meter record as it is written: names and simple values only, so that a later version can still read it.</summary>
internal sealed record MeterImage
{
    public int Version { get; init; } = 1;

    public string Pan { get; init; } = "";

    public EncryptionAlgorithm EncryptionAlgorithm { get; init; }

    public CreditService Service { get; init; }

    public int Phases { get; init; }

    public bool CountsUnits { get; init; }

    public bool CountsCurrency { get; init; }

    public int KeyChangeTokensSupported { get; init; }

    public double KeyChangeTimeoutSeconds { get; init; }

    public long LargestUnits { get; init; }

    public long LargestSteps { get; init; }

    public bool ChecksKeyExpiry { get; init; }

    public LockoutScope LockoutScope { get; init; }

    public bool HasTariffRate { get; init; }

    public bool RefusesCreditWhenTampered { get; init; }

    public bool HasExtensions { get; init; }

    public string DecoderKey { get; init; } = "";

    public KeyType KeyType { get; init; }

    public int KeyRevisionNumber { get; init; }

    public int KeyExpiryNumber { get; init; }

    public int TariffIndex { get; init; }

    public int SupplyGroupCode { get; init; }

    public int[] TokenMemory { get; init; } = [];

    public int Failures { get; init; }

    public long CreditUnits { get; init; }

    public long CreditSteps { get; init; }

    public int? MaximumPowerLimit { get; init; }

    public int? MaximumPhasePowerUnbalanceLimit { get; init; }

    public int? TariffRate { get; init; }

    public int? WaterMeterFactor { get; init; }

    public ushort Flags { get; init; }

    public int ComplianceControl { get; init; }

    public TamperFlags Tamper { get; init; }

    public int BaseDate { get; init; }

    public long StepsPerUnit { get; init; }

    public long CumulativeMicro { get; init; }

    public int UsedOfUnit { get; init; }

    public int UsedOfStep { get; init; }

    public bool HasPower { get; init; }

    public int PowerFailures { get; init; }

    public LastToken[] TokenLog { get; init; } = [];

    public bool IsDisconnectedRemotely { get; init; }

    public TimeSpan ClockShift { get; init; }

    public long LowCreditThreshold { get; init; }

    public RegisterPoint[] CreditHistory { get; init; } = [];

    public RegisterPoint[] ChargeHistory { get; init; } = [];

    public LastToken? LastCredit { get; init; }

    public MeterEvent[] Events { get; init; } = [];
}

/// <summary>The generated reader and writer of the image.</summary>
[JsonSourceGenerationOptions(UseStringEnumConverter = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(MeterImage))]
internal sealed partial class MeterImageContext : JsonSerializerContext;
