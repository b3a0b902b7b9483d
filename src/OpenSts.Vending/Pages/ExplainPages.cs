using OpenSts.Vending.Access;
using OpenSts.Vending.Documents;
using OpenSts.Vending.Explaining;
using OpenSts.Vending.Issues;
using OpenSts.Vending.Meters;

namespace OpenSts.Vending.Pages;

/// <summary>The token x-ray. The token is posted, so that it stands in no address and no log of addresses.</summary>
internal sealed class ExplainPages(TokenInquiry inquiry)
{
    public IEnumerable<PageRoute> Rows =>
    [
        PageRoute.Of("GET", "/explain", Permission.MetersRead, call => Show(call, null, Html.None)),
        new("POST", "/explain", Permission.MetersRead, LookAsync),
    ];

    private static PageAnswer Show(PageCall call, Refusal? refusal, Html finding)
    {
        var words = call.Words;
        return PageAnswer.Page(call, words["page.explain"], Html.Of($"""
            <h1>{words["explain.title"]}</h1>
            <form method="post" action="/explain" class="stack">{call.Csrf}
            <div class="field"><label for="token">{words["explain.token"]}</label><input class="big" id="token" name="token" inputmode="numeric" autocomplete="off" autofocus required maxlength="40" value="{call.Field("token")}"{Wrong(refusal, "token")}>{FaultOf(words, refusal, "token")}</div>
            <div class="field"><label for="meter">{words["sale.meter"]} <span class="hint">{words["form.optional"]}</span></label><input id="meter" name="meter" inputmode="numeric" autocomplete="off" maxlength="40" value="{call.Field("meter")}"{Wrong(refusal, "meter")}>{FaultOf(words, refusal, "meter")}</div>
            <div><button>{words["explain.show"]}</button></div></form>
            {finding}
            """), refusal);
    }

    private static Html Wrong(Refusal? refusal, string field) => Html.When(refusal?.Field == field, $" aria-invalid=\"true\" aria-describedby=\"fault\"");

    private static Html FaultOf(Receipts.Words words, Refusal? refusal, string field) => refusal?.Field == field ? Frame.FieldFault(words, refusal) : Html.None;

    private async Task<PageAnswer> LookAsync(PageCall call)
    {
        if (!Token66.TryParse(call.Field("token"), out var token, out var fault))
            return Show(call, new Refusal("field-invalid", $"The token is not one: {fault.Describe()}.", "token"), Html.None);
        MeterPan? meter = null;
        if (call.Field("meter").Length > 0)
        {
            if (!MeterNumber.TryParse(call.Field("meter"), out var pan, out var wrong))
                return Show(call, new Refusal("field-invalid", $"The meter number {wrong.Describe()}; permitted is {MeterNumber.Form}.", "meter"), Html.None);
            meter = pan;
        }

        var finding = await inquiry.LookAsync(token, meter).ConfigureAwait(false);
        var words = call.Words;
        var fields = Html.Join(finding.Explanation.Fields.Select(field => Html.Of($"<tr><td>{field.Name}</td><td class=\"right\">{field.LowestBit + field.Bits - 1}..{field.LowestBit}</td><td class=\"number\">{field.Value?.ToString("X", System.Globalization.CultureInfo.InvariantCulture)}</td><td>{field.Meaning}</td></tr>")));
        var sold = finding.Issue is { } issue && IssueDesk.Sees(call.Caller, issue) ? Html.Of($"<p><a href=\"/sales/{issue.Id}\">{words["explain.sold"]}: {issue.Number:D8}</a></p>") : Html.None;
        return Show(call, null, Html.Of($"""
            <section class="finding {(finding.Answer == "Accept" ? "good" : "bad")}" aria-live="polite"><h2>{words["explain.answer"]}: {finding.Answer}</h2>
            <ul>{Html.Join(finding.Reasons.Select(reason => Html.Of($"<li>{reason}</li>")))}</ul>{sold}</section>
            {Bits(finding)}
            <div class="scroll" tabindex="0"><table><thead><tr><th scope="col">{words["explain.field"]}</th><th scope="col" class="right">{words["explain.bits"]}</th><th scope="col">{words["explain.value"]}</th><th scope="col">{words["explain.meaning"]}</th></tr></thead><tbody>{fields}</tbody></table></div>
            """));
    }

    // The 66 bits as they travel, the class bits marked.
    private static Html Bits(TokenFinding finding)
    {
        var value = finding.Token.Value;
        return Html.Of($"<p class=\"bits\" aria-hidden=\"true\">{Html.Join(Enumerable.Range(0, 66).Select(at => Html.Of($"<i class=\"{(at is 37 or 38 ? "class " : "")}{(((value >> (65 - at)) & 1) == 1 ? "one" : "")}\"></i>")))}</p>");
    }
}
