using OpenSts.Sts6;

namespace OpenSts.SecurityModule.Commands;

/// <summary>
/// SM?CQ: tokens made, tokens left, number of the last signed instruction, date after which nothing is sold.
/// </summary>
internal sealed class QueryCounters() : FieldCommand("SM?CQ", "")
{
    // Without a limit the greatest number and the last date are said: a client reads them as it reads any other.
    private static readonly DateTimeOffset NoDate = new(9999, 12, 31, 23, 59, 59, TimeSpan.Zero);

    protected override ResponseCode Answer(RequestScope scope, PtvdFields fields, AnswerWriter answer)
    {
        var (made, licence) = (scope.Module.TokensMade, scope.Module.Settings.Licence);
        answer.Number(made);
        answer.Number(licence.Tokens is { } tokens ? Math.Max(0, tokens - made) : uint.MaxValue);
        answer.Octets(0, 8);
        answer.Date(licence.StopVending ?? NoDate);
        return ResponseCode.Successful;
    }
}
