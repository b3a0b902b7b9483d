using OpenSts.Vending.Access;
using OpenSts.Vending.Api;
using OpenSts.Vending.Meters;
using OpenSts.Vending.Storage;

namespace OpenSts.Vending.Readings;

/// <summary>What meters say about themselves over the API.</summary>
internal sealed class ReadingRoutes(IStore store, MeterReadings readings, TimeProvider time)
{
    /// <summary>The most readings of one request.</summary>
    public const int MostAtOnce = 200;

    public IEnumerable<ApiRoute> Rows =>
    [
        ApiRoute.Of("POST", "/v1/meter-readings", Permission.ReadingsWrite, "What meters read now; the wall shows it, nothing is booked by it", Take) with
        {
            Body =
            [
                FieldSpec.List("readings", 1, MostAtOnce,
                    FieldSpec.Meter(),
                    FieldSpec.Decimal("credit", 0, 100_000_000).Saying("kWh, m3 or minutes that are left."),
                    FieldSpec.Decimal("used", 0, 100_000_000_000).Optional.Saying("What went through since manufacture."),
                    FieldSpec.Whole("load", 0, 100_000_000).Optional.Saying("W, or litres an hour."),
                    FieldSpec.Text("openBecause", 40).Optional.Saying("Why the load switch is open; left out where it is closed."),
                    FieldSpec.Whole("keyRevisionNumber", 1, 9).Optional,
                    FieldSpec.Text("lastResult", 40).Optional.Saying("The answer to the last token, in the standard's name."),
                    FieldSpec.Decimal("lastAmount", 0, 100_000_000).Optional,
                    FieldSpec.Whole("lastSecondsAgo", 0, 1_000_000_000).Optional,
                    FieldSpec.Whole("lockedSeconds", 0, 1_000_000_000).Optional),
            ],
        },
        ApiRoute.Of("GET", "/v1/meter-readings/{pan}", Permission.MetersRead, "The last reading of a meter; 404 where none was taken since the start", Get),
    ];

    private sealed record Taken(int Readings);

    private ApiAnswer Take(ApiCall call)
    {
        var now = time.GetUtcNow();
        var taken = call.Body.List("readings").Select(body => new MeterReading
        {
            Meter = body.Meter("meter"),
            At = now,
            Credit = body.Decimal("credit"),
            Used = body.DecimalOrNull("used") ?? 0,
            Load = body.Whole("load", 0),
            OpenBecause = body.TextOrNull("openBecause"),
            KeyRevisionNumber = (int)body.Whole("keyRevisionNumber", 0),
            LastResult = body.TextOrNull("lastResult"),
            LastAmount = body.DecimalOrNull("lastAmount"),
            LastAt = body.Has("lastSecondsAgo") ? now.AddSeconds(-body.Whole("lastSecondsAgo")) : null,
            LockedSeconds = body.Whole("lockedSeconds", 0),
        }).ToList();
        if (store.Read(session => taken.FirstOrDefault(reading => PaymentMeter.Find(session, reading.Meter) is null)) is { } stranger)
            return ApiAnswer.Problem("meter-unknown", $"The meter {stranger.Meter} is not registered; no reading was taken.", "meter");
        return taken.All(readings.TryTake)
            ? ApiAnswer.Ok(new Taken(taken.Count))
            : ApiAnswer.Problem("field-invalid", $"Readings of more than {MeterReadings.Most} meters are not remembered.", "readings");
    }

    private ApiAnswer Get(ApiCall call)
    {
        if (call.Meter(out var problem) is not { } pan)
            return problem;
        return readings.Find(pan) is { } reading ? ApiAnswer.Ok(reading) : ApiAnswer.Problem("not-found", $"No reading of the meter {pan} was taken since the start.");
    }
}
