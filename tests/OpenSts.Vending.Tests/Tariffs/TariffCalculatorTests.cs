using OpenSts.Vending.Customers;
using OpenSts.Vending.Meters;
using OpenSts.Vending.Tariffs;

namespace OpenSts.Vending.Tests.Tariffs;

public class TariffCalculatorTests
{
    private static readonly Currency Rand = new("ZAR", 2);

    [Fact]
    public void Quote_FlatTariff_GivesTenderOverRate()
    {
        var quote = Quoted(Request(10_000, [new TariffBlock(null, 2.50m)]));

        Assert.Equal(40m, quote.Units);
        Assert.Equal(40m, quote.TokenUnits);
        Assert.Equal(400, quote.Field);
    }

    [Fact]
    public void Quote_UnitsBetweenTwoSteps_TokenRoundsUp()
    {
        var quote = Quoted(Request(10_000, [new TariffBlock(null, 3m)]));

        Assert.Equal(33.333333m, quote.Units);
        Assert.Equal(33.4m, quote.TokenUnits);
    }

    [Fact]
    public void Quote_SaleSpansThreeBlocks_EachBlockHasItsLine()
    {
        TariffBlock[] blocks = [new(50m, 1m), new(100m, 2m), new(null, 4m)];

        var quote = Quoted(Request(20_000, blocks) with { BoughtThisMonth = 30m });

        // 20 units at 1, 50 at 2, and 80 of money left at 4.
        var energy = quote.Lines.Where(line => line.Kind == QuoteLineKind.Energy).ToList();
        Assert.Equal([20m, 50m, 20m], energy.Select(line => line.Units!.Value));
        Assert.Equal([2_000L, 10_000L, 8_000L], energy.Select(line => line.Minor));
    }

    [Fact]
    public void Quote_TaxFeeChargesAndArrears_LinesAreTheTender()
    {
        var tariff = Tariff([new TariffBlock(null, 1.8342m)]) with
        {
            TaxPercent = 15,
            FixedCharges = [new FixedCharge("network", 1.23m, ChargePeriod.Daily)],
            FixedChargesCapPercent = 40,
            Fees = [new ChannelFee("mobile", 0.50m, 1)],
        };
        var request = new QuoteRequest
        {
            Tariff = tariff,
            Currency = Rand,
            Tender = 10_001,
            FixedChargesDue = 9_999,
            Channel = "mobile",
            ArrearsOwed = 100_000,
            ArrearsPlan = new ArrearsPlan { Rule = ArrearsRule.Share, Value = 20 },
        };

        var quote = Quoted(request);

        Assert.Equal(10_001, quote.Lines.Sum(line => line.Minor));
        Assert.Equal(2_000, quote.Sum(QuoteLineKind.Arrears));
        // 40 % of the tender with its tax: 4000 cents, of which 3478 are the charge.
        Assert.Equal(3_478, quote.Sum(QuoteLineKind.FixedCharge));
        Assert.Equal(9_999 - 3_478, quote.FixedChargesLeft);
        Assert.Equal(98_000, quote.ArrearsLeft);
    }

    [Fact]
    public void Quote_PriorityArrearsWithUnitsToKeep_KeepsThem()
    {
        var request = Request(10_000, [new TariffBlock(null, 2m)]) with
        {
            ArrearsOwed = 50_000,
            ArrearsPlan = new ArrearsPlan { Rule = ArrearsRule.Priority, KeepUnits = 10 },
        };

        var quote = Quoted(request);

        Assert.Equal(10m, quote.Units);
        Assert.Equal(8_000, quote.Sum(QuoteLineKind.Arrears));
    }

    [Fact]
    public void Quote_CurrencyMeter_FieldHoldsTheMoney()
    {
        var quote = Quoted(Request(12_345, [new TariffBlock(null, 1m)]) with { Form = TokenForm.Currency });

        Assert.True(CurrencyAmount.TryParse("123.45", out var expected));
        Assert.Equal(expected.Field, quote.Field);
    }

    [Theory]
    [InlineData(499, "tender-out-of-limits", Label = "below the minimum")]
    [InlineData(1_000_001, "tender-out-of-limits", Label = "above the maximum")]
    [InlineData(500, "tender-buys-nothing", Label = "all of it taken by charges")]
    public void Quote_TenderThatCannotBeSold_IsRefused(long tender, string code)
    {
        var tariff = Tariff([new TariffBlock(null, 2m)]) with { Minimum = 5, Maximum = 10_000 };

        var request =
            new QuoteRequest { Tariff = tariff, Currency = Rand, Tender = tender, FixedChargesDue = 100_000 };

        var verdict = TariffCalculator.Quote(request);

        Assert.False(verdict.TryGet(out _, out var refusal));
        Assert.Equal(code, refusal.Code.Text);
    }

    [Fact]
    public void Quote_TenThousandRandomPrices_LinesAreTheTenderAndNothingIsNegative()
    {
        var random = new Random(20261121);
        for (var i = 0; i < 10_000; i++)
        {
            var quote = TariffCalculator.Quote(RandomRequest(random));
            if (!quote.TryGet(out var found, out _))
                continue;
            Assert.Equal(found.Tender, found.Lines.Sum(line => line.Minor));
            Assert.All(found.Lines, line => Assert.True(line.Minor >= 0, $"{i}: {line}"));
            Assert.True(found.TokenUnits >= found.Units);
            Assert.True(found.FixedChargesLeft >= 0 && found.ArrearsLeft >= 0);
        }
    }

    private static QuoteRequest RandomRequest(Random random)
    {
        var blocks = new List<TariffBlock>();
        var bound = 0m;
        for (var i = random.Next(4); i > 0; i--)
            blocks.Add(new TariffBlock(bound += random.Next(1, 200), random.Next(1, 100_000) / 10_000m));
        blocks.Add(new TariffBlock(null, random.Next(1, 100_000) / 10_000m));
        var tariff = Tariff(blocks) with
        {
            TaxPercent = random.Next(0, 2_500) / 100m,
            FixedCharges = [new FixedCharge("f", 1, ChargePeriod.Daily)],
            FixedChargesCapPercent = random.Next(0, 101),
            Fees = [new ChannelFee("counter", random.Next(0, 300) / 100m, random.Next(0, 300) / 100m)],
        };
        return new QuoteRequest
        {
            Tariff = tariff,
            Currency = new Currency("XXX", random.Next(0, 5)),
            Tender = random.Next(1, 1_000_000),
            BoughtThisMonth = random.Next(0, 600_000) / 1000m,
            FixedChargesDue = random.Next(0, 20_000),
            ArrearsOwed = random.Next(0, 200_000),
            ArrearsPlan = random.Next(4) == 0 ? null : RandomPlan(random),
        };
    }

    private static ArrearsPlan RandomPlan(Random random) =>
        new() { Rule = (ArrearsRule)random.Next(3), Value = random.Next(1, 100), KeepUnits = random.Next(0, 30) };

    private static Quote Quoted(QuoteRequest request)
    {
        Assert.True(TariffCalculator.Quote(request).TryGet(out var quote, out var refusal), refusal?.Code.Text);
        return quote;
    }

    private static QuoteRequest Request(long tender, IReadOnlyList<TariffBlock> blocks) =>
        new() { Tariff = Tariff(blocks), Currency = Rand, Tender = tender };

    private static TariffVersion Tariff(IReadOnlyList<TariffBlock> blocks) => new()
    {
        TariffId = "t",
        Version = 1,
        EffectiveFrom = new DateOnly(2020, 1, 1),
        Name = "t",
        Service = CreditService.Electricity,
        State = TariffState.Active,
        Blocks = blocks,
        Minimum = 0,
        Maximum = 1_000_000,
        WrittenBy = "a",
    };
}
