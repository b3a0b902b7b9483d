using OpenSts.Sts6;

namespace OpenSts.SecurityModule.Commands;

/// <summary>
/// SM?QI: identity by which a key management centre knows the module, hardware, firmware and its hash.
/// </summary>
internal sealed class QueryIdentification() : FieldCommand("SM?QI", "")
{
    protected override ResponseCode Answer(RequestScope scope, PtvdFields fields, AnswerWriter answer)
    {
        var identity = scope.Module.Settings.Identity;
        answer.Print(identity.SecurityModuleIdText);
        answer.Print(identity.HardwareId);
        answer.Print(identity.FirmwareId);
        answer.Octets(Convert.FromHexString(identity.FirmwareHashText));
        return ResponseCode.Successful;
    }
}
