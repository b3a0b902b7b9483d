using System.Text;
using OpenSts.Sts6;

namespace OpenSts.SecurityModule.Commands.Legacy;

/// <summary>
/// SM?ID: module (8), firmware (8), check digits of the authentication key (16; here the unique number).
/// </summary>
internal sealed class LegacyIdentification() : ModuleCommand("SM?ID")
{
    public override ResponseCode Answer(RequestScope scope, ReadOnlySpan<byte> payload, AnswerWriter answer)
    {
        if (payload.Length != 0)
            return ResponseCode.FormatError;
        var identity = scope.Module.Settings.Identity;
        answer.Raw(Encoding.ASCII.GetBytes(identity.ModuleId.PadLeft(8, '0')[..8]
            + identity.FirmwareId.PadRight(8)[..8] + identity.UniqueId));
        return ResponseCode.Successful;
    }
}
