using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using OpenSts.Meter;
using OpenSts.Meter.Simulation.Fleets;
using OpenSts.Metering;

namespace OpenSts.Cli.Meters.Fleets;

/// <summary>Sends meter readings to a vending server, which shows them on a page. No digits of a token are
/// sent.</summary>
internal sealed class VendingServerReadings : IMeterReadingReceiver, IDisposable
{
    private const int MostPerRequest = 200;
    private readonly HttpClient _http;

    public VendingServerReadings(Uri server, string apiKey)
    {
        _http = new HttpClient { BaseAddress = server, Timeout = TimeSpan.FromSeconds(5) };
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", apiKey);
    }

    /// <inheritdoc/>
    public string? Problem { get; private set; }

    /// <inheritdoc/>
    public async Task SendAsync(IEnumerable<PaymentMeter> meters, CancellationToken cancellation)
    {
        try
        {
            Problem = null;
            foreach (var part in meters.Select(Reading).Chunk(MostPerRequest))
            {
                var body = new JsonObject { ["readings"] = new JsonArray(part) }.ToJsonString();
                using var content = new StringContent(body, Encoding.UTF8, "application/json");
                using var answer = await _http.PostAsync("/v1/meter-readings", content, cancellation);
                if (!answer.IsSuccessStatusCode)
                    Problem = $"the server takes no readings: {(int)answer.StatusCode}";
            }
        }
        catch (Exception error) when (
            error is HttpRequestException || (error is TaskCanceledException && !cancellation.IsCancellationRequested))
        {
            Problem = "the server takes no readings: no answer";
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
            reading["openBecause"] = JsonNamingPolicy.KebabCaseLower.ConvertName(block.ToString());
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
