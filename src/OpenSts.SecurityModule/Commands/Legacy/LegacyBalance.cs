using OpenSts.Sts6;

namespace OpenSts.SecurityModule.Commands.Legacy;

/// <summary>
/// SM?TS: sequence (2), balance (4 hexadecimal digits). The balance is always full: limits are those of the registers.
/// </summary>
internal sealed class LegacyBalance() : ModuleCommand("SM?TS")
{
    public override ResponseCode Answer(RequestScope scope, ReadOnlySpan<byte> payload, AnswerWriter answer)
    {
        if (payload.Length != 0)
            return ResponseCode.FormatError;
        answer.Raw("00FFFF"u8);
        return ResponseCode.Successful;
    }
}
