using System.Globalization;
using OpenSts.Vending.Access;
using OpenSts.Vending.Api;
using OpenSts.Vending.Customers;
using OpenSts.Vending.Meters;
using OpenSts.Vending.Readings;
using OpenSts.Vending.Receipts;
using OpenSts.Vending.Storage;

namespace OpenSts.Vending.Pages;

/// <summary>The wall of meters: what each that is heard of does now. A small script fetches it anew; without one the page reloads itself.</summary>
internal sealed class WallPages(IStore store, MeterReadings readings, TimeProvider time)
{
    private const int Width = 240, Height = 44;
    private static readonly TimeSpan Silent = TimeSpan.FromSeconds(15), Fresh = TimeSpan.FromSeconds(20);

    public IEnumerable<PageRoute> Rows =>
    [
        PageRoute.Of("GET", "/wall", Permission.MetersRead, Show),
        PageRoute.Of("GET", "/wall/now", Permission.MetersRead, call => new PageAnswer { Body = Meters(call) }),
    ];

    private PageAnswer Show(PageCall call) => PageAnswer.Page(call, call.Words["page.wall"], Html.Of($"""
        <div class="head"><h1>{call.Words["page.wall"]}</h1><button class="quiet" id="hold" aria-pressed="false" hidden>{call.Words["wall.hold"]}</button></div>
        <div id="wall" data-from="/wall/now">{Meters(call)}</div>
        """), head: new Html("<script src=\"/assets/wall.js\" defer></script><noscript><meta http-equiv=\"refresh\" content=\"5\"></noscript>"));

    private Html Meters(PageCall call)
    {
        var (words, heard, now) = (call.Words, readings.List(), time.GetUtcNow());
        if (heard.Count == 0)
            return Html.Of($"<p class=\"empty\">{words["wall.empty"]}</p>");
        var cards = store.Read(session => heard.Select(reading => PaymentMeter.Find(session, reading.Meter) is { Value: var meter }
            ? Card(reading, meter, meter.Customer is { } id ? Customer.Find(session, id)?.Value.Name : null, now, words)
            : Html.None).ToList());
        return Html.Of($"<ul class=\"wall\">{Html.Join(cards)}</ul>");
    }

    private static Html Card(MeterReading reading, PaymentMeter meter, string? customer, DateTimeOffset now, Words words)
    {
        var unit = words["unit." + FieldSpec.Kebab(meter.Service.ToString())];
        var silent = now - reading.At > Silent;
        var (style, state) = silent ? ("silent", words["wall.silent"]) : reading.OpenBecause is { } why ? ("open", $"{words["wall.open"]}{words["sign.colon"]}{words.Choice("block-" + why)}") : ("closed", words["wall.closed"]);
        return Html.Of($"""
            <li class="meter {style}"><div class="meter-head"><a class="number" href="/meters/{reading.Meter}">{meter.Pan.DecoderReferenceNumber.ToGroupedString()}</a><span class="relay">{state}</span></div>
            <p class="credit"><strong>{Units(reading.Credit, words)}</strong> {unit}</p>{Line(reading)}
            <p class="meter-facts"><span>{words.Number(reading.Load)} {words[meter.Service == CreditService.Electricity ? "wall.watts" : "wall.litres"]}</span><span>{words["wall.used"]} {Units(reading.Used, words)} {unit}</span><span>KRN {reading.KeyRevisionNumber}</span></p>
            {Last(reading, unit, now, words)}
            <p class="hint">{customer}</p></li>
            """);
    }

    private static Html Last(MeterReading reading, string unit, DateTimeOffset now, Words words)
    {
        if (reading.LockedSeconds > 0)
            return Html.Of($"<p class=\"verdict bad\">{words.Format("wall.locked", reading.LockedSeconds)}</p>");
        if (reading.LastResult is not { } result)
            return Html.Of($"<p class=\"verdict\">{words["wall.no-token"]}</p>");
        var good = result.StartsWith("Accept", StringComparison.Ordinal);
        var fresh = reading.LastAt is { } at && now - at < Fresh;
        return Html.Of($"<p class=\"verdict {(good ? "good" : "bad")}{(fresh ? " fresh" : "")}\">{(good && reading.LastAmount is { } amount ? Html.Of($"+{Units(amount, words)} {unit}") : Verdict(result, words))}{Html.When(reading.LastAt is not null, $" <span class=\"hint\">{Ago(now - reading.LastAt!.Value, words)}</span>")}</p>");
    }

    private static string Ago(TimeSpan time, Words words) => time.TotalSeconds < 60 ? words.Format("wall.seconds-ago", (int)time.TotalSeconds)
        : time.TotalMinutes < 60 ? words.Format("wall.minutes-ago", (int)time.TotalMinutes)
        : words.Format("wall.hours-ago", (int)time.TotalHours);

    // How credit went: a line without axes, which the number above says in figures.
    private static Html Line(MeterReading reading)
    {
        var credits = reading.Credits;
        var (least, most) = (credits.Min(), credits.Max());
        var span = most - least;
        decimal Y(decimal credit) => span == 0 ? Height / 2m : 4 + ((Height - 8) * (most - credit) / span);
        var step = Width / (decimal)(MeterReading.CreditsKept - 1);
        var points = string.Join(' ', credits.Select((credit, at) => string.Create(CultureInfo.InvariantCulture, $"{Width - ((credits.Length - 1 - at) * step):0.#},{Y(credit):0.#}")));
        return Html.Of($"<svg class=\"line\" viewBox=\"0 0 {Width} {Height}\" preserveAspectRatio=\"none\" aria-hidden=\"true\"><polyline points=\"{points}\"/></svg>");
    }

    private static string Units(decimal units, Words words) => words.Number(units, "#,0.0");

    // What a customer understands, with the standard's word behind it.
    private static Html Verdict(string result, Words words) => words["verdict." + result] is var said && said != "verdict." + result ? Html.Of($"<span title=\"{result}\">{said}</span>") : Html.Of($"{result}");
}
