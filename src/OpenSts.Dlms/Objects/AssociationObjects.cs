using OpenSts.Dlms.Acse;
using OpenSts.Dlms.Apdu;
using OpenSts.Dlms.Server;
using OpenSts.Dlms.Values;

namespace OpenSts.Dlms.Objects;

/// <summary>What a client finds out about the server and its own association.</summary>
/// <remarks>IEC 62056-6-2: Data, SAP assignment, Association LN version 1.</remarks>
public static class AssociationObjects
{
    private const int ReadAccess = 1;
    private const int ReadAndWriteAccess = 3;

    public static CosemObject LogicalDeviceName(ServerOptions options)
    {
        var name = System.Text.Encoding.ASCII.GetBytes(options.LogicalDeviceName);
        return new CosemObject(1, 0, Obis.LogicalDeviceName).With("value", _ => CosemValue.OctetString(name))
            .AsPublic();
    }

    public static CosemObject SapAssignment(ServerOptions options)
    {
        var name = System.Text.Encoding.ASCII.GetBytes(options.LogicalDeviceName);
        return new CosemObject(17, 0, Obis.SapAssignment)
            .With("SAP_assignment_list", _ =>
                CosemValue.Array(CosemValue.Structure(CosemValue.UInt16(options.Sap), CosemValue.OctetString(name))))
            .AsPublic();
    }

    // Readable without authentication, so that a client that lost count can begin above it.
    public static CosemObject InvocationCounter() => new CosemObject(1, 0, Obis.InvocationCounter)
        .With("value", call => CosemValue.UInt32(call.Server.Keys?.Current.Counters.HighestReceived ?? 0))
        .AsPublic();

    public static CosemObject Association() => new CosemObject(15, 1, Obis.Association)
        .With("object_list", ObjectList)
        .With("associated_partners_id", call => CosemValue.Structure(
            CosemValue.Int8((sbyte)call.Association.Profile.Sap), CosemValue.UInt16(call.Server.Options.Sap)))
        .With("application_context_name", call => Name(1, call.Association.Profile.IsProtected
            ? (byte)ApplicationContext.LogicalNamesCiphered : (byte)ApplicationContext.LogicalNames))
        .With("xDLMS_context_info", Context)
        .With("authentication_mechanism_name", call => Name(2, (byte)call.Association.Mechanism))
        .With("secret", _ => DataAccessResult.ReadWriteDenied)
        .With("association_status", call => CosemValue.Enum((byte)call.Association.Status))
        .With("security_setup_reference", _ => CosemValue.Name(Obis.SecuritySetup))
        .WithMethod(ServerAssociation.ReplyToChallenge.Index, "reply_to_HLS_authentication", Reply)
        .AsPublic();

    private static ValueTask<CallResult> Reply(ObjectCall call, CosemValue? parameter)
    {
        if (parameter is not { Type: CosemType.OctetString } answer)
            return ValueTask.FromResult<CallResult>(ActionResult.TypeUnmatched);
        var ours = call.Association.Authenticate(answer.Octets);
        return ValueTask.FromResult(ours is null ? ActionResult.OtherReason
            : new CallResult(ActionResult.Success, CosemValue.OctetString(ours)));
    }

    // joint-iso-ctc(2) country(16) country-name(756) identified-organisation(5) DLMS-UA(8) and the arc, each with the
    // type of the standard.
    private static ReadResult Name(byte arc, byte number) => CosemValue.Structure(
        CosemValue.UInt8(2), CosemValue.UInt8(16), CosemValue.UInt16(756), CosemValue.UInt8(5), CosemValue.UInt8(8),
            CosemValue.UInt8(arc), CosemValue.UInt8(number));

    private static ReadResult Context(ObjectCall call)
    {
        var conformance = call.Association.Conformance;
        return CosemValue.Structure(
            CosemValue.BitString(24, bit => ((int)conformance & (1 << (23 - bit))) != 0),
            CosemValue.UInt16(call.Server.Options.MaximumPdu),
            CosemValue.UInt16((ushort)Math.Min(call.Association.ClientMaximumPdu, ushort.MaxValue)),
            CosemValue.UInt8(InitiateRequest.DlmsVersion),
            CosemValue.Int8(0),
            // cyphering_info: the dedicated key, which this client sent itself.
            CosemValue.OctetString(call.Association.DedicatedKey));
    }

    private static ReadResult ObjectList(ObjectCall call)
    {
        var access = call.Association.Profile.Access;
        return CosemValue.Array(call.Server.Objects.Where(each => ObjectAccess.MayRead(access, each))
            .Select(each => CosemValue.Structure(
            CosemValue.UInt16(each.ClassId),
            CosemValue.UInt8(each.Version),
            CosemValue.Name(each.Name),
            Rights(access, each))));
    }

    private static CosemValue Rights(AccessLevel access, CosemObject target) => CosemValue.Structure(
        CosemValue.Array(target.Attributes.Select(attribute => CosemValue.Structure(
            CosemValue.Int8(attribute.Index),
            CosemValue.Enum(IsSecret(target, attribute) ? (byte)0 : ObjectAccess.MayWrite(access, attribute)
                ? (byte)ReadAndWriteAccess : (byte)ReadAccess),
            target.ClassId == 7 && attribute.Index == 2 ? CosemValue.Array(CosemValue.Int8(1), CosemValue.Int8(2))
                : default))),
        CosemValue.Array(target.Methods.Select(method => CosemValue.Structure(CosemValue.Int8(method.Index),
            CosemValue.Boolean(access == AccessLevel.Management)))));

    private static bool IsSecret(CosemObject target, CosemAttribute attribute) =>
        target.ClassId == 15 && attribute.Name == "secret";
}
