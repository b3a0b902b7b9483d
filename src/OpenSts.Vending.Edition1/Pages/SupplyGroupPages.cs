using OpenSts.Vending.Access;
using OpenSts.Vending.Api;
using OpenSts.Vending.Storage;
using OpenSts.Vending.SupplyGroups;

namespace OpenSts.Vending.Pages;

/// <summary>Supply groups and where their keys are. Read only: the key management centre decides about keys.</summary>
internal sealed class SupplyGroupPages(IStore store)
{
    public IEnumerable<PageRoute> Rows => [PageRoute.Of("GET", "/supply-groups", Permission.MetersRead, List)];

    private PageAnswer List(PageCall call)
    {
        var words = call.Words;
        var groups = store.Read(session => SupplyGroup.Table.List(session));
        Html Group(SupplyGroup group) => Html.Of($"""
            <section><h2><span class="number">{group.Code}</span> {group.Name}</h2><p class="hint">{words["field.keyChangePolicy"]}{words["sign.colon"]}{words.Choice(FieldSpec.Kebab(group.KeyChangePolicy.ToString()))}</p>
            {Tables.Of(words, [words["group.revision"], words["field.keyType"], "*" + words["field.baseDate"], "*" + words["group.expires"], ">" + words["group.register"], ""],
                [.. group.Keys.Select(key => (Html[])
                [
                    Html.Of($"{key.KeyRevisionNumber}"), Html.Of($"{key.KeyType.Abbreviation()}"), Html.Of($"{key.BaseDate}"),
                    Html.Of($"{(KeyExpiryNumber.FromNumber(key.KeyExpiryNumber).LastMinute(BaseDate.FromYear(key.BaseDate)) is { } end ? end.ToString("yyyy-MM-dd", null) : words["board.never"])}"), Html.Of($"{key.Register}"),
                    Html.When(key.KeyRevisionNumber == group.CurrentKeyRevision, $"<span class=\"badge issued\">{words["group.current"]}</span>"),
                ])])}</section>
            """);
        return PageAnswer.Page(call, words["page.supply-groups"], Html.Of($"<h1>{words["page.supply-groups"]}</h1>{(groups.Count == 0 ? Html.Of($"<p class=\"empty\">{words["common.none"]}</p>") : Html.Join(groups.Select(row => Group(row.Value))))}"));
    }
}
