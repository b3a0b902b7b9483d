using OpenSts.Cosem.Apdu;
using OpenSts.Cosem.Security;
using OpenSts.Cosem.Values;

namespace OpenSts.Cosem.Objects;

/// <summary>The keys of the server as its management client sees them: never themselves, but they can be replaced.</summary>
/// <remarks>IEC 62056-6-2, Security setup version 1.</remarks>
internal static class SecurityObjects
{
    // Requests and responses authenticated and encrypted: bits 2, 3, 5 and 6.
    private const byte Policy = 0x6C;
    private const int EncryptionKey = 0;
    private const int AuthenticationKey = 2;

    public static CosemObject SecuritySetup() => new CosemObject(64, 1, Obis.SecuritySetup)
        .With("security_policy", _ => CosemValue.Enum(Policy))
        .With("security_suite", call => CosemValue.Enum((byte)call.Server.Settings.Suite))
        .With("client_system_title", call => CosemValue.OctetString(call.Association.ClientTitle.ToArray()))
        .With("server_system_title", call => CosemValue.OctetString(call.Server.Settings.SystemTitle.ToArray()))
        .With("certificates", _ => CosemValue.Array())
        .WithMethod(1, "security_activate", Activate)
        .WithMethod(2, "key_transfer", TransferKeys);

    // The policy is at its strictest already: only that one can be asked for.
    private static ValueTask<CallResult> Activate(ObjectCall call, CosemValue? parameter) => ValueTask.FromResult<CallResult>(
        parameter is not { Type: CosemType.Enum } policy ? ActionResult.TypeUnmatched
        : policy.TryGetInteger(out var value) && value == Policy ? ActionResult.Success
        : ActionResult.ScopeOfAccessViolated);

    // All keys of the list are taken, or none.
    private static ValueTask<CallResult> TransferKeys(ObjectCall call, CosemValue? parameter) => ValueTask.FromResult<CallResult>(Transfer(call, parameter));

    private static ActionResult Transfer(ObjectCall call, CosemValue? parameter)
    {
        if (call.Server.Keys is not { CanReplace: true } keys)
            return ActionResult.ObjectUnavailable;
        if (parameter is not { Type: CosemType.Array } list)
            return ActionResult.TypeUnmatched;
        SecretKey? encryption = null;
        SecretKey? authentication = null;
        foreach (var entry in list.Elements)
        {
            if (entry.Elements is not [{ Type: CosemType.Enum } id, { Type: CosemType.OctetString } wrapped])
                return Give(ActionResult.TypeUnmatched);
            _ = id.TryGetInteger(out var number);
            var isFirst = number == EncryptionKey ? encryption is null : number == AuthenticationKey && authentication is null;
            if (!isFirst || !KeyWrap.TryUnwrap(keys.Master, wrapped.Octets, out var key))
                return Give(ActionResult.ScopeOfAccessViolated);
            encryption = number == EncryptionKey ? key : encryption;
            authentication = number == AuthenticationKey ? key : authentication;
            if (key!.Length != call.Server.Settings.Suite.KeyOctets())
                return Give(ActionResult.ScopeOfAccessViolated);
        }

        if (encryption is null && authentication is null)
            return ActionResult.ScopeOfAccessViolated;
        // The answer still goes out under the old keys.
        call.Association.AfterAnswer = keys.Replace(encryption, authentication);
        return ActionResult.Success;

        ActionResult Give(ActionResult result)
        {
            encryption?.Dispose();
            authentication?.Dispose();
            return result;
        }
    }
}
