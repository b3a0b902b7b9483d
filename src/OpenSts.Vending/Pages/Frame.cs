using OpenSts.Vending.Access;

namespace OpenSts.Vending.Pages;

/// <summary>What stands around every page.</summary>
internal static class Frame
{
    private static readonly (string Path, string Word, Permission Needs)[] Rooms =
    [
        ("/sale", "page.sale", Permission.VendsWrite),
        ("/meters", "page.meter", Permission.MetersRead),
        ("/explain", "page.explain", Permission.MetersRead),
        ("/tariffs", "page.tariffs", Permission.TariffsRead),
        ("/report", "page.report", Permission.ReportsRead),
        ("/board", "page.board", Permission.ReportsRead),
    ];

    public static Html Around(PageCall call, string title, Html content)
    {
        var (words, here) = (call.Words, call.Context.Request.Path.Value ?? "");
        var rooms = Html.Join(Rooms.Where(room => call.Caller.IsOperator && call.Caller.May(room.Needs))
            .Select(room => Html.Of($"<a href=\"{room.Path}\"{(here.StartsWith(room.Path, StringComparison.Ordinal) ? new Html(" aria-current=\"page\"") : Html.None)}>{words[room.Word]}</a>")));
        var person = call.Caller.IsOperator
            ? Html.Of($"<form method=\"post\" action=\"/sign-out\" class=\"person\">{call.Csrf}<span>{call.Caller.Name}</span><button class=\"quiet\">{words["page.sign-out"]}</button></form>")
            : Html.None;
        return Html.Of($"""
            <!doctype html>
            <html lang="{words.Language}">
            <head>
            <meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark">
            <title>{title} - OpenSts</title>
            <link rel="icon" href="/assets/mark.svg"><link rel="stylesheet" href="/assets/style.css"><script src="/assets/keys.js" defer></script>
            </head>
            <body>
            <a class="skip" href="#content">{words["common.skip"]}</a>
            <header><a class="mark" href="/" aria-label="OpenSts"><img src="/assets/mark.svg" alt="" width="28" height="28"></a><nav aria-label="OpenSts">{rooms}</nav>{person}</header>
            <main id="content">
            {content}
            </main>
            </body>
            </html>
            """);
    }

    /// <summary>What went wrong, said to a person.</summary>
    public static Html Fault(Documents.Refusal? refusal) => refusal is null ? Html.None : Html.Of($"<p class=\"fault\" role=\"alert\">{refusal.Detail}</p>");
}
