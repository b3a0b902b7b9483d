using OpenSts.Sts6;

namespace OpenSts.SecurityModule.Commands;

/// <summary>SM?QD: the module's clock (UTC) and how many days a TID may lie away from it.</summary>
internal sealed class QueryClock() : FieldCommand("SM?QD", "")
{
    protected override ResponseCode Answer(RequestScope scope, PtvdFields fields, AnswerWriter answer)
    {
        answer.Date(scope.Module.Settings.Time.GetUtcNow());
        answer.Number(scope.Module.Settings.TidWindow);
        return ResponseCode.Successful;
    }
}
