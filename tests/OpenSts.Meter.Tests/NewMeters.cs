using OpenSts.Metering;

namespace OpenSts.Meter.Tests;

/// <summary>Meters for tests: the one of the public suite, under its published key.</summary>
internal static class NewMeters
{
    public const string Published = "70630503470028726114";

    public static MeterRecord Record(MeterSettings? settings = null, long units = 0, int tid = 0)
    {
        var attributes = TestKeys.Attributes(settings?.EncryptionAlgorithm ?? EncryptionAlgorithm.Ea07);
        settings ??= new MeterSettings
        {
            MeterPan = attributes.MeterPan,
            EncryptionAlgorithm = EncryptionAlgorithm.Ea07
        };
        var state = MeterState.AtManufacture(TestKeys.Derive(attributes), attributes, TokenIdentifier.FromNumber(tid));
        return new MeterRecord
        {
            Settings = settings,
            State = state with { CreditUnits = units, Flags = FlagArray.AtManufacture(settings) }
        };
    }

    public static SimulatedClock Clock() => new(TestKeys.Utc("2026-01-01T00:00:00Z"));
}
