using System.Security.Cryptography;
using OpenSts.Keys;
using OpenSts.Metering;

namespace OpenSts.Meter.Simulation.Fleets;

/// <summary>A virtual meter and its customer, who buys when credit is low and now and then mistypes a token.</summary>
public sealed class SimulatedCustomer
{
    private const int LowCreditUnits = 20;
    private readonly SimulatedClock _clock;
    private readonly Random _random;
    private readonly LoadProfile _profile;
    private TokenIdentifier? _lastUsed;

    /// <summary>Makes a new EA07 electricity meter with a random key and no credit.</summary>
    /// <param name="serial">The serial number in the meter's PAN, 0 to 99999999.</param>
    /// <param name="start">When the simulation starts; the meter was manufactured a day before.</param>
    /// <param name="random">Decides what the customer does.</param>
    /// <param name="profile">What the customer draws.</param>
    public SimulatedCustomer(int serial, DateTimeOffset start, Random random, LoadProfile profile)
    {
        _random = random;
        _profile = profile;
        _clock = new SimulatedClock(start);
        var pan = MeterPan.Create(DecoderReferenceNumber.Create(Manufacturer, serial));
        _ = TokenIdentifier.TryFromTime(start.AddDays(-1), BaseDate.Base2014, out var manufactured);
        Meter = new PaymentMeter(
            new MeterRecord
            {
                Settings = new MeterSettings { MeterPan = pan, EncryptionAlgorithm = EncryptionAlgorithm.Ea07 },
                State = NewState(manufactured),
            },
            _clock);
    }

    /// <summary>The meter.</summary>
    public PaymentMeter Meter { get; }

    /// <summary>The last entry for a display: the credit of an accepted token, or the result; empty before the
    /// first.</summary>
    public string LastEntry { get; private set; } = "";

    private static ManufacturerCode Manufacturer { get; } = ManufacturerCode.TryParse("07", out var code, out _)
        ? code
        : default;

    /// <summary>Lets time pass: the load draws, and a customer with little credit may buy.</summary>
    public void Step(TimeSpan time)
    {
        _clock.Advance(time);
        Meter.Draw(_profile.At(_clock.GetUtcNow()) * _random.Next(50, 150) / 100, time);
        if (Meter.Record.State.CreditUnits < LowCreditUnits && _random.Next(4) == 0)
            Buy();
    }

    /// <summary>The state of a new meter with a random key.</summary>
    internal static MeterState NewState(TokenIdentifier manufactured)
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
            Memory = CancellationMemory.AtManufacture(manufactured),
            Flags = FlagArray.AtManufacture(
                new MeterSettings { MeterPan = default, EncryptionAlgorithm = EncryptionAlgorithm.Ea07 }),
        };
        CryptographicOperations.ZeroMemory(key);
        return state;
    }

    private void Buy()
    {
        if (!TokenIdentifier.TryAllocate(_clock.GetUtcNow(), BaseDate.Base2014, _lastUsed, out var tid))
            return;
        _lastUsed = tid;
        _ = TransferAmount.TryFromUnits(_random.Next(20, 200), out var amount);
        var credit = new TransferCredit
        {
            Service = CreditService.Electricity,
            Amount = amount,
            Tid = tid,
            Random = (byte)_random.Next(16)
        };
        var digits = TokenIssuer.Issue(credit, Meter.Record.State.Key).ToString();
        // One in eight is mistyped first.
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
