using OpenSts.Cosem.Meters;
using OpenSts.Dlms.Apdu;
using OpenSts.Dlms.Server;
using OpenSts.Dlms.Values;
using OpenSts.Metering;

namespace OpenSts.Cosem.Objects;

/// <summary>
/// Token gateway, IEC 62055-41 attributes and the token extension arrays: none of them can be written.
/// </summary>
/// <remarks>IEC 62056-6-2, classes 115 and 116; STS 201-2, 4.3. Readings in docs/standard/readings.md.</remarks>
internal static class TokenObjects
{
    public static CosemObject TokenGateway(ICosemMeter meter) => new CosemObject(115, 0, PaymentObis.TokenGateway)
        .WithReading("token", meter, reading => CosemValue.OctetString(reading.LastToken?.Entry.Received ?? []))
        .WithReading("token_time", meter, reading =>
            CosemValue.OctetString(reading.LastToken is { } last ? CosemDateTime.From(last.Time) : CosemDateTime.Open))
        .WithReading("token_description", meter, reading => Description(reading.LastToken))
        .WithReading("token_delivery_method", meter,
            reading => CosemValue.Enum((byte)(reading.LastToken?.Entry.Method ?? DeliveryMethod.Remote)))
        .WithReading("token_status", meter, reading => Status(reading.LastToken))
        .WithMethod(1, "enter", (call, parameter) => EnterAsync(meter, call, parameter));

    public static CosemObject StsAttributes(ICosemMeter meter) => new CosemObject(116, 0, PaymentObis.StsAttributes)
        .With("meter_pan", _ => CosemValue.Structure(
            CosemValue.UInt32((uint)meter.Nameplate.MeterPan.IssuerIdentificationNumber),
            CosemValue.UInt64(meter.Nameplate.MeterPan.DecoderReferenceNumber.Value),
            CosemValue.UInt8((byte)(meter.Nameplate.MeterPan.Value % 10))))
        .With("commodity", _ => CosemValue.VisibleString(meter.Nameplate.Service.ToString().ToUpperInvariant()))
        .With("token_carrier_types", _ => CosemValue.Array(meter.Nameplate.TokenCarrierTypes.Select(CosemValue.UInt8)))
        .With("encryption_algorithm", _ => CosemValue.UInt8((byte)meter.Nameplate.EncryptionAlgorithm))
        .WithReading("supply_group_code", meter, reading => CosemValue.UInt32((uint)reading.SupplyGroupCode.Value))
        .WithReading("tariff_index", meter, reading => CosemValue.UInt8((byte)reading.TariffIndex.Value))
        .WithReading("key_revision_number", meter, reading => CosemValue.UInt8((byte)reading.KeyRevisionNumber.Value))
        .WithReading("key_type", meter, reading => CosemValue.UInt8((byte)reading.KeyType))
        .WithReading("key_expiry_number", meter, reading => CosemValue.UInt8((byte)reading.KeyExpiryNumber.Value))
        .With("no_of_kct_supported", _ => CosemValue.UInt8(meter.Nameplate.KeyChangeTokensSupported))
        .With("sts_certificate_no", _ => CosemValue.VisibleString(meter.Nameplate.CertificateNumber));

    public static CosemObject TokenExtensions(ICosemMeter meter) =>
        new CosemObject(32850, 0, PaymentObis.TokenExtensions)
        .WithReading("token_extensions_flag_array", meter,
            reading => CosemValue.Array(reading.Flags.Select((flag, index) =>
            // STS 201-2, 4.3: where there is an Account, the payment mode is not a flag's to set.
            CosemValue.Enum(
                (byte)(index == (int)ExtendedFlag.SetElectricityPaymentMode ? ExtensionFlag.NotImplemented : flag)))))
        .WithReading("token_extensions_control_array", meter, reading => CosemValue.Array(reading.Controls
            .Select(control => CosemValue.Structure(CosemValue.UInt16((ushort)control.Index), control.ToValue()))));

    /// <summary>
    /// token_description: class, subclass, identifier, amount; empty where the token does not have it.
    /// </summary>
    public static CosemValue Description(EnteredToken? last)
    {
        if (last?.Verdict.Token is not { } token)
            return CosemValue.Array(Enumerable.Repeat(CosemValue.OctetString(), last is null ? 0 : 4));
        var identifier = token.Identifier is { } tid ? Octets(tid.Value, 3) : [];
        var amount = token switch
        {
            TransferCredit credit => Octets(credit.Amount.Field, 4),
            TransferCurrency currency => Octets(currency.Amount.Field, 4),
            ManagementToken management => Octets(management.Value, 4),
            _ => [],
        };
        return CosemValue.Array(
            CosemValue.OctetString((byte)token.Class), CosemValue.OctetString((byte)token.Subclass),
                CosemValue.OctetString(identifier), CosemValue.OctetString(amount));
    }

    /// <summary>token_status: the code of the class, and the meter's answer in eight bits.</summary>
    public static CosemValue Status(EnteredToken? last)
    {
        // Before the first token nothing has gone wrong.
        var result = last?.Verdict.Result ?? TokenResult.Accept;
        return CosemValue.Structure(CosemValue.Enum(last is null ? (byte)0 : StatusCode(last)),
            CosemValue.BitString(last is null ? (byte)0 : (byte)result));
    }

    private static byte StatusCode(EnteredToken last) => last.Verdict.Result switch
    {
        TokenResult.Accept or TokenResult.FirstKeyChangeToken or TokenResult.SecondKeyChangeToken
            or TokenResult.ThirdKeyChangeToken or TokenResult.FourthKeyChangeToken => 3,
        TokenResult.FormatError when last.Entry.Digits is null || !Token66.TryParse(last.Entry.Digits, out _) => 4,
        TokenResult.CrcError or TokenResult.ManufacturerCodeError or TokenResult.Lockout => 5,
        TokenResult.OldError or TokenResult.UsedError or TokenResult.KeyExpiredError or TokenResult.DdtkError => 6,
        TokenResult.NotReady => 8,
        _ => 7,
    };

    // The method has done its work once the token was received; what the meter thinks of it is in token_status.
    private static async ValueTask<CallResult> EnterAsync(ICosemMeter meter, ObjectCall call, CosemValue? parameter)
    {
        if (parameter is not { Type: CosemType.OctetString } token)
            return ActionResult.TypeUnmatched;
        if (token.Octets.Length > 64)
            return ActionResult.ScopeOfAccessViolated;
        var received = token.Octets.ToArray();
        var entry = new TokenEntry(TokenOctets.TryRead(received, out var digits) ? digits
            : null, received, DeliveryMethod.Remote);
        _ = await meter.EnterAsync(entry, call.Cancellation).ConfigureAwait(false);
        return ActionResult.Success;
    }

    private static byte[] Octets(int value, int count)
    {
        var octets = new byte[count];
        for (var i = 0; i < count; i++)
            octets[count - 1 - i] = (byte)((value >> (8 * i)) & 0xFF);
        return octets;
    }
}
