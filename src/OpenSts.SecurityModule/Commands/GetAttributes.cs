using OpenSts.Sts6;

namespace OpenSts.SecurityModule.Commands;

/// <summary>SM?GA: the attribute card of a register.</summary>
internal sealed class GetAttributes() : FieldCommand("SM?GA", "N")
{
    protected override ResponseCode Answer(RequestScope scope, PtvdFields fields, AnswerWriter answer)
    {
        if (fields.Number(0) is not (>= 1 and <= SoftwareSecurityModule.GreatestRegister))
            return ResponseCode.PtvdRange;
        if (scope.Module.Find(fields.Number(0)) is not { } register)
            return ResponseCode.VkRegNotFound;
        answer.Print(register.Card.ToString());
        return ResponseCode.Successful;
    }
}
