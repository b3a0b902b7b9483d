using System.Globalization;
using System.Text;
using OpenSts.Vending.Access;
using OpenSts.Vending.Api;
using OpenSts.Vending.Storage;

namespace OpenSts.Vending.Operations;

/// <summary>One local day of sales.</summary>
/// <param name="Day">The day.</param>
/// <param name="Sales">How many.</param>
/// <param name="Minor">Money, in minor units.</param>
/// <param name="MilliUnits">Thousandths of units.</param>
public sealed record SalesDay(DateOnly Day, long Sales, long Minor, long MilliUnits);

/// <summary>Sales by local day.</summary>
public static class SalesReport
{
    /// <summary>The longest span, in days.</summary>
    public const int MostDays = 400;

    /// <summary>The days from one to another, those without sales too; of one vendor where given.</summary>
    public static IReadOnlyList<SalesDay> Run(IStore store, VendingSettings settings, DateOnly from, DateOnly through, string? vendor)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(settings);
        return store.Read(session =>
        {
            var days = new List<SalesDay>();
            for (var day = from; day <= through && days.Count < MostDays; day = day.AddDays(1))
            {
                days.Add(session.First(
                    "SELECT COUNT(*), COALESCE(SUM(minor), 0), COALESCE(SUM(milli_units), 0) FROM issues WHERE created >= $1 AND created < $2 AND kind = 'Sale' AND sandbox = 0 AND state = 'Issued' AND (vendor = $3 OR $3 IS NULL)",
                    row => new SalesDay(day, row.Number(0), row.Number(1), row.Number(2)), settings.DayStart(day), settings.DayStart(day.AddDays(1)), vendor)!);
            }

            return days;
        });
    }

    /// <summary>The report as CSV, with a head line.</summary>
    public static string Csv(IReadOnlyList<SalesDay> days, VendingSettings settings)
    {
        ArgumentNullException.ThrowIfNull(days);
        ArgumentNullException.ThrowIfNull(settings);
        var csv = new StringBuilder("day,sales,money,units\r\n");
        foreach (var day in days)
            _ = csv.Append(CultureInfo.InvariantCulture, $"{day.Day:yyyy-MM-dd},{day.Sales},{settings.Currency.Format(day.Minor)},{day.MilliUnits / 1000m}\r\n");
        return csv.ToString();
    }
}

/// <summary>The sales report over the API.</summary>
internal sealed class ReportRoutes(IStore store, VendingSettings settings, TimeProvider time)
{
    public IEnumerable<ApiRoute> Rows =>
    [
        ApiRoute.Of("GET", "/v1/reports/sales", Permission.ReportsRead, "Sales by local day, as JSON or CSV", Sales) with
        {
            Query = [("from", "yyyy-MM-dd"), ("through", "yyyy-MM-dd"), ("format", "json or csv")],
        },
    ];

    private sealed record DayView(DateOnly Day, long Sales, string Money, decimal Units);

    private ApiAnswer Sales(ApiCall call)
    {
        var today = settings.Day(time.GetUtcNow());
        if (!TryDay(call.Query("from"), today.AddDays(-29), out var from))
            return ApiCall.Invalid("from", call.Query("from")!, "a date as yyyy-MM-dd");
        if (!TryDay(call.Query("through"), today, out var through))
            return ApiCall.Invalid("through", call.Query("through")!, "a date as yyyy-MM-dd");
        if (through < from || through.DayNumber - from.DayNumber >= SalesReport.MostDays)
            return ApiCall.Invalid("through", through.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), $"from up to {SalesReport.MostDays - 1} days later");
        var days = SalesReport.Run(store, settings, from, through, call.Caller.Vendor);
        return call.Query("format") == "csv"
            ? new ApiAnswer { Status = 200, ContentType = "text/csv; charset=utf-8", Octets = Encoding.UTF8.GetBytes(SalesReport.Csv(days, settings)) }
            : ApiAnswer.Ok(new ListPage<DayView>([.. days.Select(day => new DayView(day.Day, day.Sales, settings.Currency.Format(day.Minor), day.MilliUnits / 1000m))], null));
    }

    /// <summary>Reads a day; the usual one where nothing is given.</summary>
    public static bool TryDay(string? text, DateOnly usual, out DateOnly day)
    {
        day = usual;
        return text is null || (DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out day) && day.Year is >= 1993 and <= 2100);
    }
}
