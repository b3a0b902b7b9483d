using OpenSts.Sts6;

namespace OpenSts.SecurityModule.Commands;

/// <summary>
/// SM?PD: interface, version, family, certification, access control, tokens a second. Test mode stands in the
/// certification.
/// </summary>
internal sealed class ProductDetails() : FieldCommand("SM?PD", "")
{
    private const int TokensPerSecond = 20_000;

    protected override ResponseCode Answer(RequestScope scope, PtvdFields fields, AnswerWriter answer)
    {
        answer.Print("STS6");
        answer.Print(typeof(ProductDetails).Assembly.GetName().Version!.ToString());
        answer.Print(scope.Module.Role == ModuleRole.Vending ? "OPENSTS-VENDING" : "OPENSTS-MANUFACTURING");
        answer.Print(scope.Module.Settings.TestMode ? "TEST-MODE,NOT-CERTIFIED" : "NOT-CERTIFIED");
        answer.Print("AC:NONE");
        answer.Number(TokensPerSecond);
        return ResponseCode.Successful;
    }
}
