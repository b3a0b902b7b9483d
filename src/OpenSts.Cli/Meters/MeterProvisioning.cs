using OpenSts.Cli.Terminal;
using OpenSts.Keys;
using OpenSts.Meter;
using OpenSts.Metering;
using OpenSts.SecurityModule.Vault;
using OpenSts.Sts6;

namespace OpenSts.Cli.Meters;

/// <summary>Which meter gets a key of which register.</summary>
internal sealed record ProvisioningRequest(
    MeterPan MeterPan,
    TariffIndex TariffIndex,
    EncryptionAlgorithm EncryptionAlgorithm,
    int Register,
    int? InitialRegister);

/// <summary>Makes a meter's record with a key that is derived in a manufacturing module.</summary>
internal static class MeterProvisioning
{
    /// <summary>The record of the new meter; its state holds the key.</summary>
    /// <param name="vault">The manufacturing module's vault.</param>
    /// <param name="request">The meter and the registers.</param>
    /// <param name="properties">Makes the record from a state with the first key.</param>
    /// <param name="now">The time of manufacture.</param>
    /// <exception cref="CliException">A register is empty, its key cannot be used now, or the meter did not take its
    /// key.</exception>
    public static MeterRecord Make(
        KeyVault vault,
        ProvisioningRequest request,
        Func<DecoderKeyAttributes, MeterRecord> properties,
        DateTimeOffset now)
    {
        var (attributes, key) = Derive(vault, request, request.Register, "--register", now);
        if (attributes.KeyType == KeyType.Initialization)
        {
            key.Dispose();
            throw new CliException(
                $"--register: register {request.Register} holds an initialization key; a meter leaves with a "
                    + "default, unique or common key");
        }

        var record = properties(attributes);
        if (request.InitialRegister is not { } initialRegister)
            return Manufactured(record, key, attributes, now);
        using (key)
        {
            var (from, initialKey) = Derive(vault, request, initialRegister, "--initial-register", now);
            if (from.KeyType != KeyType.Initialization)
            {
                initialKey.Dispose();
                throw new CliException($"--initial-register: register {initialRegister} holds no initialization key");
            }

            var change = new KeyChange
            {
                From = from,
                FromKey = initialKey,
                To = attributes,
                ToKey = key,
                Count = record.Settings.KeyChangeTokensSupported,
                IssuedAt = now,
            };
            return Changed(Manufactured(record, initialKey, from, now), change, now);
        }
    }

    // The meter takes the set of tokens as it would from a keypad; its memory of token identifiers stays that of its
    // manufacture.
    private static MeterRecord Changed(MeterRecord record, KeyChange change, DateTimeOffset now)
    {
        var error = KeyChangeSet.TryIssue(change, out var set);
        if (set.Length == 0)
            throw new CliException($"the key change from the initialization key was refused: {error}");
        var meter = new PaymentMeter(record, new SimulatedClock(now));
        var result = TokenResult.NotReady;
        foreach (var token in set)
            result = meter.Enter(token.ToString(), TokenCarrierType.MagneticCard).Result;
        if (result != TokenResult.Accept)
            throw new CliException(
                $"the meter answered {result.StandardName()} to the last token of its first key change set");
        var changed = meter.Record;
        return changed with { State = changed.State with { SupplyGroupCode = change.To.SupplyGroupCode } };
    }

    private static MeterRecord Manufactured(
        MeterRecord record, DecoderKey key, DecoderKeyAttributes attributes, DateTimeOffset now)
    {
        var state = record.State with
        {
            Key = key,
            KeyType = attributes.KeyType,
            KeyRevisionNumber = attributes.KeyRevisionNumber,
            KeyExpiryNumber = attributes.KeyExpiryNumber,
            TariffIndex = attributes.TariffIndex,
            SupplyGroupCode = attributes.SupplyGroupCode,
        };
        return (record with { State = state, BaseDate = attributes.BaseDate }).With(
            new MeterEvent(now, MeterEventKind.Manufactured, ""));
    }

    private static (DecoderKeyAttributes Attributes, DecoderKey Key) Derive(
        KeyVault vault, ProvisioningRequest request, int register, string option, DateTimeOffset now)
    {
        if (vault.Records.FirstOrDefault(record => record.Number == register) is not { } record)
            throw new CliException($"{option}: register {register} is empty");
        if (!KeyCard.TryParse(record.Attributes, out var card, out var problem))
            throw new CliException($"{option}: register {register}: {problem}");
        if (card.StatusAt(now) != KeyStatus.Active)
            throw new CliException($"{option}: the key of register {register} is {card.StatusAt(now)} now");
        if (record.Home != KeyHome.Vault)
            throw new CliException(
                $"{option}: the key of register {register} is on a token; a key in the vault is needed");
        var attributes = new DecoderKeyAttributes
        {
            MeterPan = request.MeterPan,
            SupplyGroupCode = card.SupplyGroupCode,
            TariffIndex = request.TariffIndex,
            KeyRevisionNumber = card.KeyRevisionNumber,
            KeyType = card.KeyType,
            KeyExpiryNumber = card.KeyExpiryNumber,
            BaseDate = card.BaseDate,
            EncryptionAlgorithm = request.EncryptionAlgorithm,
            DecoderKeyGenerationAlgorithm = card.DecoderKeyGenerationAlgorithm,
        };
        using var vendingKey = vault.OpenKey(register);
        return (attributes, DecoderKeyGeneration.Derive(vendingKey, attributes));
    }
}
