using System.Globalization;
using System.Text;
using OpenSts.Vending.Access;
using OpenSts.Vending.Operations;
using OpenSts.Vending.Receipts;
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
        var sold = days.Where(day => day.Sales > 0).Reverse().ToList();
        return PageAnswer.Page(call, words["page.report"], Html.Of($"""
            <h1>{words["page.report"]}</h1>
            <form method="get" action="/report" class="row"><div class="field"><label for="from">{words["report.from"]}</label><input type="date" id="from" name="from" value="{from:yyyy-MM-dd}"></div>
            <div class="field"><label for="through">{words["report.to"]}</label><input type="date" id="through" name="through" value="{through:yyyy-MM-dd}"></div><button>{words["report.show"]}</button></form>
            <ul class="tiles"><li class="tile"><span>{words["report.sales"]}</span><strong>{words.Number(days.Sum(day => day.Sales))}</strong></li>
            <li class="tile"><span>{words["report.units"]}</span><strong>{Units(days.Sum(day => day.MilliUnits), words)}</strong></li>
            <li class="tile money"><span>{words["report.money"]} ({settings.Currency.Code})</span><strong>{words.Money(settings.Currency, days.Sum(day => day.Minor))}</strong></li></ul>
            {(sold.Count == 0 ? Html.Of($"<p class=\"empty\">{words["report.none"]}</p>") : Html.Of($"""
                {Chart(days, words)}
                {Tables.Of(words, [words["report.day"], ">" + words["report.sales"], ">" + $"{words["report.money"]} ({settings.Currency.Code})", ">" + words["report.units"]],
                    [.. sold.Select(day => (Html[])[Html.Of($"<span class=\"day\">{day.Day:yyyy-MM-dd}</span>"), Html.Of($"{words.Number(day.Sales)}"), Html.Of($"{words.Money(settings.Currency, day.Minor)}"), Html.Of($"{Units(day.MilliUnits, words)}")])])}
                <p><a class="button quiet" href="/report.csv?{span}" download="sales-{from:yyyy-MM-dd}-{through:yyyy-MM-dd}.csv">{words["report.csv"]}</a></p>
                """))}
            """));
    }

    // One bar for each day; the table below says the same in numbers. Words stand outside the drawing, so that they keep their size.
    private Html Chart(IReadOnlyList<SalesDay> days, Words words)
    {
        var best = days.MaxBy(day => day.Minor)!;
        var most = Math.Max(1, best.Minor);
        var width = 720m / days.Count;
        var bars = Html.Join(days.Select((day, at) =>
        {
            var height = 150m * day.Minor / most;
            return Html.Of($"<rect x=\"{Place(at * width)}\" y=\"{Place(160 - height)}\" width=\"{Place(Math.Max(1, width * 0.8m))}\" height=\"{Place(height)}\"><title>{day.Day:yyyy-MM-dd}: {words.Money(settings.Currency, day.Minor)}</title></rect>");
        }));
        var lines = Html.Join(((int[])[10, 85, 160]).Select(y => Html.Of($"<line x1=\"0\" y1=\"{y}\" x2=\"720\" y2=\"{y}\"/>")));
        var title = words.Format("report.chart", settings.Currency.Code, words.Money(settings.Currency, most), best.Day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
        string Height(long minor) => words.Number(decimal.Round(settings.Currency.ToDecimal(minor)));
        DateOnly[] marks = days.Count < 3 ? [days[0].Day, days[^1].Day] : [days[0].Day, days[days.Count / 2].Day, days[^1].Day];
        return Html.Of($"""
            <figure><figcaption>{title}</figcaption><div class="plot"><div class="heights" aria-hidden="true"><span>{Height(most)}</span><span>{Height(most / 2)}</span><span>0</span></div>
            <svg class="chart" viewBox="0 8 720 154" preserveAspectRatio="none" role="img" aria-label="{title}">{lines}{bars}</svg>
            <div class="days" aria-hidden="true">{Html.Join(marks.Select(day => Html.Of($"<span>{day:yyyy-MM-dd}</span>")))}</div></div></figure>
            """);
    }

    private static string Place(decimal value) => value.ToString("0.##", CultureInfo.InvariantCulture);

    private static string Units(long milli, Words words) => words.Number(milli / 1000m, "#,0.0");
}
