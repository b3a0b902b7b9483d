using System.Security.Cryptography;
using System.Text.Json;
using OpenSts.Keys;
using OpenSts.Metering;

namespace OpenSts.Meter.Storage;

/// <summary>A meter record as octets and back.</summary>
/// <remarks>A key change that was under way is not written: power was lost, and the customer enters the set again.</remarks>
internal static class MeterRecordJson
{
    public static byte[] Write(MeterRecord record)
    {
        var (settings, state) = (record.Settings, record.State);
        Span<byte> key = stackalloc byte[16];
        var length = Hazmat.Export(state.Key, key);
        var image = new MeterImage
        {
            Pan = settings.MeterPan == default ? "" : settings.MeterPan.ToString(),
            EncryptionAlgorithm = settings.EncryptionAlgorithm,
            Service = settings.Service,
            Phases = settings.Phases,
            CountsUnits = settings.CountsUnits,
            CountsCurrency = settings.CountsCurrency,
            KeyChangeTokensSupported = settings.KeyChangeTokensSupported,
            KeyChangeTimeoutSeconds = settings.KeyChangeTimeout.TotalSeconds,
            LargestUnits = settings.LargestUnits,
            LargestSteps = settings.LargestSteps,
            ChecksKeyExpiry = settings.ChecksKeyExpiry,
            LockoutScope = settings.LockoutScope,
            HasTariffRate = settings.HasTariffRate,
            RefusesCreditWhenTampered = settings.RefusesCreditWhenTampered,
            HasExtensions = settings.HasExtensions,
            DecoderKey = Convert.ToHexString(key[..length]),
            KeyType = state.KeyType,
            KeyRevisionNumber = state.KeyRevisionNumber.Value,
            KeyExpiryNumber = state.KeyExpiryNumber.Value,
            TariffIndex = state.TariffIndex.Value,
            SupplyGroupCode = state.SupplyGroupCode.Value,
            TokenMemory = state.Memory.Identifiers.ToArray(),
            Failures = state.Lockout.Failures,
            CreditUnits = state.CreditUnits,
            CreditSteps = state.CreditSteps,
            MaximumPowerLimit = state.MaximumPowerLimit,
            MaximumPhasePowerUnbalanceLimit = state.MaximumPhasePowerUnbalanceLimit,
            TariffRate = state.TariffRate,
            WaterMeterFactor = state.WaterMeterFactor,
            Flags = state.Flags.Bits,
            ComplianceControl = state.ComplianceControl,
            Tamper = state.Tamper,
            BaseDate = record.BaseDate.Year,
            StepsPerUnit = record.StepsPerUnit,
            CumulativeMicro = record.CumulativeMicro,
            UsedOfUnit = record.UsedOfUnit,
            UsedOfStep = record.UsedOfStep,
            HasPower = record.HasPower,
            PowerFailures = record.PowerFailures,
            TokenLog = [.. record.TokenLog],
            IsDisconnectedRemotely = record.IsDisconnectedRemotely,
            ClockShift = record.ClockShift,
            LowCreditThreshold = record.LowCreditThreshold,
            CreditHistory = [.. record.CreditHistory],
            ChargeHistory = [.. record.ChargeHistory],
            LastCredit = record.LastCredit,
            Events = [.. record.Events],
        };
        CryptographicOperations.ZeroMemory(key);
        return JsonSerializer.SerializeToUtf8Bytes(image, MeterImageContext.Default.MeterImage);
    }

    /// <exception cref="MeterFileException">The content is of another version, or its values do not belong together.</exception>
    public static MeterRecord Read(byte[] content, string path)
    {
        try
        {
            var image = JsonSerializer.Deserialize(content, MeterImageContext.Default.MeterImage);
            if (image is not { Version: 1 })
                throw new MeterFileException($"{path} is of version {image?.Version}; this program reads version 1");
            return new MeterRecord
            {
                Settings = Settings(image),
                State = State(image),
                BaseDate = BaseDate.FromYear(image.BaseDate),
                StepsPerUnit = image.StepsPerUnit,
                CumulativeMicro = image.CumulativeMicro,
                UsedOfUnit = image.UsedOfUnit,
                UsedOfStep = image.UsedOfStep,
                HasPower = image.HasPower,
                PowerFailures = image.PowerFailures,
                TokenLog = [.. image.TokenLog],
                IsDisconnectedRemotely = image.IsDisconnectedRemotely,
                ClockShift = image.ClockShift,
                LowCreditThreshold = image.LowCreditThreshold,
                CreditHistory = [.. image.CreditHistory],
                ChargeHistory = [.. image.ChargeHistory],
                LastCredit = image.LastCredit,
                Events = [.. image.Events],
            };
        }
        catch (Exception error) when (error is JsonException or ArgumentException or FormatException)
        {
            // The message of the error could hold a value of the file, and a value of the file could be the key.
            throw new MeterFileException($"{path} holds a record whose values do not belong together ({error.GetType().Name})");
        }
    }

    private static MeterSettings Settings(MeterImage image) => new()
    {
        MeterPan = image.Pan.Length == 0 ? default : MeterPan.Parse(image.Pan),
        EncryptionAlgorithm = image.EncryptionAlgorithm,
        Service = image.Service,
        Phases = image.Phases,
        CountsUnits = image.CountsUnits,
        CountsCurrency = image.CountsCurrency,
        KeyChangeTokensSupported = image.KeyChangeTokensSupported,
        KeyChangeTimeout = TimeSpan.FromSeconds(image.KeyChangeTimeoutSeconds),
        LargestUnits = image.LargestUnits,
        LargestSteps = image.LargestSteps,
        ChecksKeyExpiry = image.ChecksKeyExpiry,
        LockoutScope = image.LockoutScope,
        HasTariffRate = image.HasTariffRate,
        RefusesCreditWhenTampered = image.RefusesCreditWhenTampered,
        HasExtensions = image.HasExtensions,
    };

    private static MeterState State(MeterImage image)
    {
        var key = Convert.FromHexString(image.DecoderKey);
        var state = new MeterState
        {
            Key = Hazmat.ImportDecoderKey(image.EncryptionAlgorithm, key),
            KeyType = image.KeyType,
            KeyRevisionNumber = KeyRevisionNumber.FromNumber(image.KeyRevisionNumber),
            KeyExpiryNumber = KeyExpiryNumber.FromNumber(image.KeyExpiryNumber),
            TariffIndex = TariffIndex.FromNumber(image.TariffIndex),
            SupplyGroupCode = SupplyGroupCode.FromNumber(image.SupplyGroupCode),
            Memory = CancellationMemory.Restore(image.TokenMemory),
            Lockout = new TokenLockout(image.Failures, TimeSpan.Zero),
            CreditUnits = image.CreditUnits,
            CreditSteps = image.CreditSteps,
            MaximumPowerLimit = image.MaximumPowerLimit,
            MaximumPhasePowerUnbalanceLimit = image.MaximumPhasePowerUnbalanceLimit,
            TariffRate = image.TariffRate,
            WaterMeterFactor = image.WaterMeterFactor,
            Flags = new FlagArray(image.Flags),
            ComplianceControl = image.ComplianceControl,
            Tamper = image.Tamper,
        };
        CryptographicOperations.ZeroMemory(key);
        return state;
    }
}
