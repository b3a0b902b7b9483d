using System.Globalization;
using OpenSts.Vending.Access;
using OpenSts.Vending.Api;
using OpenSts.Vending.Receipts;

namespace OpenSts.Vending.Explaining;

/// <summary>The token x-ray over the API.</summary>
internal sealed class InquiryRoutes(TokenInquiry inquiry)
{
    public IEnumerable<ApiRoute> Rows =>
    [
        new("POST", "/v1/token-explanations", Permission.MetersRead, "Why was this token rejected?", ExplainAsync)
        {
            Body = [FieldSpec.Text("token", 40, 20).Saying("20 digits; spaces and dashes between them are left out."), FieldSpec.Meter().Optional],
        },
    ];

    private sealed record View(Token66 Token, string Cause, string Answer, string Says, string Next, IReadOnlyList<string> Reasons, IReadOnlyList<FieldView> Fields, string? Issue, string? Meter, Token66? Meant);

    private sealed record FieldView(string Name, int LowestBit, int Bits, string? Value, string Meaning);

    private async Task<ApiAnswer> ExplainAsync(ApiCall call)
    {
        if (!Token66.TryParse(call.Body.Text("token"), out var token, out var fault))
            return ApiCall.Invalid("token", call.Body.Text("token"), fault.Describe());
        var finding = await inquiry.LookAsync(call.Body.Text("token"), call.Body.Has("meter") ? call.Body.Meter("meter") : null, call.Caller).ConfigureAwait(false);
        var words = Words.Preferred(call.Context.Request.Headers.AcceptLanguage.ToString());
        return ApiAnswer.Ok(new View(token, FieldSpec.Kebab(finding.Cause.ToString()), finding.Answer, words.Say(finding.Says), words.Say(finding.Next), [.. finding.Reasons.Select(words.Say)],
            [.. (finding.Explanation?.Fields ?? []).Select(field => new FieldView(field.Name, field.LowestBit, field.Bits, field.Value?.ToString(CultureInfo.InvariantCulture), field.Meaning))],
            finding.Issue?.Id, finding.Issue?.Meter?.Pan.ToString(), finding.Meant));
    }
}
