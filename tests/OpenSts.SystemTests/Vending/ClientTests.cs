using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using OpenSts.Vending.Client;
using OpenSts.Vending.Hosting;
using OpenSts.Vending.Operations;
using SandboxMeters = OpenSts.Vending.Issues.SandboxMeters;
using SandboxOutcome = OpenSts.Vending.Meters.SandboxOutcome;

namespace OpenSts.SystemTests.Vending;

/// <summary>The client library against the living server, its sandbox meters, a line that loses answers, and a server that is killed.</summary>
public sealed class ClientTests : IAsyncLifetime
{
    private static readonly VendingClientOptions Quick = new()
    {
        AnswerTimeout = TimeSpan.FromSeconds(3),
        Patience = TimeSpan.FromSeconds(15),
        Settle = TimeSpan.FromMilliseconds(300),
        FirstPause = TimeSpan.FromMilliseconds(20),
        LongestPause = TimeSpan.FromMilliseconds(100),
    };

    private LiveServer _server = null!;
    private VendingClient _client = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static string Pan => FirstStart.DemonstrationMeter.ToString();

    public async ValueTask InitializeAsync()
    {
        _server = await LiveServer.StartAsync();
        _client = new VendingClient(_server.Address, _server.Secrets.ApiKey, Quick);
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task Sell_ThenAgainWithTheSameId_IssuedWithTheSameToken()
    {
        var id = VendId.New();

        var trial = await _client.Vends.TryAsync(Sale("100"), Cancellation);
        var before = await _client.Vends.FindOutcomeAsync(id, Cancellation);
        var first = Assert.IsType<VendOutcome.Issued>(await _client.Vends.SellAsync(id, Sale("100"), Cancellation)).Vend;
        var again = Assert.IsType<VendOutcome.Issued>(await _client.Vends.SellAsync(id, Sale("100"), Cancellation)).Vend;
        var found = Assert.IsType<VendOutcome.Issued>(await _client.Vends.FindOutcomeAsync(id, Cancellation)).Vend;
        var other = Assert.IsType<VendOutcome.Refused>(await _client.Vends.SellAsync(id, Sale("101"), Cancellation));

        _ = Assert.IsType<VendOutcome.NeverSeen>(before);
        Assert.Equal(20, Assert.Single(first.Digits).Length);
        Assert.Equal(first.Digits, again.Digits);
        Assert.Equal(first.Digits, found.Digits);
        Assert.Equal(trial.Price!.TokenUnits, first.Price!.TokenUnits);
        Assert.Equal(100m, first.Price.Lines.Sum(line => line.Amount));
        Assert.True(other is { IdIsSpent: true, Problem.Code: "vend-exists-with-different-content" });
        Assert.Equal(1, _server.Module.Asked);
    }

    [Theory]
    [InlineData(SandboxOutcome.Ok, null)]
    [InlineData(SandboxOutcome.Blocked, "meter-blocked")]
    [InlineData(SandboxOutcome.Unknown, "meter-unknown")]
    [InlineData(SandboxOutcome.CheckDigitWrong, "field-invalid")]
    [InlineData(SandboxOutcome.NeedsKeyChange, "key-change-needed")]
    [InlineData(SandboxOutcome.VendorCreditExhausted, "vendor-credit-exhausted")]
    [InlineData(SandboxOutcome.TimesOutButIssued, null)]
    [InlineData(SandboxOutcome.TimesOutAndNotIssued, "module-refused")]
    public async Task Sell_SandboxMeter_HasItsOutcome(SandboxOutcome outcome, string? code)
    {
        var id = VendId.New();
        var sold = await _client.Vends.SellAsync(id, Sale("50") with { Meter = SandboxMeters.Pan(outcome).ToString() }, Cancellation);

        if (code is null)
        {
            Assert.True(Assert.IsType<VendOutcome.Issued>(sold).Vend.Sandbox);
            return;
        }

        var refused = Assert.IsType<VendOutcome.Refused>(sold);
        Assert.Equal(code, refused.Problem.Code);
        Assert.Equal(code == "module-refused", refused.IdIsSpent);
        Assert.Equal(refused.IdIsSpent ? typeof(VendOutcome.Refused) : typeof(VendOutcome.NeverSeen), (await _client.Vends.FindOutcomeAsync(id, Cancellation)).GetType());
    }

    [Fact]
    public async Task Sell_LineLosesAnswers_EverySaleHasOneTokenAndTheTillKnowsIt()
    {
        var random = new Random(7);
        using var line = new FaultyLine(_server.Address, () =>
        {
            lock (random)
                return random.Next(10) < 4 ? LineFate.Pass : (LineFate)random.Next(1, 6);
        });
        using var client = new VendingClient(line.Address, _server.Secrets.ApiKey, Quick with { AnswerTimeout = TimeSpan.FromMilliseconds(400) });

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 40).Select(async _ => await client.Vends.SellAsync(VendId.New(), Sale("10"), Cancellation)));

        var sold = outcomes.Select(outcome => Assert.IsType<VendOutcome.Issued>(outcome).Vend).ToList();
        Assert.Equal(40, sold.SelectMany(vend => vend.Digits).Distinct().Count());
        var stored = await _client.Vends.ListAsync(cancellation: Cancellation).ToListAsync(Cancellation);
        Assert.Equal(sold.Select(vend => vend.Id).Order(StringComparer.Ordinal), stored.Select(vend => vend.Id).Order(StringComparer.Ordinal));
        foreach (var vend in sold)
            Assert.Equal(vend.Digits, (await _client.Vends.FindAsync(VendId.Parse(vend.Id), Cancellation))!.Digits);
    }

    [Theory]
    [InlineData("the answers to a sale are swallowed", LineFate.SwallowAnswer)]
    [InlineData("a stranger answers 404", LineFate.StrangersPage)]
    public async Task Sell_NoAnswerComesThrough_UnknownWithinPatienceAndIssuedWhenAskedAnotherWay(string description, LineFate fate)
    {
        using var line = new FaultyLine(_server.Address, () => fate);
        using var client = new VendingClient(line.Address, _server.Secrets.ApiKey, Quick with { Patience = TimeSpan.FromMilliseconds(500) });
        var id = VendId.New();
        var began = Stopwatch.GetTimestamp();

        var outcome = await client.Vends.SellAsync(id, Sale("10"), Cancellation);

        Assert.True(outcome is VendOutcome.Unknown { Why.Length: > 0 }, description);
        Assert.True(Stopwatch.GetElapsedTime(began) < TimeSpan.FromSeconds(30), description);
        _ = Assert.IsType<VendOutcome.Issued>(await _client.Vends.FindOutcomeAsync(id, Cancellation));
    }

    [Fact]
    public async Task Sell_NothingListens_UnknownAndNothingWaitsToSettle()
    {
        using var client = new VendingClient(new Uri($"http://127.0.0.1:{VendingCommand.FreePort()}"), "osk_x_y", Quick with { Patience = TimeSpan.FromMilliseconds(200), Settle = TimeSpan.FromMinutes(10) });

        _ = Assert.IsType<VendOutcome.Unknown>(await client.Vends.SellAsync(VendId.New(), Sale("10"), Cancellation));
        var error = await Assert.ThrowsAsync<VendingServerException>(() => client.Meters.FindAsync(Pan, Cancellation));

        Assert.Null(error.Problem);
    }

    [Fact]
    public async Task Sell_ServerCannotSellNow_NeverSeenOnlyAfterTheSettlingTime()
    {
        // The clock differs from the module's: the server answers 503 and stores nothing.
        _server.Module.ClockError = TimeSpan.FromHours(3);
        using var client = new VendingClient(_server.Address, _server.Secrets.ApiKey, Quick with { Patience = TimeSpan.FromMilliseconds(300) });
        await _server.Services.GetRequiredService<ClockGuard>().CompareAsync();
        var id = VendId.New();
        var began = Stopwatch.GetTimestamp();

        var outcome = await client.Vends.SellAsync(id, Sale("10"), Cancellation);
        var took = Stopwatch.GetElapsedTime(began);
        _server.Module.ClockError = default;
        await _server.Services.GetRequiredService<ClockGuard>().CompareAsync();

        _ = Assert.IsType<VendOutcome.NeverSeen>(outcome);
        Assert.True(took >= TimeSpan.FromMilliseconds(550), $"{took}");
        _ = Assert.IsType<VendOutcome.Issued>(await client.Vends.SellAsync(id, Sale("10"), Cancellation));
    }

    [Fact]
    public async Task Sell_ModuleSilentLongerThanPatience_UnknownThenIssued()
    {
        _server.Module.Before = _ => Task.FromException(new OpenSts.Sts6.SecurityModuleException("gone"));
        using var client = new VendingClient(_server.Address, _server.Secrets.ApiKey, Quick with { Patience = TimeSpan.FromMilliseconds(300) });
        var id = VendId.New();

        var outcome = await client.Vends.SellAsync(id, Sale("10"), Cancellation);
        _server.Module.Before = null;
        var resolved = await client.Vends.SellAsync(id, Sale("10"), Cancellation);

        _ = Assert.IsType<VendOutcome.Unknown>(outcome);
        _ = Assert.IsType<VendOutcome.Issued>(resolved);
    }

    [Fact]
    public async Task Sell_WrongKeyOrBadSale_RefusedAtOnceAndTheIdIsFree()
    {
        using var stranger = new VendingClient(_server.Address, "osk_aaaa_bbbb", Quick);

        var nobody = Assert.IsType<VendOutcome.Refused>(await stranger.Vends.SellAsync(VendId.New(), Sale("10"), Cancellation));
        var bad = Assert.IsType<VendOutcome.Refused>(await _client.Vends.SellAsync(VendId.New(), Sale("10") with { Meter = "12345678901" }, Cancellation));

        Assert.Equal(("unauthenticated", false), (nobody.Problem.Code, nobody.IdIsSpent));
        Assert.Equal(("field-invalid", "meter"), (bad.Problem.Code, bad.Problem.Field));
        Assert.Equal("meter", Assert.Single(bad.Problem.Errors!).Field);
    }

    [Fact]
    public async Task Till_ServerKilledInTheMiddle_EverySaleIsFinishedOnceAndNoneIsForgotten()
    {
        var folder = Directory.CreateTempSubdirectory("opensts-vending-").FullName;
        try
        {
            var address = new Uri($"http://127.0.0.1:{VendingCommand.FreePort()}");
            var server = StartShop(address, folder);
            var key = await KeyOfAsync(server);
            using var client = new VendingClient(address, key, Quick with { Patience = TimeSpan.FromSeconds(60), AnswerTimeout = TimeSpan.FromSeconds(5) });
            using var journal = SaleJournal.Open(Path.Combine(folder, "till.journal"));
            var till = new Till(client, journal);
            var outcomes = new List<VendOutcome>();
            var selling = Enumerable.Range(0, 4).Select(_ => Task.Run(async () =>
            {
                for (var i = 0; i < 60; i++)
                {
                    var outcome = await till.SellAsync(Sale("5"), Cancellation);
                    lock (outcomes)
                        outcomes.Add(outcome);
                }
            }, Cancellation)).ToArray();
            for (var kill = 0; kill < 3; kill++)
            {
                await Task.Delay(400, Cancellation);
                server.Kill(entireProcessTree: true);
                await server.WaitForExitAsync(Cancellation);
                server.Dispose();
                server = StartShop(address, folder);
                _ = await KeyOfAsync(server);
            }

            await Task.WhenAll(selling);
            var stored = await client.Vends.ListAsync(cancellation: Cancellation).ToListAsync(Cancellation);
            server.Kill(entireProcessTree: true);
            await server.WaitForExitAsync(Cancellation);
            server.Dispose();

            var issued = outcomes.Select(outcome => Assert.IsType<VendOutcome.Issued>(outcome)).ToList();
            Assert.Equal(240, issued.SelectMany(outcome => outcome.Vend.Digits).Distinct().Count());
            Assert.Equal(240, stored.Count);
            Assert.Empty(journal.Unfinished);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task Till_DiedAfterSending_TheNextRunFindsTheTokens()
    {
        var path = Path.Combine(Directory.CreateTempSubdirectory("opensts-till-").FullName, "till.journal");
        var (sent, never) = (VendId.New(), VendId.New());
        using (var journal = SaleJournal.Open(path))
        {
            journal.Begin(sent, Sale("10"));
            journal.Begin(never, Sale("20"));
            _ = await _client.Vends.SellAsync(sent, Sale("10"), Cancellation);
        }

        using var opened = SaleJournal.Open(path);
        var finished = await new Till(_client, opened).FinishAsync(Cancellation);

        Assert.Equal([typeof(VendOutcome.Issued), typeof(VendOutcome.NeverSeen)], finished.Select(sale => sale.Outcome.GetType()));
        Assert.Equal([10m, 20m], finished.Select(sale => sale.Sale.Tender));
        Assert.Empty(opened.Unfinished);
        Assert.Equal(0, new FileInfo(path).Length);
        Directory.Delete(Path.GetDirectoryName(path)!, recursive: true);
    }

    [Fact]
    public async Task Engineering_TwoPersons_AwaitingThenIssued()
    {
        var (change, clear, replacement, sale) = (VendId.New(), VendId.New(), VendId.New(), VendId.New());
        using var second = new VendingClient(_server.Address, await SecondKeyAsync(), Quick);
        _ = await _client.Vends.SellAsync(sale, Sale("20"), Cancellation);

        var asked = await _client.Engineering.EngineerAsync(clear, new EngineeringOrder { Meter = Pan, Kind = EngineeringKind.ClearTamper, Reason = "seal renewed", WorkOrder = "W1" }, Cancellation);
        var alone = await _client.Engineering.ApproveAsync(clear, Cancellation);
        var approved = await second.Engineering.ApproveAsync(clear, Cancellation);
        var again = await second.Engineering.ApproveAsync(clear, Cancellation);
        _ = Assert.IsType<VendOutcome.AwaitingApproval>(await _client.Engineering.ReplaceAsync(replacement, new ReplacementOrder { Original = sale.ToString(), Reason = "paper lost" }, Cancellation));
        var replaced = await second.Engineering.ApproveReplacementAsync(replacement, Cancellation);
        var test = VendId.New();
        var tested = await _client.Engineering.EngineerAsync(test, new EngineeringOrder { Kind = EngineeringKind.Test, Value = 3, Reason = "show the total" }, Cancellation);
        Assert.Equal(Assert.IsType<VendOutcome.Issued>(tested).Vend.Digits, (await _client.Vends.FindAsync(test, Cancellation))!.Digits);
        var keys = await _client.Engineering.ChangeKeyAsync(change, new KeyChangeOrder { Meter = Pan, To = new MeterKey { SupplyGroup = "201457", KeyRevisionNumber = 2, TariffIndex = "01" }, Reason = "new revision" }, Cancellation);
        var confirmed = await _client.Meters.ConfirmKeyAsync(Pan, Cancellation);

        Assert.Null(Assert.IsType<VendOutcome.AwaitingApproval>(asked).Vend.Tokens);
        Assert.Equal("second-person-needed", Assert.IsType<VendOutcome.Refused>(alone).Problem.Code);
        Assert.Equal(Assert.IsType<VendOutcome.Issued>(approved).Vend.Digits, (await _client.Vends.FindAsync(clear, Cancellation))!.Digits);
        Assert.Equal("not-awaiting-approval", Assert.IsType<VendOutcome.Refused>(again).Problem.Code);
        Assert.Equal(sale.ToString(), Assert.IsType<VendOutcome.Issued>(replaced).Vend.Original);
        Assert.Equal(2, Assert.IsType<VendOutcome.Issued>(keys).Vend.Digits.Count());
        Assert.Equal((2, OpenSts.Vending.Client.KeyType.Unique), (confirmed.Key.KeyRevisionNumber, confirmed.Key.KeyType));
    }

    [Fact]
    public async Task Resources_VersionsAndPages_AreKept()
    {
        var found = (await _client.Meters.FindAsync(Pan, Cancellation))!;
        var same = await _client.Meters.RefreshAsync(found, Cancellation);
        _ = await _client.Meters.BlockAsync(Pan, "by the test", Cancellation);
        var changed = await _client.Meters.RefreshAsync(found, Cancellation);
        var registration = new MeterRegistration { SupplyGroup = "201457", KeyRevisionNumber = 1, TariffIndex = "01", Tariff = "business", Customer = "c2", EncryptionAlgorithm = MeterAlgorithm.Ea07, KeyType = OpenSts.Vending.Client.KeyType.Unique, TokenCarrierType = TokenCarrier.Numeric, Service = MeterService.Electricity, Form = MeterForm.Units };
        var late = await Assert.ThrowsAsync<VendingServerException>(() => _client.Meters.PutAsync(Pan, registration, found, Cancellation));
        var put = await _client.Meters.PutAsync(Pan, registration, changed, Cancellation);

        Assert.Same(found, same);
        Assert.Equal((MeterStatus.Active, MeterStatus.Blocked), (found.Value.State, changed.Value.State));
        Assert.Equal("version-mismatch", late.Problem!.Code);
        Assert.Equal(("business", "c2"), (put.Value.Tariff, put.Value.Customer));
        Assert.Null(await _client.Meters.FindAsync("00000009993", Cancellation));
        Assert.Contains(await _client.Meters.ListAsync("c2", Cancellation).ToListAsync(Cancellation), meter => meter.Pan == Pan);

        var customer = await _client.Customers.PutAsync("new", new CustomerRegistration { Name = "New", Account = "9", Arrears = new ArrearsPlan(ArrearsRule.Share, 10, 5) }, cancellation: Cancellation);
        var owing = await _client.Customers.ChargeAsync("new", 12.50m, "bill 1", "reconnection", Cancellation);
        Assert.Equal((0m, 12.50m, 10m), (customer.Value.Owed, owing.Owed, owing.Arrears!.Value));
        Assert.Equal("c1 c2 c3 c4 c5 c6 new", string.Join(' ', await _client.Customers.ListAsync(Cancellation).Select(row => row.Id).ToListAsync(Cancellation)));

        _ = await _client.Vendors.PutAsync("kiosk", new VendorRegistration { Name = "Kiosk", CommissionPercent = 1.5m }, cancellation: Cancellation);
        for (var i = 0; i < 205; i++)
            _ = await _client.Vendors.DepositAsync("kiosk", 1, $"d{i}", Cancellation);
        _ = await _client.Vendors.DepositAsync("kiosk", 1, "d0", Cancellation);
        var wallet = (await _client.Vendors.FindAsync("kiosk", Cancellation))!.Value;
        Assert.Equal((205m, 1.5m, "ZAR"), (wallet.Wallet, wallet.CommissionPercent, wallet.Currency));
        // More than one page of 200.
        Assert.Equal(205, (await _client.Vendors.EntriesAsync("kiosk", Cancellation).Select(entry => entry.Number).ToListAsync(Cancellation)).Distinct().Count());
    }

    [Fact]
    public async Task Evidence_LogAndReceipt_AreThere()
    {
        var (first, second) = (VendId.New(), VendId.New());
        _ = await _client.Vends.SellAsync(first, Sale("20"), Cancellation);
        var head = await _client.IssueLog.HeadAsync(Cancellation);
        _ = await _client.Vends.SellAsync(second, Sale("20"), Cancellation);
        var receipt = await _client.Vends.PrintAsync(first, ReceiptForm.Text48, cancellation: Cancellation);
        var copy = await _client.Vends.PrintAsync(first, ReceiptForm.Text48, "fr", Cancellation);
        var entries = await _client.IssueLog.ListAsync(Cancellation).ToListAsync(Cancellation);

        Assert.Equal(head.Hash, entries[0].Hash);
        Assert.Equal(2, entries.Count);
        Assert.Equal(LogFault.None, (await _client.IssueLog.VerifyAsync(head, Cancellation)).Fault);
        Assert.Equal(LogFault.Altered, (await _client.IssueLog.VerifyAsync(head with { Hash = new string('0', 64) }, Cancellation)).Fault);
        Assert.StartsWith("text/plain", receipt.ContentType, StringComparison.Ordinal);
        Assert.DoesNotContain("COPIE", System.Text.Encoding.UTF8.GetString(receipt.Octets.Span), StringComparison.Ordinal);
        Assert.Contains("COPIE 1", System.Text.Encoding.UTF8.GetString(copy.Octets.Span), StringComparison.Ordinal);
        var none = await Assert.ThrowsAsync<VendingServerException>(() => _client.Vends.PrintAsync(VendId.New(), ReceiptForm.Text48, cancellation: Cancellation));
        Assert.Equal("issue-unknown", none.Problem!.Code);
    }

    [Theory]
    [InlineData("key over plain http", "http://vending.example")]
    [InlineData("no web address", "ftp://127.0.0.1")]
    public void Client_AddressThatAKeyMayNotGoTo_IsRefused(string description, string address)
    {
        var error = Assert.Throws<ArgumentException>(() => new VendingClient(new Uri(address), "osk_secret_1234"));

        Assert.True(error.Message.Contains(address, StringComparison.Ordinal) && !error.Message.Contains("1234", StringComparison.Ordinal), description);
    }

    private async Task<string> SecondKeyAsync()
    {
        using var http = _server.Client();
        var (status, body, _) = await http.SendAsync("POST", "/v1/api-keys", """{"name":"second","scopes":[{"scope":"vends:read"},{"scope":"vends:approve"},{"scope":"engineering:approve"}]}""");
        Assert.Equal(201, status);
        return (string)body!["secret"]!;
    }

    private static Sale Sale(string tender) => new() { Meter = Pan, Tender = decimal.Parse(tender, System.Globalization.CultureInfo.InvariantCulture), Vendor = "corner-shop" };

    private static Process StartShop(Uri address, string folder) => Process.Start(new ProcessStartInfo(Environment.ProcessPath!, ["process", "shop", address.ToString(), folder]) { RedirectStandardOutput = true })!;

    private static async Task<string> KeyOfAsync(Process server)
    {
        while (await server.StandardOutput.ReadLineAsync(Cancellation) is { } line)
        {
            if (line.StartsWith("http", StringComparison.Ordinal))
                return line.Split(' ')[2] is { Length: > 0 } key ? key : "";
        }

        throw new InvalidOperationException("The server did not start.");
    }
}
