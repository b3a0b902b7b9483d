#:project ../../../src/OpenSts.Vending.Client/OpenSts.Vending.Client.csproj
#:property RestorePackagesWithLockFile=false
#:property PublishAot=false

// A till of thirty lines. Run it from anywhere: dotnet run docs/integrate/vending/sell.cs -- METER AMOUNT
// The server's address and key come from OPENSTS_SERVER and OPENSTS_API_KEY.
using System.Globalization;
using OpenSts.Vending.Client;

if (args is not [var meter, var amount] || !decimal.TryParse(amount, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var tender)
    || Environment.GetEnvironmentVariable("OPENSTS_API_KEY") is not { Length: > 0 } apiKey)
{
    Console.Error.WriteLine("sell: OPENSTS_API_KEY=osk_... dotnet run sell.cs -- METER AMOUNT");
    return 2;
}

using var client = new VendingClient(new Uri(Environment.GetEnvironmentVariable("OPENSTS_SERVER") ?? "http://127.0.0.1:8080"), apiKey);
using var journal = SaleJournal.Open(Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.Create), "sell.journal"));
var till = new Till(client, journal);
foreach (var left in await till.FinishAsync())
    Console.WriteLine($"From the last run, meter {left.Sale.Meter}: {Say(left.Outcome)}");

var outcome = await till.SellAsync(new Sale { Meter = meter, Tender = tender, Vendor = Environment.GetEnvironmentVariable("OPENSTS_VENDOR") ?? "corner-shop" });
Console.WriteLine(Say(outcome));
return outcome is VendOutcome.Issued ? 0 : 1;

static string Say(VendOutcome outcome) => outcome switch
{
    VendOutcome.Issued(var vend) => $"{vend.Price?.TokenUnits} units, type: {string.Join(", then ", vend.Digits)}",
    VendOutcome.Refused refused => $"refused, take no money: {refused.Problem.Detail}",
    VendOutcome.NeverSeen => "never seen, give the money back: no token was made",
    _ => $"not known yet; it is asked again with the next run ({outcome.Id})",
};
