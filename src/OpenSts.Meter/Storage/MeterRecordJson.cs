using System.Security.Cryptography;
using System.Text.Json;
using OpenSts.Keys;
using OpenSts.Metering;

namespace OpenSts.Meter.Storage;

/// <summary>A meter record as octets of a file and back.</summary>
internal static class MeterRecordJson
{
    // Fault C2: version 1 took a price of 2.5 for 250000 base units.
    private const long PriceScaleOfVersion1 = 100_000;

    /// <summary>Writes a record; the caller clears the octets.</summary>
    /// <param name="record">The record.</param>
    /// <param name="key">Seals the decoder key; null writes it in clear.</param>
    public static byte[] Write(MeterRecord record, MeterFileKey? key)
    {
        var (settings, state) = (record.Settings, record.State);
        Span<byte> decoderKey = stackalloc byte[16];
        var length = Hazmat.Export(state.Key, decoderKey);
        var pan = settings.MeterPan == default ? "" : settings.MeterPan.ToString();
        var image = new MeterImage
        {
            Pan = pan,
            EncryptionAlgorithm = StoredNames.EncryptionAlgorithms.Name(settings.EncryptionAlgorithm),
            Service = StoredNames.Services.Name(settings.Service),
            Phases = settings.Phases,
            CountsUnits = settings.CountsUnits,
            CountsCurrency = settings.CountsCurrency,
            KeyChangeTokensSupported = settings.KeyChangeTokensSupported,
            KeyChangeTimeoutSeconds = settings.KeyChangeTimeout.TotalSeconds,
            LargestUnits = settings.LargestUnits,
            LargestSteps = settings.LargestSteps,
            ChecksKeyExpiry = settings.ChecksKeyExpiry,
            LockoutScope = StoredNames.LockoutScopes.Name(settings.LockoutScope),
            LockoutReset = StoredNames.LockoutResets.Name(settings.LockoutReset),
            HasTariffRate = settings.HasTariffRate,
            RefusesCreditWhenTampered = settings.RefusesCreditWhenTampered,
            HasExtensions = settings.HasExtensions,
            HasAccount = settings.HasAccount,
            DecoderKey = key is null ? Convert.ToHexString(decoderKey[..length]) : null,
            SealedDecoderKey = key?.Seal(decoderKey[..length], pan),
            KeyType = StoredNames.KeyTypes.Name(state.KeyType),
            KeyRevisionNumber = state.KeyRevisionNumber.Value,
            KeyExpiryNumber = state.KeyExpiryNumber.Value,
            TariffIndex = state.TariffIndex.Value,
            SupplyGroupCode = state.SupplyGroupCode.Value,
            TokenMemory = state.Memory.Identifiers.ToArray(),
            TokenMemoryFill = state.Memory.FillCount,
            Failures = state.Lockout.Failures,
            CreditUnits = state.CreditUnits,
            CreditSteps = state.CreditSteps,
            MaximumPowerLimit = state.MaximumPowerLimit,
            MaximumPhasePowerUnbalanceLimit = state.MaximumPhasePowerUnbalanceLimit,
            TariffRate = state.TariffRate,
            WaterMeterFactor = state.WaterMeterFactor,
            Flags = state.Flags.Bits,
            ComplianceControl = state.ComplianceControl,
            Tamper = StoredNames.Of(state.Tamper),
            BaseDate = record.BaseDate.Year,
            StepsPerUnit = record.StepsPerUnit,
            SaveAfterMicro = record.SaveAfterMicro,
            PendingKeyChange = [.. record.PendingKeyChange.Select(s => new StoredSection(s.At, s.Digits))],
            CumulativeMicro = record.CumulativeMicro,
            UsedOfUnit = record.UsedOfUnit,
            UsedOfStep = record.UsedOfStep,
            HasPower = record.HasPower,
            PowerFailures = record.PowerFailures,
            TokenLog = [.. record.TokenLog.Select(Stored)],
            IsDisconnectedRemotely = record.IsDisconnectedRemotely,
            ClockShift = record.ClockShift,
            LowCreditThreshold = record.LowCreditThreshold,
            CreditHistory = [.. record.CreditHistory.Select(p => new StoredPoint(p.At, p.Value))],
            ChargeHistory = [.. record.ChargeHistory.Select(p => new StoredPoint(p.At, p.Value))],
            LastCredit = record.LastCredit is { } credit ? Stored(credit) : null,
            Events = [
                .. record.Events.Select(e => new StoredEvent(e.At, StoredNames.EventKinds.Name(e.Kind), e.Detail))],
        };
        CryptographicOperations.ZeroMemory(decoderKey);
        return JsonSerializer.SerializeToUtf8Bytes(image, MeterImageContext.Default.MeterImage);
    }

    /// <summary>Reads a record.</summary>
    /// <param name="content">The octets.</param>
    /// <param name="path">The file, for messages.</param>
    /// <param name="key">Opens the decoder key; null where the file has it in clear.</param>
    /// <exception cref="MeterFileException">The content is of another version, its values do not belong together, or
    /// the key is not the one that sealed it.</exception>
    public static MeterRecord Read(byte[] content, string path, MeterFileKey? key)
    {
        try
        {
            var image = JsonSerializer.Deserialize(content, MeterImageContext.Default.MeterImage);
            if (image is not { Version: 1 or MeterImage.CurrentVersion })
                throw new MeterFileException(
                    $"{path} is of version {image?.Version}; this program reads versions 1 and "
                        + $"{MeterImage.CurrentVersion}");
            return new MeterRecord
            {
                Settings = Settings(image),
                State = State(image, path, key),
                BaseDate = BaseDate.FromYear(image.BaseDate),
                StepsPerUnit = image.Version == 1
                    ? (image.StepsPerUnit + PriceScaleOfVersion1 - 1) / PriceScaleOfVersion1
                    : image.StepsPerUnit,
                SaveAfterMicro = image.SaveAfterMicro,
                PendingKeyChange = [.. image.PendingKeyChange.Select(s => new EnteredSection(s.At, s.Digits))],
                CumulativeMicro = image.CumulativeMicro,
                UsedOfUnit = image.UsedOfUnit,
                UsedOfStep = image.UsedOfStep,
                HasPower = image.HasPower,
                PowerFailures = image.PowerFailures,
                TokenLog = [.. image.TokenLog.Select(Token)],
                IsDisconnectedRemotely = image.IsDisconnectedRemotely,
                ClockShift = image.ClockShift,
                LowCreditThreshold = image.LowCreditThreshold,
                CreditHistory = [.. image.CreditHistory.Select(p => new RegisterPoint(p.At, p.Value))],
                ChargeHistory = [.. image.ChargeHistory.Select(p => new RegisterPoint(p.At, p.Value))],
                LastCredit = image.LastCredit is { } credit ? Token(credit) : null,
                Events = [
                    .. image.Events.Select(e => new MeterEvent(e.At, StoredNames.EventKinds.Value(e.Kind), e.Detail))],
            };
        }
        catch (Exception error) when (
            error is JsonException or ArgumentException or FormatException or NullReferenceException)
        {
            // The message of the error could hold a value of the file, and a value of the file could be the key.
            throw new MeterFileException(
                $"{path} holds a record whose values do not belong together ({error.GetType().Name})");
        }
    }

    /// <summary>True where the decoder key in a record's octets is sealed; false also for octets that are no
    /// record.</summary>
    public static bool IsSealed(ReadOnlySpan<byte> content)
    {
        try
        {
            return JsonSerializer.Deserialize(
                content, MeterImageContext.Default.MeterImage)?.SealedDecoderKey is not null;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static StoredToken Stored(LastToken token) => new(
        token.At, StoredNames.Carriers.Name(token.Carrier), StoredNames.Results.Name(token.Result), token.Digits, token
            .Class, token.Subclass, token.Identifier, token.Amount);

    private static LastToken Token(StoredToken token) => new(
        token.At, StoredNames.Carriers.Value(token.Carrier), StoredNames.Results.Value(token.Result), token
            .Digits, token.Class, token.Subclass, token.Identifier, token.Amount);

    private static MeterSettings Settings(MeterImage image) => new()
    {
        MeterPan = image.Pan.Length == 0 ? default : MeterPan.Parse(image.Pan),
        EncryptionAlgorithm = StoredNames.EncryptionAlgorithms.Value(image.EncryptionAlgorithm),
        Service = StoredNames.Services.Value(image.Service),
        Phases = image.Phases,
        CountsUnits = image.CountsUnits,
        CountsCurrency = image.CountsCurrency,
        KeyChangeTokensSupported = image.KeyChangeTokensSupported,
        KeyChangeTimeout = TimeSpan.FromSeconds(image.KeyChangeTimeoutSeconds),
        LargestUnits = image.LargestUnits,
        LargestSteps = image.LargestSteps,
        ChecksKeyExpiry = image.ChecksKeyExpiry,
        LockoutScope = StoredNames.LockoutScopes.Value(image.LockoutScope),
        LockoutReset = StoredNames.LockoutResets.Value(image.LockoutReset),
        HasTariffRate = image.HasTariffRate,
        RefusesCreditWhenTampered = image.RefusesCreditWhenTampered,
        HasExtensions = image.HasExtensions,
        HasAccount = image.HasAccount,
    };

    private static MeterState State(MeterImage image, string path, MeterFileKey? key) => new()
    {
        Key = ReadKey(image, path, key),
        KeyType = StoredNames.KeyTypes.Value(image.KeyType),
        KeyRevisionNumber = KeyRevisionNumber.FromNumber(image.KeyRevisionNumber),
        KeyExpiryNumber = KeyExpiryNumber.FromNumber(image.KeyExpiryNumber),
        TariffIndex = TariffIndex.FromNumber(image.TariffIndex),
        SupplyGroupCode = SupplyGroupCode.FromNumber(image.SupplyGroupCode),
        Memory = CancellationMemory.Restore(image.TokenMemory, image.TokenMemoryFill),
        Lockout = new TokenLockout(image.Failures, TimeSpan.Zero),
        CreditUnits = image.CreditUnits,
        CreditSteps = image.CreditSteps,
        MaximumPowerLimit = image.MaximumPowerLimit,
        MaximumPhasePowerUnbalanceLimit = image.MaximumPhasePowerUnbalanceLimit,
        TariffRate = image.TariffRate,
        WaterMeterFactor = image.WaterMeterFactor,
        Flags = new FlagArray(image.Flags),
        ComplianceControl = image.ComplianceControl,
        Tamper = StoredNames.Tamper(image.Tamper),
    };

    private static DecoderKey ReadKey(MeterImage image, string path, MeterFileKey? fileKey)
    {
        var isSealed = image.SealedDecoderKey is not null;
        if (isSealed && fileKey is null)
            throw new MeterFileException(
                $"the decoder key in {path} is sealed; the key file that sealed it is needed (--key-file)");
        if (!isSealed && fileKey is not null)
            throw new MeterFileException(
                $"the decoder key in {path} is not sealed, but a key file is given; 'sts meter seal' seals it");
        var octets = isSealed
            ? fileKey!.Open(image.SealedDecoderKey!, image.Pan)
            : Convert.FromHexString(image.DecoderKey ?? "");
        if (octets is null)
            throw new MeterFileException(
                $"the decoder key in {path} was sealed with another key file, or the file was changed by another "
                    + "program");
        try
        {
            return Hazmat.ImportDecoderKey(StoredNames.EncryptionAlgorithms.Value(image.EncryptionAlgorithm), octets);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(octets);
        }
    }
}
