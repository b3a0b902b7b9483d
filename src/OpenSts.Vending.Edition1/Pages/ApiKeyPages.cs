using System.Text.Json;
using OpenSts.Vending.Access;
using OpenSts.Vending.Operations;
using OpenSts.Vending.Storage;
using OpenSts.Vending.Vendors;

namespace OpenSts.Vending.Pages;

/// <summary>API keys: made with scopes, shown once, revoked.</summary>
internal sealed class ApiKeyPages(IStore store, VendingSettings settings, ApiRows rows)
{
    private readonly ApiForm _key = new(rows, "POST", "/v1/api-keys");
    private readonly ApiForm _revocation = new(rows, "DELETE", "/v1/api-keys/{id}");

    public IEnumerable<PageRoute> Rows =>
    [
        PageRoute.Of("GET", "/api-keys", _key.Needs, call => List(call, null)),
        new("POST", "/api-keys", _key.Needs, MakeAsync),
        new("POST", "/api-keys/{id}/revocation", _revocation.Needs, call => _revocation.SendAsync(call, "/api-keys", failure => List(call, failure))),
    ];

    private PageAnswer List(PageCall call, FormFailure? failure)
    {
        var words = call.Words;
        var (keys, vendors) = store.Read(session => (ApiKeys.List(session, "", 200), Vendor.Table.List(session)));
        Html Revoke(ApiKey key) => Html.Of($"<form method=\"post\" action=\"/api-keys/{key.Id}/revocation\">{call.Csrf}<button class=\"quiet small\" aria-label=\"{words["key.revoke"]}: {key.Name}\">{words["key.revoke"]}</button></form>");
        var look = new FormLook { Action = "/api-keys", Button = "key.new", Choices = new Dictionary<string, IReadOnlyList<(string, string)>> { ["vendor"] = [.. vendors.Select(row => (row.Id, row.Value.Name))] } };
        return PageAnswer.Page(call, words["page.api-keys"], Html.Of($"""
            <h1>{words["page.api-keys"]}</h1>
            {Tables.Of(words, [words["field.name"], "*" + words["field.scopes"], "*" + words["key.made"], ""],
                [.. keys.Select(key => (Html[])[Html.Of($"{key.Name}"), Scopes(key, words), Tables.When(key.Created, settings), Revoke(key)])])}
            {_key.Fold(call, "key.new", look, failure)}
            """));
    }

    private static Html Scopes(ApiKey key, Receipts.Words words) => key.Permissions.Count == Permissions.Grantable.Count
        ? Html.Of($"{words["key.every-scope"]}")
        : Html.Of($"<span class=\"hint\">{string.Join(", ", key.Permissions.Select(permission => permission.Scope()))}</span>");

    private async Task<PageAnswer> MakeAsync(PageCall call)
    {
        var answer = await _key.SendAsync(call).ConfigureAwait(false);
        if (answer.Status >= 300)
            return List(call, new FormFailure(_key, answer)) with { Status = answer.Status };
        using var made = JsonDocument.Parse(answer.Json!);
        // What waits for a second person has the key inside.
        var key = made.RootElement.TryGetProperty("key", out var waiting) ? waiting : made.RootElement;
        // The only time that anybody sees it: the store has its hash.
        return PageAnswer.Page(call, call.Words["page.api-keys"], Html.Of($"""
            <section class="narrow"><h1>{call.Words["key.new"]}</h1><p class="secret">{key.GetProperty("secret").GetString()}</p><p class="note">{call.Words["form.shown-once"]}</p>{Html.When(answer.Status == 202, $"<p class=\"note\">{call.Words["form.second-person"]}</p>")}
            <p><a class="button" href="/api-keys">{call.Words["page.api-keys"]}</a></p></section>
            """));
    }
}
