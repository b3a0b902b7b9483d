using OpenSts.Vending.Issues;
using OpenSts.Vending.Meters;
using OpenSts.Vending.Operations;
using OpenSts.Vending.Storage;

namespace OpenSts.Vending.Pages;

/// <summary>Asking for management and test tokens.</summary>
internal sealed class EngineeringPages(IStore store, VendingSettings settings, TimeProvider time, ApiRows rows)
{
    private const int Shown = 10;
    private readonly ApiForm _token = new(rows, "PUT", "/v1/engineering-tokens/{id}");

    public IEnumerable<PageRoute> Rows =>
    [
        PageRoute.Of("GET", "/engineering", _token.Needs, call => Show(call, null)),
        new("POST", "/engineering", _token.Needs, AskAsync),
    ];

    private PageAnswer Show(PageCall call, FormFailure? failure)
    {
        var words = call.Words;
        var mine = store.Read(session => IssueTable.List(session, long.MaxValue, 100, vendor: call.Caller.Vendor)).Where(issue => issue.Kind == IssueKind.Engineering && issue.Operator == call.Caller.Id).Take(Shown).ToList();
        var meter = MeterNumber.TryParse(call.Field("meter"), out var pan, out _) ? pan.ToString() : call.Field("meter");
        var note = Html.Of($"<input type=\"hidden\" name=\"id\" value=\"page-{Guid.CreateVersion7(time.GetUtcNow()):N}\"><p class=\"hint\">{words["form.second-person"]}</p>");
        return PageAnswer.Page(call, words["page.engineering"], Html.Of($"""
            <div class="columns"><section><h1>{words["page.engineering"]}</h1>
            {_token.Write(call, new FormLook { Action = "/engineering", Button = "engineering.ask", Focus = "meter", Note = note, Values = new Dictionary<string, string> { ["meter"] = meter, ["kind"] = "clear-tamper" } }, failure)}</section>
            <section><h2>{words["engineering.values"]}</h2><dl class="facts left">
            {Html.Join(((string[])["clear-credit", "power-limit", "phase-unbalance", "tariff-rate", "water-factor", "flag", "control", "test"]).Select(kind => Html.Of($"<dt>{words.Choice(kind)}</dt><dd>{words["engineering." + kind]}</dd>")))}</dl>
            <h2>{words["engineering.mine"]}</h2>{Tables.Issues(mine, words, settings)}</section></div>
            """));
    }

    private async Task<PageAnswer> AskAsync(PageCall call)
    {
        var id = call.Field("id");
        if (!SalePages.IsPageId(id))
            return Show(call, null);
        return await _token.SendAsync(call, "/sales/" + id, failure => Show(call, failure), id).ConfigureAwait(false);
    }
}
