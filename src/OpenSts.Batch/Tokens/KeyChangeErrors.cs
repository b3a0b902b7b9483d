using OpenSts.Keys;

namespace OpenSts.Batch.Tokens;

/// <summary>What a refused key change means in the contract.</summary>
internal static class KeyChangeErrors
{
    /// <summary>The error; null where the set was made.</summary>
    public static BatchError? Describe(KeyChangeFault fault, DecoderKeyAttributes from, DecoderKeyAttributes to,
        int count) => fault switch
        {
            KeyChangeFault.None => null,
            KeyChangeFault.DifferentMeter when from.MeterPan != to.MeterPan => BatchError.Value(
                BatchError.Format, "to.meter.pan", $"'{to.MeterPan}'", $"the meter of from, '{from.MeterPan}'"),
            KeyChangeFault.DifferentMeter => new BatchError(
                BatchError.Algorithm,
                $"to.meter.encryptionAlgorithm: {to.EncryptionAlgorithm.Name()} is not {from.EncryptionAlgorithm.Name()}, "
                    + "and a key change cannot change it"),
            KeyChangeFault.KeyType => BatchError.Value(
                BatchError.KeyTypeError, "to.meter.keyType", to.KeyType.Abbreviation(),
                    $"a type that may follow {from.KeyType.Abbreviation()}"),
            KeyChangeFault.NewKeyExpired => new BatchError(
                BatchError.KeyExpired,
                $"to.meter.keyExpiryNumber: {to.KeyExpiryNumber} ended "
                    + $"{Rfc3339.Format(to.KeyExpiryNumber.LastMinute(to.BaseDate)!.Value)}, before issuedAt"),
            _ => BatchError.Value(BatchError.Range, "tokens", $"{count}",
                to.EncryptionAlgorithm == EncryptionAlgorithm.Ea11 ? "4 for EA11" : "2 or 3 for EA07"),
        };
}
