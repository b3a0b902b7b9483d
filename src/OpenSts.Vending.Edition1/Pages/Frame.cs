using OpenSts.Vending.Access;
using OpenSts.Vending.Documents;
using OpenSts.Vending.Receipts;

namespace OpenSts.Vending.Pages;

/// <summary>What stands around every page.</summary>
internal static class Frame
{
    private static readonly (string Word, (string Path, string Word, Permission Needs)[] Rooms)[] Groups =
    [
        ("nav.counter",
        [
            ("/sale", "page.sale", Permission.VendsWrite),
            ("/meters", "page.meter", Permission.MetersRead),
            ("/customers", "page.customers", Permission.MetersRead),
            ("/explain", "page.explain", Permission.MetersRead),
            ("/wall", "page.wall", Permission.MetersRead),
        ]),
        ("nav.work",
        [
            ("/approvals", "page.approvals", Permission.VendsRead),
            ("/engineering", "page.engineering", Permission.EngineeringRequest),
            ("/shifts", "page.shifts", Permission.ReportsRead),
            ("/digest", "page.digest", Permission.AuditRead),
        ]),
        ("nav.money",
        [
            ("/report", "page.report", Permission.ReportsRead),
            ("/vendors", "page.vendors", Permission.VendorsRead),
            ("/tariffs", "page.tariffs", Permission.TariffsRead),
        ]),
        ("nav.site",
        [
            ("/board", "page.board", Permission.ReportsRead),
            ("/supply-groups", "page.supply-groups", Permission.MetersRead),
            ("/operators", "page.operators", Permission.OperatorsWrite),
            ("/api-keys", "page.api-keys", Permission.OperatorsWrite),
        ]),
    ];

    /// <summary>The whole page.</summary>
    /// <param name="call">The request.</param>
    /// <param name="title">Of the window.</param>
    /// <param name="content">What stands inside.</param>
    /// <param name="head">More for the head, such as a script of this page only.</param>
    public static Html Around(PageCall call, string title, Html content, Html head)
    {
        var (words, known) = (call.Words, call.Caller.IsOperator);
        var rooms = known ? Rooms(call) : Html.None;
        var person = known
            ? Html.Of($"<form method=\"post\" action=\"/sign-out\" class=\"person\">{call.Csrf}<span>{call.Caller.Name}</span><button class=\"quiet\">{words["page.sign-out"]}</button></form>")
            : Html.None;
        return Html.Of($"""
            <!doctype html>
            <html lang="{words.Language}">
            <head>
            <meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark">
            <title>{title} - OpenSts</title>
            <link rel="icon" href="/assets/mark.svg"><link rel="stylesheet" href="/assets/style.css"><script src="/assets/keys.js" defer></script>{head}
            </head>
            <body{Html.When(known, $" class=\"known\"")}>
            <a class="skip" href="#content">{words["common.skip"]}</a>
            <header><a class="mark" href="/" aria-label="OpenSts"><img src="/assets/mark.svg" alt="" width="28" height="28"><span>OpenSts</span></a>
            {Html.When(known, $"<details class=\"menu\"><summary>{words["nav.menu"]}</summary><nav aria-label=\"{words["nav.menu"]}\">{rooms}</nav></details>")}{person}</header>
            {Html.When(known, $"<nav class=\"side\" aria-label=\"OpenSts\">{rooms}</nav>")}
            <main id="content" tabindex="-1">
            {content}
            </main>
            </body>
            </html>
            """);
    }

    /// <summary>What went wrong, said to a person: the kind in the person's language where it has a word, then the sentence.</summary>
    public static Html Fault(Words words, Refusal? refusal) => refusal is null
        ? Html.None
        : Html.Of($"<p class=\"fault\" role=\"alert\">{Sentence(words, refusal)}</p>");

    /// <summary>The same beside a field, which names it by its id.</summary>
    public static Html FieldFault(Words words, Refusal? refusal) => refusal is null
        ? Html.None
        : Html.Of($"<p class=\"field-fault\" id=\"fault\" role=\"alert\">{Sentence(words, refusal)}</p>");

    /// <summary>A heading with a way to somewhere on its right.</summary>
    public static Html Head(string title, Html side) => Html.Of($"<div class=\"head\"><h1>{title}</h1>{side}</div>");

    /// <summary>A way to a page, for a caller who may go there.</summary>
    public static Html Way(PageCall call, Permission needs, string path, string word) => Html.When(call.Caller.May(needs), $"<a class=\"button quiet\" href=\"{path}\">{call.Words[word]}</a>");

    private static Html Sentence(Words words, Refusal refusal)
    {
        var key = "problem." + refusal.Code;
        var detail = words.Told(refusal.Detail);
        return words[key] is var kind && kind != key ? Html.Of($"<strong>{kind}</strong> {Html.When(refusal.Code is not ("version-needed" or "version-mismatch"), $"{detail}")}") : Html.Of($"{detail}");
    }

    private static Html Rooms(PageCall call)
    {
        var here = call.Context.Request.Path.Value ?? "";
        return Html.Join(Groups.Select(group => (group.Word, Rooms: group.Rooms.Where(room => call.Caller.May(room.Needs)).ToList())).Where(group => group.Rooms.Count > 0).Select(group => Html.Of($"""
            <p>{call.Words[group.Word]}</p><ul>{Html.Join(group.Rooms.Select(room => Html.Of($"<li><a href=\"{room.Path}\"{Html.When(IsIn(here, room.Path), $" aria-current=\"page\"")}>{call.Words[room.Word]}</a></li>")))}</ul>
            """)));
    }

    // The page of a sale belongs to selling.
    private static bool IsIn(string here, string room) => here == room || here.StartsWith(room + "/", StringComparison.Ordinal) || (room == "/sale" && here.StartsWith("/sales/", StringComparison.Ordinal));
}
