using System.Net;
using System.Text.RegularExpressions;
using OpenSts.Vending.Hosting;
using OpenSts.Vending.Issues;
using OpenSts.Vending.Meters;

namespace OpenSts.SystemTests.Vending;

/// <summary>A municipality's days, by page: each story is what a person at the counter, the desk or the board does.</summary>
public sealed partial class PageStoryTests : IAsyncLifetime
{
    private static readonly string Meter = FirstStart.DemonstrationMeter.ToString();

    private LiveServer _server = null!;

    public async ValueTask InitializeAsync() => _server = await LiveServer.StartAsync();

    public async ValueTask DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task Operator_MadeByPage_PasswordShownOnceWorksAndALockEndsTheSession()
    {
        using var admin = await PersonAsync("admin");
        await admin.GetAsync("/operators/new");
        await admin.SendAsync("/operators/new", ("id", "zola"), ("name", "Zola N."), ("role", "engineer"));
        var password = SecretPattern().Match(admin.Page).Groups[1].Value;
        Assert.Equal(16, password.Length);
        await admin.GetAsync("/operators/zola");
        Assert.DoesNotContain(password, admin.Page, StringComparison.Ordinal);

        using var zola = new PageUser(_server.Address);
        await zola.SignInAsync("zola", password);
        Assert.Equal("/meters", zola.Path);

        await admin.SendAsync("/operators/zola/password");
        var next = SecretPattern().Match(admin.Page).Groups[1].Value;
        Assert.NotEqual(password, next);
        await zola.GetAsync("/meters");
        Assert.Equal("/sign-in", zola.Path);
        await zola.SignInAsync("zola", next);

        // Locked: the tick is taken out.
        await admin.GetAsync("/operators/zola");
        await admin.SendAsync("/operators/zola", ("active", ""));
        await zola.GetAsync("/meters");
        Assert.Equal("/sign-in", zola.Path);
    }

    [Fact]
    public async Task EngineeringToken_AskedByPage_WaitsForAnotherPersonAndIsThenShown()
    {
        using var admin = await PersonAsync("admin");
        await admin.GetAsync($"/engineering?meter={Meter}");
        await admin.SendAsync("/engineering", ("kind", "power-limit"), ("value", "3000"), ("reason", "x"));
        Assert.Equal(HttpStatusCode.BadRequest, admin.Status);
        Assert.Contains("a text of 3 to 200 characters", admin.Page, StringComparison.Ordinal);
        await admin.SendAsync("/engineering", ("reason", "the board was changed"), ("workOrder", "W-17"));
        Assert.Contains("It waits for a second person", admin.Page, StringComparison.Ordinal);
        var path = admin.Path;
        await admin.GetAsync("/approvals");
        Assert.Contains("somebody else approves", admin.Page, StringComparison.Ordinal);
        Assert.DoesNotContain("action=\"/approvals/", admin.Page, StringComparison.Ordinal);

        using var second = await PersonAsync("second");
        await second.GetAsync("/approvals");
        await second.SendAsync(path.Replace("/sales/", "/approvals/engineering-tokens/", StringComparison.Ordinal));
        Assert.Equal(path, second.Path);
        Assert.Equal(20, string.Concat(GroupPattern().Matches(second.Page).Take(5).Select(match => match.Groups[1].Value)).Length);
        Assert.Contains("second", second.Page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Vendor_FloorDepositAndStatement_ByPage()
    {
        using var admin = await PersonAsync("admin");
        await admin.GetAsync("/vendors/new");
        await admin.SendAsync("/vendors/new", ("id", "kiosk"), ("name", "Kiosk"), ("floor", "-500"), ("commissionPercent", "1,5"));
        Assert.Equal("/vendors/kiosk", admin.Path);
        Assert.Contains("-500.00", admin.Page, StringComparison.Ordinal);
        await admin.SendAsync("/vendors/kiosk/deposits", ("amount", "a lot"), ("reference", "slip 1"));
        Assert.Equal(HttpStatusCode.BadRequest, admin.Status);
        Assert.Matches("aria-invalid=\"true\"", admin.Page);
        await admin.SendAsync("/vendors/kiosk/deposits", ("amount", "1200.50"));
        Assert.Contains("<strong>1,200.50</strong>", admin.Page, StringComparison.Ordinal);
        Assert.Contains("slip 1", admin.Page, StringComparison.Ordinal);
        // The same slip again is the same deposit.
        await admin.SendAsync("/vendors/kiosk/deposits", ("amount", "1200.50"), ("reference", "slip 1"));
        Assert.Contains("<strong>1,200.50</strong>", admin.Page, StringComparison.Ordinal);
        await admin.SendAsync("/vendors/kiosk/deposits", ("amount", "9"), ("reference", "slip 1"));
        Assert.Equal(HttpStatusCode.Conflict, admin.Status);
    }

    [Fact]
    public async Task Customer_ArrearsAndFreeAllocation_RegisteredByOneApprovedByAnother()
    {
        using var admin = await PersonAsync("admin");
        await admin.GetAsync("/customers/new");
        await admin.SendAsync("/customers/new", ("id", "c77"), ("name", "Nomsa <Dube>"), ("account", "A-77"), ("arrears.rule", "share"), ("arrears.value", "25"));
        Assert.Equal("/customers/c77", admin.Path);
        Assert.Contains("Nomsa &lt;Dube&gt;", admin.Page, StringComparison.Ordinal);
        await admin.SendAsync("/customers/c77/charges", ("amount", "300"), ("reference", "invoice 9"), ("reason", "old debt"));
        Assert.Contains("<strong>300.00</strong>", admin.Page, StringComparison.Ordinal);
        await admin.SendAsync("/customers/c77/free-allocation", ("units", "50"), ("evidence", "decision 12"), ("expires", "2027-12-31"));
        Assert.DoesNotContain("/free-allocation/approval", admin.Page, StringComparison.Ordinal);

        using var second = await PersonAsync("second");
        await second.GetAsync("/approvals");
        Assert.Contains("/customers/c77", second.Page, StringComparison.Ordinal);
        await second.GetAsync("/customers/c77");
        await second.SendAsync("/customers/c77/free-allocation/approval");
        Assert.Equal("operator:second", _server.Store.Read(session => OpenSts.Vending.Customers.Customer.Find(session, "c77"))!.Value.FreeAllocation!.ApprovedBy);
        await second.GetAsync("/approvals");
        Assert.DoesNotContain("/customers/c77", second.Page, StringComparison.Ordinal);
        await second.GetAsync("/customers?q=nomsa");
        Assert.Contains("/customers/c77", second.Page, StringComparison.Ordinal);

        // Somebody else changed it meanwhile.
        await admin.GetAsync("/customers/c77");
        await second.GetAsync("/customers/c77");
        await second.SendAsync("/customers/c77", ("phone", "1"));
        await admin.SendAsync("/customers/c77", ("phone", "2"));
        Assert.Equal(HttpStatusCode.PreconditionFailed, admin.Status);
        Assert.Contains("Somebody changed it meanwhile", admin.Page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Meter_BlockedUnblockedKeyChangedAndExchanged_ByPage()
    {
        using var admin = await PersonAsync("admin");
        var path = "/meters/" + Meter;
        await admin.GetAsync(path);
        await admin.SendAsync(path + "/blocking", ("reason", "unsafe wiring"));
        Assert.Contains("unsafe wiring", admin.Page, StringComparison.Ordinal);
        await admin.GetAsync($"/sale/confirm?meter={Meter}&amount=50&vendor=corner-shop");
        Assert.Contains("The meter is blocked.", admin.Page, StringComparison.Ordinal);
        await admin.GetAsync(path);
        await admin.SendAsync(path + "/unblocking");
        Assert.Equal(MeterState.Active, Stored(FirstStart.DemonstrationMeter).State);

        await admin.SendAsync(path + "/key-change", ("to.keyRevisionNumber", "2"), ("reason", "new revision"));
        Assert.Equal(10, GroupPattern().Matches(admin.Page).Count(match => match.Groups[1].Value.Length == 4));
        await admin.GetAsync(path);
        await admin.SendAsync(path + "/key-confirmation");
        Assert.Equal(2, Stored(FirstStart.DemonstrationMeter).Key.KeyRevisionNumber);

        var fresh = MeterPan.Create(DecoderReferenceNumber.Create(ManufacturerCode.Parse("00"), 4711));
        await admin.GetAsync("/meters/new");
        await admin.SendAsync("/meters/new", ("pan", "123"), ("tariff", "household"));
        Assert.Equal(HttpStatusCode.BadRequest, admin.Status);
        await admin.PostAsync("/meters/new", ("_csrf", admin.Csrf), ("pan", fresh.ToString()), ("supplyGroup", FirstStart.DemonstrationGroup.ToString()), ("keyRevisionNumber", "1"), ("tariffIndex", "01"), ("tariff", "household"));
        Assert.Equal($"/meters/{fresh}", admin.Path);
        await admin.GetAsync(path);
        await admin.SendAsync(path + "/exchange", ("replacement", fresh.ToString()), ("reason", "display broken"));
        Assert.Equal((MeterState.Replaced, "c1"), (Stored(FirstStart.DemonstrationMeter).State, Stored(fresh).Customer));
    }

    [Fact]
    public async Task Sale_LostReceipt_CopyFirstThenAReplacementThatASecondPersonApproves()
    {
        using var clerk = await PersonAsync("clerk");
        await clerk.SendAsync("/shifts", ("float", "100"));
        await clerk.GetAsync($"/sale/confirm?meter={Meter}&vendor=corner-shop&amount=100&cash=150");
        Assert.Contains("ZAR 50.00", clerk.Page, StringComparison.Ordinal);
        await clerk.SendAsync("/sale");
        var sale = clerk.Path;
        await clerk.SendAsync(sale + "/print", ("paper", "80"));
        Assert.DoesNotContain("COPY", clerk.Page, StringComparison.Ordinal);
        await clerk.GetAsync(sale);
        await clerk.SendAsync(sale + "/print", ("paper", "58"));
        Assert.Contains("COPY 1", clerk.Page, StringComparison.Ordinal);
        Assert.Equal(1, _server.Module.Asked);

        await clerk.GetAsync(sale);
        await clerk.SendAsync(sale + "/replacement", ("reason", "the paper was washed"));
        var replacement = clerk.Path;
        using var second = await PersonAsync("second");
        await second.GetAsync("/approvals");
        await second.SendAsync(replacement.Replace("/sales/", "/approvals/replacements/", StringComparison.Ordinal));
        Assert.Equal(replacement, second.Path);
        Assert.Equal(2, _server.Module.Asked);

        await clerk.GetAsync("/shifts/closing");
        Assert.DoesNotContain("Sold", clerk.Page, StringComparison.Ordinal);
        await clerk.SendAsync("/shifts/closing", ("counted", "190"));
        Assert.Contains("-10.00", clerk.Page, StringComparison.Ordinal);
        await second.GetAsync("/shifts");
        Assert.Contains("-10.00", second.Page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Sale_OutcomeUnknown_TakenBackByPageAndLookingReleasesNothing()
    {
        using var clerk = await PersonAsync("clerk");
        await clerk.SendAsync("/shifts", ("float", "0"));
        _server.Module.Before = _ => Task.FromException(new OpenSts.Sts6.SecurityModuleException("gone"));
        await clerk.GetAsync($"/sale/confirm?meter={Meter}&vendor=corner-shop&amount=100");
        await clerk.SendAsync("/sale");
        Assert.Contains("Not known yet", clerk.Page, StringComparison.Ordinal);
        await clerk.SendAsync(clerk.Path + "/reversal", ("reason", "customer left"));
        Assert.Contains("taken back", clerk.Page, StringComparison.Ordinal);

        // A sale that the server settled by itself: its tokens are stored, and a look does not give them out.
        await clerk.GetAsync($"/sale/confirm?meter={Meter}&vendor=corner-shop&amount=60");
        await clerk.SendAsync("/sale");
        var path = clerk.Path;
        _server.Module.Before = null;
        var desk = (IssueDesk)_server.Services.GetService(typeof(IssueDesk))!;
        _ = await desk.ResolveAsync(path["/sales/".Length..], releases: false);
        await clerk.GetAsync(path);
        Assert.Contains("nobody has seen them", clerk.Page, StringComparison.Ordinal);
        Assert.DoesNotMatch(GroupPattern(), clerk.Page);
        await clerk.SendAsync(path + "/again");
        Assert.Matches(GroupPattern(), clerk.Page);
        await clerk.PostAsync(path + "/reversal", ("_csrf", clerk.Csrf), ("reason", "too late"));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, clerk.Status);
    }

    [Fact]
    public async Task ApiKey_MadeByPage_WorksWithItsScopesUntilItIsRevoked()
    {
        using var admin = await PersonAsync("admin");
        await admin.GetAsync("/api-keys");
        await admin.SendAsync("/api-keys", ("name", "wall"), ("scopes.7.scope", "readings:write"));
        var key = SecretPattern().Match(admin.Page).Groups[1].Value;
        using var client = _server.Client();
        client.DefaultRequestHeaders.Authorization = new("Bearer", key);
        var reading = $$"""{"readings":[{"meter":"{{Meter}}","credit":"1"}]}""";
        Assert.Equal(200, (await client.SendAsync("POST", "/v1/meter-readings", reading)).Status);
        Assert.Equal(403, (await client.SendAsync("GET", "/v1/vends")).Status);
        await admin.GetAsync("/api-keys");
        await admin.SendAsync($"/api-keys/{key.Split('_')[1]}/revocation");
        Assert.Equal(401, (await client.SendAsync("POST", "/v1/meter-readings", reading)).Status);
    }

    [Fact]
    public async Task Readings_OfAStrangersMeter_NoneIsTaken()
    {
        using var client = _server.Client();
        var (status, problem, _) = await client.SendAsync("POST", "/v1/meter-readings", $$"""{"readings":[{"meter":"{{Meter}}","credit":"1"},{"meter":"00000099994","credit":"1"}]}""");
        var (seen, _, _) = await client.SendAsync("GET", $"/v1/meter-readings/{Meter}");

        Assert.Equal((422, "meter-unknown", 404), (status, problem!["code"]!.GetValue<string>(), seen));
    }

    [Fact]
    public async Task Tariff_WrittenByPage_ActivatedByAnotherPerson()
    {
        using var admin = await PersonAsync("admin");
        await admin.GetAsync("/tariffs/new");
        await admin.SendAsync("/tariffs/new", ("id", "farm"), ("name", "Farm"), ("blocks.0.upTo", "100"), ("blocks.0.rate", "2,10"), ("blocks.1.rate", "2.90"));
        Assert.Equal("/tariffs/farm", admin.Path);
        await admin.SendAsync("/tariffs/farm/activation");
        Assert.Equal(HttpStatusCode.UnprocessableEntity, admin.Status);
        await admin.GetAsync("/tariffs/farm");
        await admin.SendAsync("/tariffs/farm/draft", ("blocks.0.upTo", ""));
        Assert.Equal(HttpStatusCode.BadRequest, admin.Status);
        Assert.Contains("blocks of which only the last has no upTo", admin.Page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pages_FrenchOperator_SpeaksFrenchBesideTheField()
    {
        using var admin = await PersonAsync("admin");
        await admin.GetAsync("/operators/second");
        await admin.SendAsync("/operators/second", ("language", "fr"));
        using var second = await PersonAsync("second");
        await second.GetAsync("/meters/" + Meter);
        await second.SendAsync($"/meters/{Meter}/blocking", ("reason", "x"));
        Assert.Contains("<html lang=\"fr\">", second.Page, StringComparison.Ordinal);
        Assert.Contains("permis : un texte de 3 &#xE0; 200 caract&#xE8;res", second.Page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Refusals_FrenchClerk_ReadsThemWithTheirValues()
    {
        using var admin = await PersonAsync("admin");
        await admin.GetAsync("/operators/clerk");
        await admin.SendAsync("/operators/clerk", ("language", "fr"));
        using var clerk = await PersonAsync("clerk");
        await clerk.SendAsync("/shifts", ("float", "0"));
        async Task SaysAsync(string path, string french)
        {
            await clerk.GetAsync(path);
            Assert.Contains(french, WebUtility.HtmlDecode(clerk.Page), StringComparison.Ordinal);
        }

        await SaysAsync($"/sale/confirm?meter={Meter}&vendor=corner-shop&amount=1", "Le montant est 1,00 ; le tarif permet de 5 à 10000.");
        await SaysAsync($"/sale/confirm?meter={Meter}&vendor=corner-shop&amount=x1", "Le montant contenait « x1 » ; permis : un montant comme 100 ou 99,50.");
        await SaysAsync("/sale/amount?meter=600727000000000008", "Le numéro a une clé de contrôle fausse à la fin ; permis : un numéro de compteur de 11 ou 13 chiffres");
        await SaysAsync($"/sale/confirm?meter={Meter}&vendor=nobody&amount=20", "Le vendeur nobody n'est pas enregistré ou pas actif.");
        await SaysAsync("/operators", "Le droit operators:write manque.");
        await SaysAsync("/problems/token-released", "Il ne peut plus être repris. Passez plutôt une écriture de compensation.");
    }

    [Fact]
    public async Task Xray_CustomerTypedADigitWrong_ClerkSeesWhichAndWhatStandsOnTheReceipt()
    {
        using var client = _server.Client();
        Assert.Equal(201, (await client.SendAsync("PUT", "/v1/vends/story-0001", $$"""{"meter":"{{Meter}}","tender":"100","vendor":"corner-shop"}""")).Status);
        var token = _server.Store.Read(session => IssueTable.Find(session, "story-0001"))!.Tokens[^1].Tokens[0].ToString();
        using var clerk = await PersonAsync("clerk");
        await clerk.GetAsync("/explain");
        await clerk.SendAsync("/explain", ("token", token[..4] + (char)('0' + ((token[4] - '0' + 1) % 10)) + token[5..]));

        Assert.Contains("It was typed wrong.", clerk.Page, StringComparison.Ordinal);
        Assert.Contains($"Digit 5 was typed as {(token[4] - '0' + 1) % 10}; it is {token[4]}.", clerk.Page, StringComparison.Ordinal);
        Assert.Contains($"<span><mark>{token[4]}</mark>{token[5..8]}</span>", clerk.Page, StringComparison.Ordinal);
        Assert.Contains("href=\"/sales/story-0001\"", clerk.Page, StringComparison.Ordinal);
        await clerk.SendAsync("/explain", ("token", token[..17]));
        Assert.Contains("A token has 20 digits; 17 were typed.", clerk.Page, StringComparison.Ordinal);
        await clerk.SendAsync("/explain", ("token", token), ("meter", Meter[..^1]));
        Assert.Equal(HttpStatusCode.BadRequest, clerk.Status);
        Assert.Contains("The number has the wrong length", clerk.Page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nothing_AtThisPath_IsAPageForAPersonAndAProblemForAClient()
    {
        using var person = new HttpClient { BaseAddress = _server.Address };
        person.DefaultRequestHeaders.Add("Accept", "text/html,application/xhtml+xml");
        person.DefaultRequestHeaders.Add("Accept-Language", "fr-FR, en");
        var (status, _, answer) = await person.SendAsync("GET", "/no/such/page");
        Assert.Equal((404, "text/html"), (status, answer.Content.Headers.ContentType?.MediaType));
        Assert.Contains("Il n&#x27;y a rien ici.", await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);

        using var client = _server.Client();
        var (_, problem, english) = await client.SendAsync("GET", "/no/such/page");
        Assert.Equal("There is nothing at this path.", (string?)problem!["detail"]);
        Assert.Empty(english.Content.Headers.ContentLanguage);
        var (_, french, told) = await client.SendAsync("GET", "/v1/meters/600727000000000009", null, ("Accept-Language", "fr"));
        Assert.Equal("Cette ressource n'existe pas", (string?)french!["title"]);
        Assert.Equal("not-found", (string?)french["code"]);
        Assert.Equal("fr", Assert.Single(told.Content.Headers.ContentLanguage));
    }

    private async Task<PageUser> PersonAsync(string name) => await new PageUser(_server.Address).SignInAsync(name, _server.Secrets.Password);

    private PaymentMeter Stored(MeterPan pan) => _server.Store.Read(session => PaymentMeter.Find(session, pan))!.Value;

    [GeneratedRegex("<p class=\"secret\">([^<]+)</p>")]
    private static partial Regex SecretPattern();

    [GeneratedRegex("<span>([0-9]{4})</span>")]
    private static partial Regex GroupPattern();
}
