using OpenSts.Sts6;

namespace OpenSts.SecurityModule.Commands;

/// <summary>SM?DI: number and firmware of the module.</summary>
internal sealed class DeviceIdentification() : FieldCommand("SM?DI", "")
{
    protected override ResponseCode Answer(RequestScope scope, PtvdFields fields, AnswerWriter answer)
    {
        var identity = scope.Module.Settings.Identity;
        answer.Print(identity.ModuleId);
        answer.Print(identity.FirmwareId);
        return ResponseCode.Successful;
    }
}
