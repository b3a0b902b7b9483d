using System.Security.Cryptography;
using OpenSts.Vending.Access;
using OpenSts.Vending.Api;
using OpenSts.Vending.Operations;
using OpenSts.Vending.Storage;
using OpenSts.Vending.Vendors;

namespace OpenSts.Vending.Pages;

/// <summary>Operators: made, given a role, locked, given a new password that is shown once.</summary>
internal sealed class OperatorPages(IStore store, VendingSettings settings, TimeProvider time, ApiRows rows)
{
    // Without those that look alike: 16 of 31 are more than 79 bits.
    private const string PasswordLetters = "abcdefghjkmnpqrstuvwxyz23456789";
    private const int PasswordLength = 16;
    private readonly ApiForm _operator = new(rows, "PUT", "/v1/operators/{id}");

    public IEnumerable<PageRoute> Rows =>
    [
        PageRoute.Of("GET", "/operators", _operator.Needs, List),
        PageRoute.Of("GET", "/operators/new", _operator.Needs, call => New(call, null)),
        new("POST", "/operators/new", _operator.Needs, MakeAsync),
        PageRoute.Of("GET", "/operators/{id}", _operator.Needs, call => Show(call, null)),
        new("POST", "/operators/{id}", _operator.Needs, call => _operator.SendAsync(call, Path(call.Path("id")), failure => Show(call, failure))),
        new("POST", "/operators/{id}/password", _operator.Needs, ResetAsync),
    ];

    private static string Path(string id) => "/operators/" + Uri.EscapeDataString(id);

    private PageAnswer List(PageCall call)
    {
        var (words, now) = (call.Words, time.GetUtcNow());
        var people = store.Read(session => Operator.Table.List(session));
        return PageAnswer.Page(call, words["page.operators"], Html.Of($"""
            {Frame.Head(words["page.operators"], Frame.Way(call, _operator.Needs, "/operators/new", "operator.new"))}
            {Tables.Of(words, [words["field.id"], words["field.name"], words["field.role"], "*" + words["receipt.vendor"], words["common.state"]],
                [.. people.Select(row => (Html[])[Html.Of($"<a href=\"{Path(row.Id)}\">{row.Id}</a>"), Html.Of($"{row.Value.Name}"), Html.Of($"{words.Choice(FieldSpec.Kebab(row.Value.Role.ToString()))}"), Html.Of($"{row.Value.Vendor}"), State(row.Value, now, words)])])}
            """));
    }

    private static Html State(Operator person, DateTimeOffset now, Receipts.Words words)
    {
        var (style, word) = !person.Active ? ("refused", "state.locked") : person.LockedUntil > now ? ("pending", "state.waiting") : ("issued", "state.active");
        return Html.Of($"<span class=\"badge {style}\">{words[word]}</span>");
    }

    private PageAnswer New(PageCall call, FormFailure? failure) => PageAnswer.Page(call, call.Words["operator.new"], Html.Of($"""
        <section class="narrow"><h1>{call.Words["operator.new"]}</h1>{_operator.Write(call, Look("/operators/new") with { AsksId = true, Focus = "id", Values = new Dictionary<string, string> { ["active"] = "true", ["role"] = "clerk" } }, failure)}</section>
        """));

    private FormLook Look(string action) => new()
    {
        Action = action,
        Button = "form.save",
        Given = ["password"],
        Choices = new Dictionary<string, IReadOnlyList<(string, string)>> { ["vendor"] = store.Read(session => Vendor.Table.List(session)).Select(row => (row.Id, row.Value.Name)).ToList() },
    };

    private PageAnswer Show(PageCall call, FormFailure? failure)
    {
        var (words, id) = (call.Words, call.Path("id"));
        if (store.Read(session => Operator.Table.Find(session, id)) is not { Value: var person } found)
            return PageAnswer.Nothing(call, words["page.operators"]);
        return PageAnswer.Page(call, person.Name, Html.Of($"""
            <section class="narrow"><div class="head"><h1>{person.Name}</h1>{State(person, time.GetUtcNow(), words)}</div>
            {Html.When(person.LockedUntil > time.GetUtcNow(), $"<p class=\"note\">{words.Format("operator.locked-until", person.LockedUntil is { } until ? Tables.Time(until, settings) : "")}</p>")}
            {_operator.Write(call, Look(Path(id)) with { Version = found.Version, Values = Values(person) }, failure)}<p class="hint">{words["operator.ends-sessions"]}</p>
            <details><summary>{words["operator.reset"]}</summary><form method="post" action="{Path(id)}/password" class="stack fold">{call.Csrf}<input type="hidden" name="_version" value="{found.Version}"><p class="hint">{words["operator.reset-hint"]}</p><div><button>{words["operator.reset"]}</button></div></form></details></section>
            """));
    }

    private static Dictionary<string, string> Values(Operator person) => new()
    {
        ["name"] = person.Name,
        ["role"] = FieldSpec.Kebab(person.Role.ToString()),
        ["vendor"] = person.Vendor ?? "",
        ["language"] = person.Language,
        ["active"] = person.Active ? "true" : "",
    };

    private async Task<PageAnswer> MakeAsync(PageCall call)
    {
        var password = RandomNumberGenerator.GetString(PasswordLetters, PasswordLength);
        var answer = await _operator.SendAsync(call, call.Field("id"), ("password", password)).ConfigureAwait(false);
        return answer.Status < 300 ? ShowOnce(call, call.Field("id"), password, answer) : New(call, new FormFailure(_operator, answer)) with { Status = answer.Status };
    }

    private async Task<PageAnswer> ResetAsync(PageCall call)
    {
        var id = call.Path("id");
        if (store.Read(session => Operator.Table.Find(session, id)) is not { Value: var person })
            return PageAnswer.Nothing(call, call.Words["page.operators"]);
        var password = RandomNumberGenerator.GetString(PasswordLetters, PasswordLength);
        var answer = await _operator.SendAsync(call, id, [.. Values(person).Select(value => (value.Key, value.Value)), ("password", password)]).ConfigureAwait(false);
        return answer.Status < 300 ? ShowOnce(call, id, password, answer) : Show(call, new FormFailure(_operator, answer)) with { Status = answer.Status };
    }

    // The only time that anybody sees it: the store has its hash.
    private static PageAnswer ShowOnce(PageCall call, string id, string password, ApiAnswer answer) => PageAnswer.Page(call, call.Words["operator.password"], Html.Of($"""
        <section class="narrow"><h1>{call.Words["operator.password"]}</h1><p>{call.Words.Format("operator.password-of", id)}</p><p class="secret">{password}</p><p class="note">{call.Words["form.shown-once"]}</p>{Html.When(answer.Status == 202, $"<p class=\"note\">{call.Words["form.second-person"]}</p>")}
        <p><a class="button" href="/operators">{call.Words["page.operators"]}</a></p></section>
        """));
}
