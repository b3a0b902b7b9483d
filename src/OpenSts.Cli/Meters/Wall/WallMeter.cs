using System.Security.Cryptography;
using OpenSts.Keys;
using OpenSts.Meter;
using OpenSts.Metering;

namespace OpenSts.Cli.Meters.Wall;

/// <summary>A meter on the wall with the customer who lives behind it: buys when credit is low, now and then types wrong.</summary>
internal sealed class WallMeter
{
    private const int LowUnits = 20;
    private readonly SimulatedClock _clock;
    private readonly Random _random;
    private readonly LoadProfile _profile;
    private TokenIdentifier? _lastUsed;

    public WallMeter(int serial, DateTimeOffset start, Random random, LoadProfile profile)
    {
        _random = random;
        _profile = profile;
        _clock = new SimulatedClock(start);
        var pan = MeterPan.Create(DecoderReferenceNumber.Create(Maker, serial));
        _ = TokenIdentifier.TryFromTime(start.AddDays(-1), BaseDate.Base2014, out var made);
        Meter = new PaymentMeter(
            new MeterRecord
            {
                Settings = new MeterSettings { MeterPan = pan, EncryptionAlgorithm = EncryptionAlgorithm.Ea07 },
                State = NewState(made),
            },
            _clock);
    }

    public PaymentMeter Meter { get; }

    /// <summary>What the customer did last, for the display.</summary>
    public string LastEntry { get; private set; } = "";

    private static ManufacturerCode Maker { get; } = ManufacturerCode.TryParse("07", out var code, out _) ? code : default;

    /// <summary>The state of a new meter with a key nobody else has.</summary>
    public static MeterState NewState(TokenIdentifier made)
    {
        Span<byte> key = stackalloc byte[8];
        RandomNumberGenerator.Fill(key);
        var state = new MeterState
        {
            Key = Hazmat.ImportDecoderKey(EncryptionAlgorithm.Ea07, key),
            KeyType = KeyType.Unique,
            KeyRevisionNumber = KeyRevisionNumber.FromNumber(1),
            KeyExpiryNumber = KeyExpiryNumber.Never,
            TariffIndex = TariffIndex.FromNumber(1),
            SupplyGroupCode = SupplyGroupCode.FromNumber(201457),
            Memory = CancellationMemory.AtManufacture(made),
            Flags = FlagArray.AtManufacture(CreditService.Electricity),
        };
        CryptographicOperations.ZeroMemory(key);
        return state;
    }

    /// <summary>Lets time pass: the load draws, and a customer in the dark buys.</summary>
    public void Step(TimeSpan time)
    {
        _clock.Advance(time);
        Meter.Draw(_profile.At(_clock.GetUtcNow()) * _random.Next(50, 150) / 100, time);
        if (Meter.Record.State.CreditUnits < LowUnits && _random.Next(4) == 0)
            Buy();
    }

    private void Buy()
    {
        if (!TokenIdentifier.TryAllocate(_clock.GetUtcNow(), BaseDate.Base2014, _lastUsed, out var tid))
            return;
        _lastUsed = tid;
        _ = TransferAmount.TryFromUnits(_random.Next(20, 200), out var amount);
        var token = TokenIssuer.Issue(
            new TransferCredit { Service = CreditService.Electricity, Amount = amount, Tid = tid, Random = (byte)_random.Next(16) }, Meter.Record.State.Key);
        var digits = token.ToString();
        // One in eight is typed wrong first.
        if (_random.Next(8) == 0)
            Enter(digits[..19] + (char)('0' + ((digits[19] - '0' + 1) % 10)));
        Enter(digits);
    }

    private void Enter(string digits)
    {
        var answer = Meter.Enter(digits, TokenCarrierType.Numeric);
        LastEntry = answer.Result == TokenResult.Accept && answer.Token is TransferCredit credit
            ? $"+{credit.Amount.ToTenthsString()} kWh"
            : answer.Result.StandardName();
    }
}
