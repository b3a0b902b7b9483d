using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using OpenSts.Meter;
using OpenSts.Metering;

namespace OpenSts.Cli.Meters.Wall;

/// <summary>Tells a vending server what meters read, for its page of the wall. No digits of a token go with it.</summary>
internal sealed class WallReadings : IDisposable
{
    private const int MostAtOnce = 200;
    private readonly HttpClient _http;

    public WallReadings(Uri server, string apiKey)
    {
        _http = new HttpClient { BaseAddress = server, Timeout = TimeSpan.FromSeconds(5) };
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", apiKey);
    }

    /// <summary>Why the last readings were not taken; null where they were.</summary>
    public string? Trouble { get; private set; }

    /// <summary>Sends the readings of all meters; a server that is not there is told the next time.</summary>
    public async Task SendAsync(IEnumerable<PaymentMeter> meters, CancellationToken stop)
    {
        try
        {
            Trouble = null;
            foreach (var part in meters.Select(Reading).Chunk(MostAtOnce))
            {
                using var answer = await _http.PostAsJsonAsync("/v1/meter-readings", new JsonObject { ["readings"] = new JsonArray(part) }, stop);
                if (!answer.IsSuccessStatusCode)
                    Trouble = $"the server takes no readings: {(int)answer.StatusCode}";
            }
        }
        catch (Exception error) when (error is HttpRequestException || (error is TaskCanceledException && !stop.IsCancellationRequested))
        {
            Trouble = "the server takes no readings: no answer";
        }
    }

    public void Dispose() => _http.Dispose();

    private static JsonNode Reading(PaymentMeter meter)
    {
        var record = meter.Record;
        var block = Supply.Block(record);
        var reading = new JsonObject
        {
            ["meter"] = record.Settings.MeterPan.ToString(),
            ["credit"] = ExactDecimal.Format(record.State.CreditUnits, 1),
            ["used"] = ExactDecimal.Format(record.CumulativeMicro, 6),
            ["load"] = block == SupplyBlock.None ? record.Load : 0,
            ["keyRevisionNumber"] = record.State.KeyRevisionNumber.Value,
            ["lockedSeconds"] = (long)Math.Ceiling(meter.LockedFor.TotalSeconds),
        };
        if (block != SupplyBlock.None)
            reading["openBecause"] = System.Text.Json.JsonNamingPolicy.KebabCaseLower.ConvertName(block.ToString());
        if (record.LastToken is { } last)
        {
            reading["lastResult"] = last.Result.StandardName();
            reading["lastSecondsAgo"] = (long)Math.Max(0, (meter.Now - last.At).TotalSeconds);
            if (last is { Result: TokenResult.Accept, Class: 0, Amount: { } amount })
                reading["lastAmount"] = TransferAmount.FromField((ushort)amount).ToTenthsString();
        }

        return reading;
    }
}
