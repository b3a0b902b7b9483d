using OpenSts.Vending.Data.Vends;
using OpenSts.Vending.Tariffs;
using OpenSts.Vending.Vends;

namespace OpenSts.Vending.Data.Tests.Vends;

/// <summary>Pictures of vends are kept for ever: every version that was ever written is read for ever.</summary>
public sealed class VendPlanJsonTests
{
    private static readonly string Golden =
        Path.Combine(AppContext.BaseDirectory, "Golden", "v1", "vend-picture.json");

    [Fact]
    public async Task Write_VendWithEveryPart_IsThePictureOfVersion1()
    {
        Assert.Equal(1, VendPlanJson.Version);
        Assert.Equal((await File.ReadAllTextAsync(Golden, TestContext.Current.CancellationToken)).TrimEnd(),
            await PictureAsync());
    }

    [Fact]
    public async Task Read_PictureOfVersion1_IsTheVend()
    {
        var text = await File.ReadAllTextAsync(Golden, TestContext.Current.CancellationToken);

        var plan = VendPlanJson.Read(text, VendState.Issued);

        Assert.Equal(
            (VendState.Issued, VendKind.Credit, TestStore.SecondPan), (plan.State, plan.Kind, plan.Meter!.Pan));
        Assert.Equal([TokenPurpose.KeyChange, TokenPurpose.Free, TokenPurpose.Credit],
            plan.Orders.Select(order => order.Purpose));
        Assert.Equal((998, 999), (plan.Orders[0].Register, plan.Orders[0].ToRegister));
        Assert.Equal(10_000, plan.Quote!.Lines.Sum(line => line.Minor));
        Assert.Equal(2_500, plan.Quote.Sum(QuoteLineKind.Arrears));
        Assert.Equal(("key:till", "operator:ben", "Ben"),
            (plan.RequestedBy.CallerId, plan.ApprovedBy, plan.Parties.CustomerName));
        Assert.Equal(text.TrimEnd(), VendPlanJson.Write(plan));
    }

    private static async Task<string> PictureAsync()
    {
        await using var site = await TestStore.CreateAsync(null);
        await using var store = await site.OpenAsync();
        await site.ExecuteAsync("UPDATE ref.supply_groups SET current_key_revision = 2");
        var request =
            VendStoreContract.Credit() with { Pan = TestStore.SecondPan, CashMinor = 12_000, Terminal = "1" };
        _ = await store.BeginAsync("vend-0001", request, VendStoreContract.Seller, "api");
        return await site.ValueAsync("SELECT picture FROM vend.vends");
    }
}
