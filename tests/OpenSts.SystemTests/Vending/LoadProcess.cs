using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;

namespace OpenSts.SystemTests.Vending;

/// <summary>Sells from a process of its own: address, API key, seconds, clients and, where wanted, sales a second (0: as fast as answers come) and meters. For figures, not for tests.</summary>
/// <remarks>Each client is one connection that sends its next sale when it has the answer to the last: bare sockets, so that the load takes little of the processors it shares with the server.</remarks>
internal static class LoadProcess
{
    public static async Task<int> RunAsync(string[] arguments)
    {
        var numbers = arguments[2..].Select(text => int.Parse(text, CultureInfo.InvariantCulture)).ToArray();
        var (address, key, seconds, clients) = (new Uri(arguments[0]), arguments[1], numbers[0], numbers[1]);
        var (rate, meters) = (numbers.ElementAtOrDefault(2), numbers.ElementAtOrDefault(3) is > 0 and var count ? count : 2000);
        var pans = Enumerable.Range(0, meters).Select(i => MeterPan.Create(DecoderReferenceNumber.Create(ManufacturerCode.Parse("01"), i)).ToString()).ToArray();
        await PrepareAsync(address, key, pans, clients);

        var run = Guid.NewGuid().ToString("N")[..8];
        var (next, failed) = (0, 0);
        var took = new List<double>[clients];
        Console.WriteLine("selling");
        var clock = Stopwatch.StartNew();
        await Task.WhenAll(Enumerable.Range(0, clients).Select(at => Task.Run(async () =>
        {
            var mine = took[at] = [];
            using var seller = new Seller(address, key);
            while (clock.Elapsed.TotalSeconds < seconds)
            {
                var number = Interlocked.Increment(ref next);
                if (rate > 0 && (number / (double)rate) - clock.Elapsed.TotalSeconds is > 0 and var early)
                    await Task.Delay(TimeSpan.FromSeconds(early));
                var began = Stopwatch.GetTimestamp();
                var status = await seller.SellAsync($"{run}-{number}", pans[number % meters]);
                mine.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
                if (status != 201)
                    _ = Interlocked.Increment(ref failed);
            }
        })));
        var all = took.SelectMany(mine => mine).Order().ToArray();
        Console.WriteLine($"{all.Length / clock.Elapsed.TotalSeconds:F0} sales/s, p50 {all[all.Length / 2]:F1} ms, p99 {all[all.Length * 99 / 100]:F1} ms, greatest {all[^1]:F1} ms, {failed} failed");
        return 0;
    }

    private static async Task PrepareAsync(Uri address, string key, string[] pans, int clients)
    {
        using var client = new HttpClient { BaseAddress = address };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        _ = await client.SendAsync("POST", "/v1/vendors/corner-shop/deposits", $$"""{"amount":"90000000","reference":"{{Guid.NewGuid()}}"}""");
        if ((await client.SendAsync("GET", "/v1/meters/" + pans[^1])).Status == 200)
            return;
        await Parallel.ForEachAsync(pans, new ParallelOptions { MaxDegreeOfParallelism = clients }, async (pan, _) =>
            await client.SendAsync("PUT", "/v1/meters/" + pan, """{"supplyGroup":"201457","keyRevisionNumber":1,"tariffIndex":"01","tariff":"household"}"""));
    }

    private sealed class Seller : IDisposable
    {
        private readonly Socket _socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        private readonly byte[] _buffer = new byte[16 * 1024];
        private readonly string _head;

        public Seller(Uri address, string key)
        {
            _socket.Connect(address.Host, address.Port);
            _head = $"Host: {address.Authority}\r\nAuthorization: Bearer {key}\r\nContent-Type: application/json\r\nContent-Length: ";
        }

        /// <summary>Sells for 20 and reads the whole answer; its status.</summary>
        public async Task<int> SellAsync(string id, string pan)
        {
            var body = $$"""{"meter":"{{pan}}","tender":"20","vendor":"corner-shop"}""";
            _ = await _socket.SendAsync(Encoding.ASCII.GetBytes($"PUT /v1/vends/{id} HTTP/1.1\r\n{_head}{body.Length}\r\n\r\n{body}"));
            var length = 0;
            while (true)
            {
                var read = await _socket.ReceiveAsync(_buffer.AsMemory(length));
                length += read;
                var end = _buffer.AsSpan(0, length).IndexOf("\r\n\r\n"u8);
                if (read == 0)
                    return 0;
                if (end < 0 || length < end + 4 + ContentLength(_buffer.AsSpan(0, end)))
                    continue;
                return int.Parse(_buffer.AsSpan(9, 3), CultureInfo.InvariantCulture);
            }
        }

        public void Dispose() => _socket.Dispose();

        private static int ContentLength(ReadOnlySpan<byte> head)
        {
            var name = "Content-Length: "u8;
            var at = head.IndexOf(name);
            var value = head[(at + name.Length)..];
            var end = value.IndexOf((byte)'\r');
            return int.Parse(end < 0 ? value : value[..end], CultureInfo.InvariantCulture);
        }
    }
}
