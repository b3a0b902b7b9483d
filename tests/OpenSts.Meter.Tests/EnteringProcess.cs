using OpenSts.Keys;
using OpenSts.Meter.Storage;
using OpenSts.Metering;

namespace OpenSts.Meter.Tests;

/// <summary>The process that is killed: enters tokens into a meter file as fast as it can and prints the number of
/// each once it is accepted.</summary>
/// <remarks>Token n gives one unit and has the identifier 1000 + n, so credit and memory tell which were taken. Every
/// twentieth is followed by a key change.</remarks>
internal static class EnteringProcess
{
    public const int FirstIdentifier = 1000;
    private const int TokensPerKey = 20;

    public static int Run(string[] args)
    {
        using var file = MeterFile.Load(args[0], out var record);
        var meter = new PaymentMeter(record, TimeProvider.System, file, restarted: true);
        while (true)
        {
            var state = meter.Record.State;
            var number = (int)state.CreditUnits + 1;
            // The count of key changes is kept in two digits of tariff and one of revision: after 900 it begins again.
            if ((number - 1) / TokensPerKey % 900 != KeyNumber(state))
                ChangeKey(meter);
            else if (!Enter(meter, number))
                return 1;
        }
    }

    /// <summary>How many key changes a meter has been through, as its key revision and tariff index count
    /// them.</summary>
    public static int KeyNumber(MeterState state) => (state.TariffIndex.Value * 9) + state.KeyRevisionNumber.Value - 1;

    public static DecoderKeyAttributes Attributes(int keyNumber) => new()
    {
        MeterPan = MeterPan.Parse("600727000000000009"),
        SupplyGroupCode = SupplyGroupCode.Parse("201457"),
        TariffIndex = TariffIndex.FromNumber(keyNumber / 9 % 100),
        KeyRevisionNumber = KeyRevisionNumber.FromNumber(1 + (keyNumber % 9)),
        KeyType = KeyType.Unique,
        KeyExpiryNumber = KeyExpiryNumber.Never,
        BaseDate = BaseDate.Base2014,
        EncryptionAlgorithm = EncryptionAlgorithm.Ea07,
        DecoderKeyGenerationAlgorithm = DecoderKeyGenerationAlgorithm.Dkga04,
    };

    public static DecoderKey Key(int keyNumber)
    {
        using var vendingKey = Hazmat.ImportVendingKey(
            Convert.FromHexString("abababababababab949494949494949401234567"));
        return DecoderKeyGeneration.Derive(vendingKey, Attributes(keyNumber));
    }

    private static bool Enter(PaymentMeter meter, int number)
    {
        _ = TransferAmount.TryFromUnits(1, out var amount);
        var token = new TransferCredit
        {
            Service = CreditService.Electricity,
            Amount = amount,
            Tid = TokenIdentifier.FromNumber(FirstIdentifier + number),
            Random = 5
        };
        using var key = Key(KeyNumber(meter.Record.State));
        var digits = TokenIssuer.Issue(token, key).ToString();
        if (meter.Enter(digits, TokenCarrierType.Numeric).Result != TokenResult.Accept)
            return false;
        Console.Out.WriteLine(number);
        Console.Out.Flush();
        return meter.Enter(digits, TokenCarrierType.Numeric).Result == TokenResult.UsedError;
    }

    private static void ChangeKey(PaymentMeter meter)
    {
        var from = KeyNumber(meter.Record.State);
        using var oldKey = Key(from);
        using var newKey = Key(from + 1);
        _ = KeyChangeSet.TryIssue(
            new KeyChange
            {
                From = Attributes(from),
                FromKey = oldKey,
                To = Attributes(from + 1),
                ToKey = newKey,
                Count = 2
            },
            out var set);
        foreach (var section in set)
            _ = meter.Enter(section.ToString(), TokenCarrierType.Numeric);
    }
}
