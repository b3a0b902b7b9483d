using System.Globalization;
using OpenSts.Vending.Access;
using OpenSts.Vending.Documents;
using OpenSts.Vending.Explaining;
using OpenSts.Vending.Meters;
using OpenSts.Vending.Receipts;

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
            <div class="field"><label for="token">{words["explain.token"]}</label><input class="big" id="token" name="token" inputmode="numeric" autocomplete="off" autofocus required maxlength="40" value="{call.Field("token")}"></div>
            <div class="field"><label for="meter">{words["sale.meter"]} <span class="hint">{words["form.optional"]}</span></label><input id="meter" name="meter" inputmode="numeric" autocomplete="off" maxlength="40" value="{call.Field("meter")}"{Html.When(refusal is not null, $" aria-invalid=\"true\" aria-describedby=\"fault\"")}>{Frame.FieldFault(words, refusal)}</div>
            <div><button>{words["explain.show"]}</button></div></form>
            {finding}
            """), refusal);
    }

    private async Task<PageAnswer> LookAsync(PageCall call)
    {
        MeterPan? meter = null;
        if (call.Field("meter").Length > 0)
        {
            if (!MeterNumber.TryParse(call.Field("meter"), out var pan, out var wrong))
                return Show(call, MeterNumber.Refusal(wrong), Html.None);
            meter = pan;
        }

        var words = call.Words;
        var finding = await inquiry.LookAsync(call.Field("token"), meter, call.Caller).ConfigureAwait(false);
        var kind = finding.Cause is TokenCause.Good or TokenCause.MadeElsewhere or TokenCause.TestToken ? "good" : "bad";
        return Show(call, null, Html.Of($"""
            <section class="finding {kind}" role="status"><h2>{words.Say(finding.Says)}</h2>
            {Meant(finding, words)}
            <p class="next"><strong>{words["explain.next"]}</strong> {words.Say(finding.Next)}</p>
            {Html.When(finding.Reasons.Count > 0, $"<h3>{words["explain.why"]}</h3><ul>{Html.Join(finding.Reasons.Select(reason => Html.Of($"<li>{words.Say(reason)}</li>")))}</ul>")}
            {Ways(finding, call)}</section>
            {Technical(finding, words)}
            """));
    }

    // The digits as they stand on the receipt, with what the fingers missed.
    private static Html Meant(TokenFinding finding, Words words)
    {
        if (finding is not { Meant: { } token, Slip: { } slip })
            return Html.None;
        var (digits, marked) = (token.ToString(), slip.Kind == SlipKind.Extra ? 0 : slip.Place);
        var length = slip.Kind == SlipKind.Swapped ? 2 : 1;
        Html Digit(int at) => marked > 0 && at + 1 >= marked && at + 1 < marked + length ? Html.Of($"<mark>{digits[at].ToString()}</mark>") : Html.Of($"{digits[at].ToString()}");
        var groups = Enumerable.Range(0, 5).Select(group => Html.Of($"<span>{Html.Join(Enumerable.Range(group * 4, 4).Select(Digit))}</span>"));
        return Html.Of($"<p class=\"hint\">{words["explain.meant"]}</p><p class=\"token\">{Html.Join(groups)}</p>");
    }

    private static Html Ways(TokenFinding finding, PageCall call) => finding.Issue is not { } issue
        ? Html.None
        : Html.Of($"<p class=\"row\"><a class=\"button quiet\" href=\"/sales/{issue.Id}\">{call.Words["receipt.number"]} {issue.Number:D8}</a>{Html.When(issue.Meter is not null, $"<a class=\"button quiet\" href=\"/meters/{issue.Meter?.Pan}\">{call.Words["receipt.meter"]} {issue.Meter?.Pan.DecoderReferenceNumber.ToGroupedString()}</a>")}</p>");

    // In the standard's words, for whoever knows them.
    private static Html Technical(TokenFinding finding, Words words)
    {
        if (finding.Explanation is not { } explanation)
            return Html.None;
        var rows = explanation.Fields.Select(field => (Html[])
        [
            Html.Of($"{field.Name}"), Html.Of($"{field.LowestBit + field.Bits - 1}..{field.LowestBit}"), Html.Of($"<span class=\"number\">{field.Value?.ToString("X", CultureInfo.InvariantCulture)}</span>"), Html.Of($"<span lang=\"en\">{field.Meaning}</span>"),
        ]).ToList();
        return Html.Of($"""
            <details><summary>{words["explain.technical"]}</summary><div class="fold"><p>{words["explain.answer"]}{words["sign.colon"]}<strong>{finding.Answer}</strong></p>
            {Bits(explanation.Token)}{Tables.Of(words, [words["explain.field"], ">" + words["explain.bits"], words["explain.value"], words["explain.meaning"]], rows)}</div></details>
            """);
    }

    // The 66 bits as they travel, the class bits marked.
    private static Html Bits(Token66 token) =>
        Html.Of($"<p class=\"bits\" aria-hidden=\"true\">{Html.Join(Enumerable.Range(0, 66).Select(at => Html.Of($"<i class=\"{(at is 37 or 38 ? "class " : "")}{(((token.Value >> (65 - at)) & 1) == 1 ? "one" : "")}\"></i>")))}</p>");
}
