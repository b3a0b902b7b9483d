// A purchase from the key to the meter: a vending key becomes a decoder key, a purchase becomes a token, a meter takes it once.
// The key is the public test key of suite STS 531-1; keys in production stay in a security module (package OpenSts.Sts6).
using OpenSts;
using OpenSts.Keys;
using OpenSts.Meter;
using OpenSts.Metering;

using var vendingKey = Hazmat.ImportVendingKey(Convert.FromHexString("abababababababab949494949494949401234567"));
var attributes = new DecoderKeyAttributes
{
    MeterPan = MeterPan.Parse("600727000000000009"),
    SupplyGroupCode = SupplyGroupCode.Parse("201457"),
    TariffIndex = TariffIndex.Parse("01"),
    KeyRevisionNumber = KeyRevisionNumber.FromNumber(1),
    KeyType = KeyType.Unique,
    KeyExpiryNumber = KeyExpiryNumber.Never,
    BaseDate = BaseDate.Base2014,
    EncryptionAlgorithm = EncryptionAlgorithm.Ea07,
    DecoderKeyGenerationAlgorithm = DecoderKeyGenerationAlgorithm.Dkga04,
};
using var decoderKey = DecoderKeyGeneration.Derive(vendingKey, attributes);

_ = TransferAmount.TryParseTenths("0.1", out var amount);
_ = TokenIdentifier.TryForOrdinaryToken(new DateTimeOffset(2014, 3, 1, 13, 0, 0, TimeSpan.Zero), BaseDate.Base2014, out var identifier);
var credit = new TransferCredit { Service = CreditService.Electricity, Amount = amount, Tid = identifier, Random = 5 };
var token = TokenIssuer.Issue(credit, decoderKey);
Console.WriteLine($"token   {token.ToGroupedString()}");

var state = MeterState.AtManufacture(decoderKey, attributes, manufactured: default);
var settings = new MeterSettings { MeterPan = attributes.MeterPan, EncryptionAlgorithm = EncryptionAlgorithm.Ea07 };
var meter = new PaymentMeter(new MeterRecord { Settings = settings, State = state }, TimeProvider.System);
Console.WriteLine($"first   {meter.Enter(token.ToString(), TokenCarrierType.Numeric).Result}");
Console.WriteLine($"again   {meter.Enter(token.ToString(), TokenCarrierType.Numeric).Result}");
return 0;
