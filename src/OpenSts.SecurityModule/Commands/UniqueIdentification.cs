using OpenSts.Sts6;

namespace OpenSts.SecurityModule.Commands;

/// <summary>SM?UD: eight octets unlike any other module's.</summary>
internal sealed class UniqueIdentification() : FieldCommand("SM?UD", "")
{
    protected override ResponseCode Answer(RequestScope scope, PtvdFields fields, AnswerWriter answer)
    {
        answer.Octets(Convert.FromHexString(scope.Module.Settings.Identity.UniqueId));
        return ResponseCode.Successful;
    }
}
