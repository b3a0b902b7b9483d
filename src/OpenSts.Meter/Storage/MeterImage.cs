using System.Text.Json.Serialization;

namespace OpenSts.Meter.Storage;

/// <summary>A meter record as it stands in a file, in JSON. The property names are the file format: they never
/// change.</summary>
/// <remarks>
/// Version 1 has the decoder key in clear and a price in steps of 10^-10; see <see cref="MeterRecordJson"/>. Version 2
/// has either
/// <see cref="DecoderKey"/> or <see cref="SealedDecoderKey"/>. A member that an older file does not have keeps its
/// default: that needs set
/// accessors, for the generated reader assigns every init accessor.
/// </remarks>
internal sealed record MeterImage
{
    public const int CurrentVersion = 2;

    public int Version { get; set; } = CurrentVersion;

    public string Pan { get; set; } = "";

    public string EncryptionAlgorithm { get; set; } = "";

    public string Service { get; set; } = "";

    public int Phases { get; set; }

    public bool CountsUnits { get; set; }

    public bool CountsCurrency { get; set; }

    public int KeyChangeTokensSupported { get; set; }

    public double KeyChangeTimeoutSeconds { get; set; }

    public long LargestUnits { get; set; }

    public long LargestSteps { get; set; }

    public bool ChecksKeyExpiry { get; set; }

    public string LockoutScope { get; set; } = "";

    public string LockoutReset { get; set; } = "MeterSpecificOnly";

    public bool HasTariffRate { get; set; }

    public bool RefusesCreditWhenTampered { get; set; }

    public bool HasExtensions { get; set; }

    public bool HasAccount { get; set; }

    public string? DecoderKey { get; set; }

    public string? SealedDecoderKey { get; set; }

    public string KeyType { get; set; } = "";

    public int KeyRevisionNumber { get; set; }

    public int KeyExpiryNumber { get; set; }

    public int TariffIndex { get; set; }

    public int SupplyGroupCode { get; set; }

    public int[] TokenMemory { get; set; } = [];

    public int TokenMemoryFill { get; set; }

    public int Failures { get; set; }

    public long CreditUnits { get; set; }

    public long CreditSteps { get; set; }

    public int? MaximumPowerLimit { get; set; }

    public int? MaximumPhasePowerUnbalanceLimit { get; set; }

    public int? TariffRate { get; set; }

    public int? WaterMeterFactor { get; set; }

    public ushort Flags { get; set; }

    public int ComplianceControl { get; set; }

    public string Tamper { get; set; } = "";

    public int BaseDate { get; set; }

    public long StepsPerUnit { get; set; }

    public long SaveAfterMicro { get; set; } = Consumption.MicroInUnit;

    public StoredSection[] PendingKeyChange { get; set; } = [];

    public long CumulativeMicro { get; set; }

    public int UsedOfUnit { get; set; }

    public int UsedOfStep { get; set; }

    public bool HasPower { get; set; }

    public int PowerFailures { get; set; }

    public StoredToken[] TokenLog { get; set; } = [];

    public bool IsDisconnectedRemotely { get; set; }

    public TimeSpan ClockShift { get; set; }

    public long LowCreditThreshold { get; set; }

    public StoredPoint[] CreditHistory { get; set; } = [];

    public StoredPoint[] ChargeHistory { get; set; } = [];

    public StoredToken? LastCredit { get; set; }

    public StoredEvent[] Events { get; set; } = [];
}

/// <summary>An entry of the token log.</summary>
internal sealed record StoredToken(
    DateTimeOffset At, string Carrier, string Result, string Digits, int? Class, int? Subclass, int? Identifier,
    int? Amount);

/// <summary>A register at a time.</summary>
internal sealed record StoredPoint(DateTimeOffset At, long Value);

/// <summary>An entry of the event log.</summary>
internal sealed record StoredEvent(DateTimeOffset At, string Kind, string Detail);

/// <summary>A section of a key change set that waits for the others.</summary>
internal sealed record StoredSection(DateTimeOffset At, string Digits);

/// <summary>The generated reader and writer of the image.</summary>
[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(MeterImage))]
internal sealed partial class MeterImageContext : JsonSerializerContext;
