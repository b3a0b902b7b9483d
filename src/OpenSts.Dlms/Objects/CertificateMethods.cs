using System.Formats.Asn1;
using System.Numerics;
using System.Security.Cryptography.X509Certificates;
using OpenSts.Dlms.Apdu;
using OpenSts.Dlms.Security;
using OpenSts.Dlms.Server;
using OpenSts.Dlms.Values;

namespace OpenSts.Dlms.Objects;

/// <summary>The certificates of a security setup: listed, and moved by methods 4 to 8.</summary>
/// <remarks>
/// IEC 62056-6-2, Security setup version 1. Only key pairs and certificates for signatures are there: C(2e, 0s) needs
/// no others.
/// </remarks>
internal static class CertificateMethods
{
    private const int DigitalSignature = 0;

    public static CosemObject AddTo(CosemObject setup) => setup
        .WithMethod(4, "generate_key_pair", (call, parameter) => Answer(Generate(call, parameter)))
        .WithMethod(5, "generate_certificate_request", (call, parameter) => Answer(Request(call, parameter)))
        .WithMethod(6, "import_certificate", (call, parameter) => Answer(Import(call, parameter)))
        .WithMethod(7, "export_certificate", (call, parameter) => Answer(Export(call, parameter)))
        .WithMethod(8, "remove_certificate", (call, parameter) => Answer(Remove(call, parameter)));

    // array of structure{entity enum, type enum, serial number, issuer, subject, subject_alt_name: octet-string each}.
    public static ReadResult List(ObjectCall call) =>
        CosemValue.Array((call.Server.Options.Certificates?.Certificates ?? []).Select(each => CosemValue.Structure(
        CosemValue.Enum((byte)each.Entity),
        CosemValue.Enum(DigitalSignature),
        CosemValue.OctetString(Serial(each.Certificate)),
        CosemValue.OctetString(each.Certificate.IssuerName.RawData),
        CosemValue.OctetString(each.Certificate.SubjectName.RawData),
        CosemValue.OctetString())));

    private static ValueTask<CallResult> Answer(CallResult result) => ValueTask.FromResult(result);

    private static CallResult Generate(ObjectCall call, CosemValue? parameter)
    {
        if (!IsForSignatures(parameter, out var refused))
            return refused;
        call.Server.Options.Certificates!.GenerateKeyPair();
        return ActionResult.Success;
    }

    private static CallResult Request(ObjectCall call, CosemValue? parameter)
    {
        if (!IsForSignatures(parameter, out var refused))
            return refused;
        return call.Server.Options.Certificates!.Request() is { } request
            ? new CallResult(ActionResult.Success, CosemValue.OctetString(request)) : ActionResult.ObjectUnavailable;
    }

    private static CallResult Import(ObjectCall call, CosemValue? parameter) =>
        parameter is not { Type: CosemType.OctetString } der ? ActionResult.TypeUnmatched
        : call.Server.Options.Certificates!.TryImport(der.Octets) ? ActionResult.Success
        : ActionResult.ScopeOfAccessViolated;

    private static CallResult Export(ObjectCall call, CosemValue? parameter) =>
        !TryFind(call, parameter, out var certificate) ? ActionResult.TypeUnmatched
        : certificate is null ? ActionResult.ObjectUnavailable
        : new CallResult(ActionResult.Success, CosemValue.OctetString(certificate.RawData));

    private static CallResult Remove(ObjectCall call, CosemValue? parameter) =>
        !TryFind(call, parameter, out var certificate) ? ActionResult.TypeUnmatched
        : certificate is null ? ActionResult.ObjectUnavailable
        : call.Server.Options.Certificates!.Remove(certificate) ? ActionResult.Success
        : ActionResult.ReadWriteDenied;

    private static bool IsForSignatures(CosemValue? parameter, out ActionResult refused)
    {
        refused = parameter is { Type: CosemType.Enum } ? ActionResult.ScopeOfAccessViolated
            : ActionResult.TypeUnmatched;
        return refused == ActionResult.ScopeOfAccessViolated && parameter!.Value.TryGetInteger(out var type)
            && type == DigitalSignature;
    }

    // structure{0, {entity, type, system title}} or structure{1, {serial number, issuer}}. False for anything else.
    private static bool TryFind(ObjectCall call, CosemValue? parameter, out X509Certificate2? certificate)
    {
        certificate = null;
        var known = call.Server.Options.Certificates!.Certificates;
        if (parameter is not { Type: CosemType.Structure } choice || choice.Elements
            is not [{ Type: CosemType.Enum } kind, { Type: CosemType.Structure } which]
            || !kind.TryGetInteger(out var by))
            return false;
        if (by == 0 && which.Elements
            is [{ Type: CosemType.Enum } entity, { Type: CosemType.Enum } type, { Type: CosemType.OctetString } title])
        {
            _ = entity.TryGetInteger(out var wanted);
            _ = type.TryGetInteger(out var use);
            var owner = Convert.ToHexString(title.Octets);
            certificate =
                known.FirstOrDefault(each => use == DigitalSignature && each.Entity == (CertificateEntity)wanted
                && (wanted == (long)CertificateEntity.Authority
                    || each.Certificate.GetNameInfo(X509NameType.SimpleName, false)
                    .Equals(owner, StringComparison.OrdinalIgnoreCase))).Certificate;
            return true;
        }

        if (by != 1 || which.Elements
            is not [{ Type: CosemType.OctetString } serial, { Type: CosemType.OctetString } issuer])
            return false;
        var (number, name) = (serial.Octets.ToArray(), issuer.Octets.ToArray());
        certificate = known.FirstOrDefault(each => IsSerial(each.Certificate, number)
            && each.Certificate.IssuerName.RawData.AsSpan().SequenceEqual(name)).Certificate;
        return true;
    }

    // Clients differ: the number's octets alone, or with the tag and length of an INTEGER.
    private static bool IsSerial(X509Certificate2 certificate, byte[] wanted)
    {
        var number = new BigInteger(certificate.SerialNumberBytes.Span, isUnsigned: true, isBigEndian: true);
        var der = new AsnWriter(AsnEncodingRules.DER);
        der.WriteInteger(number);
        return der.EncodedValueEquals(wanted) || new BigInteger(wanted, isUnsigned: true, isBigEndian: true) == number;
    }

    private static byte[] Serial(X509Certificate2 certificate) => certificate.SerialNumberBytes.ToArray();
}
