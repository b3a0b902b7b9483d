using System.Text.Json.Serialization;

namespace OpenSts.Meter.Storage;

/// <summary>A meter record as it stands in a file, in JSON. The property names are the file format: they never change.</summary>
/// <remarks>
/// Version 1 has the decoder key in clear and a price in steps of 10^-10; see <see cref="MeterRecordJson"/>. Version 2 has either
/// <see cref="DecoderKey"/> or <see cref="SealedDecoderKey"/>. A member that an older file does not have keeps its default.
/// </remarks>
internal sealed record MeterImage
{
    public const int CurrentVersion = 2;

    public int Version { get; init; } = CurrentVersion;

    public string Pan { get; init; } = "";

    public string EncryptionAlgorithm { get; init; } = "";

    public string Service { get; init; } = "";

    public int Phases { get; init; }

    public bool CountsUnits { get; init; }

    public bool CountsCurrency { get; init; }

    public int KeyChangeTokensSupported { get; init; }

    public double KeyChangeTimeoutSeconds { get; init; }

    public long LargestUnits { get; init; }

    public long LargestSteps { get; init; }

    public bool ChecksKeyExpiry { get; init; }

    public string LockoutScope { get; init; } = "";

    public string LockoutReset { get; init; } = "MeterSpecificOnly";

    public bool HasTariffRate { get; init; }

    public bool RefusesCreditWhenTampered { get; init; }

    public bool HasExtensions { get; init; }

    public bool HasAccount { get; init; }

    public string? DecoderKey { get; init; }

    public string? SealedDecoderKey { get; init; }

    public string KeyType { get; init; } = "";

    public int KeyRevisionNumber { get; init; }

    public int KeyExpiryNumber { get; init; }

    public int TariffIndex { get; init; }

    public int SupplyGroupCode { get; init; }

    public int[] TokenMemory { get; init; } = [];

    public int TokenMemoryFill { get; init; }

    public int Failures { get; init; }

    public long CreditUnits { get; init; }

    public long CreditSteps { get; init; }

    public int? MaximumPowerLimit { get; init; }

    public int? MaximumPhasePowerUnbalanceLimit { get; init; }

    public int? TariffRate { get; init; }

    public int? WaterMeterFactor { get; init; }

    public ushort Flags { get; init; }

    public int ComplianceControl { get; init; }

    public string Tamper { get; init; } = "";

    public int BaseDate { get; init; }

    public long StepsPerUnit { get; init; }

    public long SaveAfterMicro { get; init; } = Consumption.MicroInUnit;

    public StoredSection[] PendingKeyChange { get; init; } = [];

    public long CumulativeMicro { get; init; }

    public int UsedOfUnit { get; init; }

    public int UsedOfStep { get; init; }

    public bool HasPower { get; init; }

    public int PowerFailures { get; init; }

    public StoredToken[] TokenLog { get; init; } = [];

    public bool IsDisconnectedRemotely { get; init; }

    public TimeSpan ClockShift { get; init; }

    public long LowCreditThreshold { get; init; }

    public StoredPoint[] CreditHistory { get; init; } = [];

    public StoredPoint[] ChargeHistory { get; init; } = [];

    public StoredToken? LastCredit { get; init; }

    public StoredEvent[] Events { get; init; } = [];
}

/// <summary>An entry of the token log.</summary>
internal sealed record StoredToken(DateTimeOffset At, string Carrier, string Result, string Digits, int? Class, int? Subclass, int? Identifier, int? Amount);

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
