using OpenSts.Dlms.Apdu;
using OpenSts.Dlms.Security;
using OpenSts.Dlms.Server;
using OpenSts.Dlms.Values;
using OpenSts.Secrets;

namespace OpenSts.Dlms.Objects;

/// <summary>
/// The keys of the server as its management client sees them: never themselves, but they can be replaced.
/// </summary>
/// <remarks>IEC 62056-6-2, Security setup version 1.</remarks>
public static class SecuritySetupObject
{
    // Requests and responses authenticated and encrypted: bits 2, 3, 5 and 6.
    private const byte Policy = 0x6C;

    public static CosemObject Create(ServerOptions options)
    {
        var setup = new CosemObject(64, 1, Obis.SecuritySetup)
            .With("security_policy", _ => CosemValue.Enum(Policy))
            .With("security_suite", call => CosemValue.Enum((byte)call.Server.Options.Suite))
            .With("client_system_title", call => CosemValue.OctetString(call.Association.ClientTitle.ToArray()))
            .With("server_system_title", call => CosemValue.OctetString(call.Server.Options.SystemTitle.ToArray()))
            .With("certificates", CertificateMethods.List)
            .WithMethod(1, "security_activate", Activate)
            .WithMethod(2, "key_transfer",
                (call, parameter) => ValueTask.FromResult<CallResult>(Transfer(call, parameter)));
        return options.Certificates is null ? setup
            : CertificateMethods.AddTo(
            setup.WithMethod(3, "key_agreement", (call, parameter) => ValueTask.FromResult(Agree(call, parameter))));
    }

    // The policy is at its strictest already: only that one can be asked for.
    private static ValueTask<CallResult> Activate(ObjectCall call, CosemValue? parameter) =>
        ValueTask.FromResult<CallResult>(
        parameter is not { Type: CosemType.Enum } policy ? ActionResult.TypeUnmatched
        : policy.TryGetInteger(out var value) && value == Policy ? ActionResult.Success
        : ActionResult.ScopeOfAccessViolated);

    private static ActionResult Transfer(ObjectCall call, CosemValue? parameter)
    {
        if (call.Server.Keys is not { CanReplace: true } keys)
            return ActionResult.ObjectUnavailable;
        return TakeKeys(call, keys, parameter, (_, wrapped) => KeyWrap.TryUnwrap(keys.Master, wrapped, out var key)
            ? key : null);
    }

    // C(2e, 0s): the client's half came with the request, ours goes with the answer.
    private static CallResult Agree(ObjectCall call, CosemValue? parameter)
    {
        var server = call.Server;
        if (server.Keys is not { CanReplace: true } keys || server.Options.Certificates
            is not { SigningKey: { } signing } certificates)
            return ActionResult.ObjectUnavailable;
        using var client = certificates.KeyOf(call.Association.ClientTitle);
        if (client is null)
            return ActionResult.ObjectUnavailable;
        var offers = new List<CosemValue>();
        var result = TakeKeys(call, keys, parameter, (id, offer) =>
        {
            using var ours = new KeyAgreement(server.Options.Suite);
            var key = ours.Accept(id, offer, client, call.Association.ClientTitle, server.Options.SystemTitle);
            if (key is not null)
                offers.Add(
                    CosemValue.Structure(CosemValue.Enum((byte)id), CosemValue.OctetString(ours.Offer(id, signing))));
            return key;
        });
        return result == ActionResult.Success ? new CallResult(result, CosemValue.Array([.. offers])) : result;
    }

    // array of structure{key_id enum, key_data octet-string}: all keys of the list are taken, or none.
    private static ActionResult TakeKeys(ObjectCall call, ServerKeys keys, CosemValue? parameter, TakeKey take)
    {
        if (parameter is not { Type: CosemType.Array } list)
            return ActionResult.TypeUnmatched;
        var taken = new Dictionary<GlobalKeyId, SecretBytes>();
        foreach (var entry in list.Elements)
        {
            if (entry.Elements is not [{ Type: CosemType.Enum } id, { Type: CosemType.OctetString } octets])
                return Give(ActionResult.TypeUnmatched);
            _ = id.TryGetInteger(out var number);
            var name = (GlobalKeyId)number;
            if (!Enum.IsDefined(name) || taken.ContainsKey(name) || take(name, octets.Octets) is not { } key)
                return Give(ActionResult.ScopeOfAccessViolated);
            taken[name] = key;
            if (key.Length != call.Server.Options.Suite.KeyOctets())
                return Give(ActionResult.ScopeOfAccessViolated);
        }

        if (taken.Count == 0)
            return ActionResult.ScopeOfAccessViolated;
        // The answer still goes out under the old keys.
        call.Association.AfterAnswer = keys.Replace(new KeySet(
            taken.GetValueOrDefault(GlobalKeyId.Encryption), taken.GetValueOrDefault(GlobalKeyId.Authentication),
                taken.GetValueOrDefault(GlobalKeyId.Master)));
        return ActionResult.Success;

        ActionResult Give(ActionResult result)
        {
            foreach (var each in taken.Values)
                each.Dispose();
            return result;
        }
    }

    private delegate SecretBytes? TakeKey(GlobalKeyId id, ReadOnlySpan<byte> octets);
}
