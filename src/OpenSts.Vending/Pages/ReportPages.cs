using System.Globalization;
using System.Text;
using OpenSts.Vending.Access;
using OpenSts.Vending.Operations;
using OpenSts.Vending.Storage;

namespace OpenSts.Vending.Pages;

/// <summary>The sales report: a chart, a table, a file.</summary>
internal sealed class ReportPages(IStore store, VendingSettings settings, TimeProvider time)
{
    public IEnumerable<PageRoute> Rows =>
    [
        PageRoute.Of("GET", "/report", Permission.ReportsRead, Show),
        PageRoute.Of("GET", "/report.csv", Permission.ReportsRead, call => new PageAnswer
        {
            Octets = Encoding.UTF8.GetBytes(SalesReport.Csv(Days(call, out _, out _), settings)),
            ContentType = "text/csv; charset=utf-8",
        }),
    ];

    // A span that cannot be shown becomes the usual one.
    private IReadOnlyList<SalesDay> Days(PageCall call, out DateOnly from, out DateOnly through)
    {
        var today = settings.Day(time.GetUtcNow());
        string? Given(string name) => call.Field(name) is { Length: > 0 } text ? text : null;
        if (!ReportRoutes.TryDay(Given("from"), today.AddDays(-29), out from) || !ReportRoutes.TryDay(Given("through"), today, out through)
            || through < from || through.DayNumber - from.DayNumber >= SalesReport.MostDays)
            (from, through) = (today.AddDays(-29), today);
        return SalesReport.Run(store, settings, from, through, call.Caller.Vendor);
    }

    private PageAnswer Show(PageCall call)
    {
        var words = call.Words;
        var days = Days(call, out var from, out var through);
        var span = $"from={from:yyyy-MM-dd}&through={through:yyyy-MM-dd}";
        var rows = Html.Join(days.Where(day => day.Sales > 0).Reverse().Select(day =>
            Html.Of($"<tr><td>{day.Day:yyyy-MM-dd}</td><td class=\"right\">{day.Sales}</td><td class=\"right\">{settings.Currency.Format(day.Minor)}</td><td class=\"right\">{Units(day.MilliUnits)}</td></tr>")));
        return PageAnswer.Page(call, words["page.report"], Html.Of($"""
            <h1>{words["page.report"]}</h1>
            <form method="get" action="/report" class="row"><label>{words["report.from"]}<input type="date" name="from" value="{from:yyyy-MM-dd}"></label><label>{words["report.to"]}<input type="date" name="through" value="{through:yyyy-MM-dd}"></label>
            <button>{words["report.show"]}</button><a class="button quiet" href="/report.csv?{span}">CSV</a></form>
            <ul class="tiles"><li class="tile"><span>{words["report.sales"]}</span><strong>{days.Sum(day => day.Sales)}</strong></li>
            <li class="tile"><span>{words["report.money"]} ({settings.Currency.Code})</span><strong>{settings.Currency.Format(days.Sum(day => day.Minor))}</strong></li>
            <li class="tile"><span>{words["report.units"]}</span><strong>{Units(days.Sum(day => day.MilliUnits))}</strong></li></ul>
            {Chart(days, words["report.money"])}
            <div class="scroll" tabindex="0"><table><thead><tr><th>{words["report.day"]}</th><th class="right">{words["report.sales"]}</th><th class="right">{words["report.money"]}</th><th class="right">{words["report.units"]}</th></tr></thead><tbody>{rows}</tbody></table></div>
            """));
    }

    // One bar for each day; the table below says the same in numbers.
    private Html Chart(IReadOnlyList<SalesDay> days, string title)
    {
        var most = Math.Max(1, days.Max(day => day.Minor));
        var width = 720m / days.Count;
        var bars = Html.Join(days.Select((day, at) =>
        {
            var height = 150m * day.Minor / most;
            return Html.Of($"<rect x=\"{Place(at * width)}\" y=\"{Place(160 - height)}\" width=\"{Place(Math.Max(1, width - 2))}\" height=\"{Place(height)}\" rx=\"2\"><title>{day.Day:yyyy-MM-dd}: {settings.Currency.Format(day.Minor)}</title></rect>");
        }));
        return Html.Of($"<svg class=\"chart\" viewBox=\"0 -18 720 200\" role=\"img\" aria-label=\"{title}\"><line x1=\"0\" y1=\"160.5\" x2=\"720\" y2=\"160.5\"/>{bars}<text x=\"0\" y=\"178\">{days[0].Day:yyyy-MM-dd}</text><text x=\"720\" y=\"178\" text-anchor=\"end\">{days[^1].Day:yyyy-MM-dd}</text><text x=\"720\" y=\"-4\" text-anchor=\"end\">{settings.Currency.Format(most)}</text></svg>");
    }

    private static string Place(decimal value) => value.ToString("0.##", CultureInfo.InvariantCulture);

    private static string Units(long milli) => (milli / 1000m).ToString("0.#", CultureInfo.InvariantCulture);
}
