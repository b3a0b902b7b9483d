using OpenSts.Vending.Access;
using OpenSts.Vending.Api;
using OpenSts.Vending.Customers;
using OpenSts.Vending.Issues;
using OpenSts.Vending.Operations;
using OpenSts.Vending.Receipts;
using OpenSts.Vending.Storage;
using OpenSts.Vending.Tariffs;

namespace OpenSts.Vending.Pages;

/// <summary>What waits for a second person. Who asked sees it here and cannot approve it.</summary>
internal sealed class ApprovalPages(IStore store, VendingSettings settings, ApiRows rows)
{
    private const int Shown = 100;
    private readonly ApiForm _replacement = new(rows, "POST", "/v1/replacements/{id}/approval");
    private readonly ApiForm _engineering = new(rows, "POST", "/v1/engineering-tokens/{id}/approval");
    private readonly ApiForm _access = new(rows, "POST", "/v1/access-changes/{id}/approval");
    private readonly ApiForm _allocation = new(rows, "POST", "/v1/customers/{id}/free-allocation/approval");

    public IEnumerable<PageRoute> Rows =>
    [
        PageRoute.Of("GET", "/approvals", Permission.VendsRead, call => Show(call, null)),
        new("POST", "/approvals/replacements/{id}", _replacement.Needs, call => Approve(call, _replacement)),
        new("POST", "/approvals/engineering-tokens/{id}", _engineering.Needs, call => Approve(call, _engineering)),
        new("POST", "/approvals/access-changes/{id}", _access.Needs, call => _access.SendAsync(call, "/approvals", failure => Show(call, failure))),
    ];

    /// <summary>What an engineering token does, or which sale a replacement repeats, in words.</summary>
    public static string? What(Issue issue, Words words) => issue switch
    {
        { Engineering: { } token } => words.Choice(FieldSpec.Kebab(token.Kind.ToString())) + token.Kind switch
        {
            EngineeringKind.ClearTamper => "",
            EngineeringKind.PowerLimit or EngineeringKind.PhaseUnbalance => $" {words.Number(token.Value)} W",
            EngineeringKind.Flag or EngineeringKind.Control => $" {token.Index} = {token.Value}",
            _ => $" {token.Value}",
        },
        { Original: { } original } => $"{words["receipt.original"]} {original}",
        _ => null,
    };

    private PageAnswer Show(PageCall call, FormFailure? failure)
    {
        var words = call.Words;
        var (issues, drafts, allocations, access) = store.Read(session => (
            IssueTable.InState(session, IssueState.AwaitingApproval, Shown).Where(issue => IssueDesk.Sees(call.Caller, issue)).ToList(),
            call.Caller.May(Permission.TariffsActivate) ? Tariff.Drafts.List(session) : [],
            call.Caller.May(_allocation.Needs) ? FreeAllocation.Waiting.List(session, count: Shown).Select(row => Customer.Find(session, row.Id)?.Value).OfType<Customer>().ToList() : [],
            call.Caller.May(_access.Needs) ? AccessChange.Waiting.List(session, count: Shown) : []));
        var cards = issues.Select(issue => Card(call, issue)).Concat(allocations.Select(customer => Html.Of($"""
            <li class="card"><span class="hint">{words["customer.allocation"]}</span><strong>{customer.Name}</strong><span class="hint">{customer.FreeAllocation?.Evidence}, {Tables.Person(customer.FreeAllocation?.RegisteredBy ?? "")}</span><a class="button quiet" href="/customers/{customer.Id}">{words["approvals.look"]}</a></li>
            """))).Concat(drafts.Select(draft => Html.Of($"""
            <li class="card"><span class="hint">{words["tariffs.draft"]}</span><strong>{draft.Value.Name}</strong><span class="hint">{Tables.Person(draft.Value.WrittenBy)}</span><a class="button quiet" href="/tariffs/{draft.Id}">{words["approvals.look"]}</a></li>
            """))).Concat(access.Select(change => Card(call, change.Value))).ToList();
        return PageAnswer.Page(call, words["page.approvals"], Html.Of($"""
            <h1>{words["page.approvals"]}</h1><p class="hint">{words["approvals.hint"]}</p>{Frame.Fault(words, failure?.Answer.Refusal)}
            {(cards.Count == 0 ? Html.Of($"<p class=\"empty\">{words["approvals.none"]}</p>") : Html.Of($"<ul class=\"cards\">{Html.Join(cards)}</ul>"))}
            """), failure?.Answer.Refusal);
    }

    private Html Card(PageCall call, Issue issue)
    {
        var words = call.Words;
        var (form, kind) = issue.Kind == IssueKind.Replacement ? (_replacement, "replacements") : (_engineering, "engineering-tokens");
        var approve = call.Caller.Id == issue.Operator
            ? Html.Of($"<span class=\"badge awaiting-approval\">{words["approvals.own"]}</span>")
            : form.Write(call, new FormLook { Action = $"/approvals/{kind}/{issue.Id}", Button = "common.approve" });
        return Html.Of($"""
            <li class="card"><span class="hint">{words["receipt." + FieldSpec.Kebab(issue.Kind.ToString())]}</span><strong>{(issue.Engineering is null ? Money(issue, words) : What(issue, words))}</strong>
            {Html.When(issue.Meter is not null, $"<a class=\"number\" href=\"/meters/{issue.Meter?.Pan}\">{issue.Meter?.Pan.DecoderReferenceNumber.ToGroupedString()}</a>")}
            <span>{issue.Reason}{Html.When(issue.WorkOrder is not null, $" ({issue.WorkOrder})")}</span><span class="hint">{Tables.Person(issue.Operator)}, {Tables.Time(issue.Created, settings)}</span>
            <div class="row"><a class="button quiet" href="/sales/{issue.Id}">{words["approvals.look"]}</a>{approve}</div></li>
            """);
    }

    private Html Card(PageCall call, AccessChange change)
    {
        var words = call.Words;
        var (kind, what) = change.Operator is { } person
            ? ("page.operators", Html.Of($"{person.Id}: {words.Choice(FieldSpec.Kebab(person.Role.ToString()))}"))
            : ("page.api-keys", Html.Of($"{change.Key?.Name}: {string.Join(", ", change.Key?.Permissions.Select(permission => permission.Scope()) ?? [])}"));
        var approve = call.Caller.Id == change.AskedBy
            ? Html.Of($"<span class=\"badge awaiting-approval\">{words["approvals.own"]}</span>")
            : _access.Write(call, new FormLook { Action = $"/approvals/access-changes/{change.Id}", Button = "common.approve" });
        return Html.Of($"""
            <li class="card"><span class="hint">{words[kind]}</span><strong>{what}</strong><span class="hint">{Tables.Person(change.AskedBy)}, {Tables.Time(change.Asked, settings)}</span><div class="row">{approve}</div></li>
            """);
    }

    private string Money(Issue issue, Words words) => store.Read(session => IssueTable.Find(session, issue.Original ?? "")) is { Quote: { } quote } original
        ? $"{original.Number:D8}, {settings.Currency.Code} {words.Money(settings.Currency, quote.Tender)}"
        : "";

    private Task<PageAnswer> Approve(PageCall call, ApiForm form) => form.SendAsync(call, "/sales/" + Uri.EscapeDataString(call.Path("id")), failure => Show(call, failure));
}
