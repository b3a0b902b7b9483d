using OpenSts.Vending.Access;
using OpenSts.Vending.Api;
using OpenSts.Vending.Documents;
using OpenSts.Vending.Operations;
using OpenSts.Vending.Storage;

namespace OpenSts.Vending.Pages;

/// <summary>What was issued in a day and not sold: engineering, free, replacement and key change tokens, with who asked and who approved.</summary>
internal sealed class DigestPages(IStore store, VendingSettings settings, TimeProvider time)
{
    public IEnumerable<PageRoute> Rows => [PageRoute.Of("GET", "/digest", Permission.AuditRead, Show)];

    private PageAnswer Show(PageCall call)
    {
        var words = call.Words;
        var today = settings.Day(time.GetUtcNow());
        Refusal? refusal = null;
        if (!ReportRoutes.TryDay(call.Field("day") is { Length: > 0 } typed ? typed : null, today, out var day))
        {
            refusal = new Refusal("field-invalid", words.Format("fault.held", $"'{call.Field("day")}'", words["permitted.date"]), "day");
            day = today;
        }

        var report = DailyDigest.Run(store, settings, day);
        return PageAnswer.Page(call, words["page.digest"], Html.Of($"""
            <h1>{words["page.digest"]}</h1><p class="hint">{words["digest.hint"]}</p>
            <form method="get" action="/digest" class="row"><div class="field"><label for="day">{words["report.day"]}</label><input type="date" id="day" name="day" value="{day:yyyy-MM-dd}"{Html.When(refusal is not null, $" aria-invalid=\"true\" aria-describedby=\"fault\"")}></div><button>{words["report.show"]}</button></form>{Frame.FieldFault(words, refusal)}
            {Tables.Of(words, [words["common.time"], words["common.kind"], "*" + words["receipt.meter"], "*" + words["receipt.operator"], words["receipt.approved"]],
                [.. report.Entries.Concat(report.Waiting).Select(entry => (Html[])
                [
                    Tables.When(entry.At, settings),
                    Html.Of($"<a href=\"/sales/{entry.Issue}\">{words["kind." + FieldSpec.Kebab(entry.Kind.ToString())]}</a> <span class=\"hint\">{words.Told(entry.What)}</span><br><span class=\"hint\">{entry.Reason}{Html.When(!string.IsNullOrEmpty(entry.WorkOrder), $" ({entry.WorkOrder})")}</span>"),
                    Html.When(MeterPan.TryParse(entry.Meter, out var pan, out _), $"<a class=\"number\" href=\"/meters/{entry.Meter}\">{pan.DecoderReferenceNumber.ToGroupedString()}</a>"),
                    Html.Of($"{Tables.Person(entry.AskedBy)}"),
                    entry.ApprovedBy is { } second ? Html.Of($"{Tables.Person(second)}") : Html.When(entry.Event == "awaiting-approval", $"<span class=\"badge awaiting-approval\">{words["state.awaiting-approval"]}</span>"),
                ])])}
            """), refusal);
    }
}
