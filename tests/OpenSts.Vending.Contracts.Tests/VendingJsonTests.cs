using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using OpenSts.Vending.Contracts.Json;
using OpenSts.Vending.Contracts.Meters;
using OpenSts.Vending.Contracts.Money;
using OpenSts.Vending.Contracts.Problems;
using OpenSts.Vending.Contracts.Vends;

namespace OpenSts.Vending.Contracts.Tests;

public class VendingJsonTests
{
    [Theory]
    [InlineData("""{"meter":"01123456787","tender":"5","other":1}""", Label = "unknown field")]
    [InlineData("""{"meter":"01123456787","tender":"5","tender":"6"}""", Label = "doubled field")]
    [InlineData("""{"meter":"01123456787","tender":"5","TENDER":"6"}""", Label = "another case")]
    [InlineData("""{"meter":"01123456787","tender":5}""", Label = "a number where a decimal string belongs")]
    [InlineData("""{"meter":"01123456787","tender":"5","key":1}""", Label = "an enum by number")]
    [InlineData("""{"meter":"01123456787","tender":"5","key":"newer"}""", Label = "no member of the enum")]
    [InlineData("""{"meter":"01123456787","tender":"5"} x""", Label = "something behind it")]
    [InlineData("""["meter"]""", Label = "no object")]
    public void Requests_NotStrictlyTheRecord_Refused(string json) =>
        Assert.Throws<JsonException>(() => JsonSerializer.Deserialize<CreditVendRequest>(json, VendingJson.Requests));

    [Theory]
    [InlineData("""{"kind":"power-limit","value":"5","reason":"test"}""")]
    [InlineData("""{"kind":"power-limit","value":5.5,"reason":"test"}""")]
    public void Requests_NumberInQuotesOrWithAFraction_Refused(string json) =>
        Assert.Throws<JsonException>(() =>
            JsonSerializer.Deserialize<EngineeringVendRequest>(json, VendingJson.Requests));

    [Fact]
    public void Requests_Vend_IsRead()
    {
        const string json = """{"meter":"01123456787","tender":"5.00","payment":"mobile-money","key":"new"}""";

        var request = JsonSerializer.Deserialize<CreditVendRequest>(json, VendingJson.Requests)!;

        Assert.Equal(
            ("5.00", VendPayment.MobileMoney, VendKeyChoice.New), (request.Tender, request.Payment, request.Key));
        Assert.Empty(Faults(request));
    }

    [Fact]
    public void Validation_SeveralFaults_AllInOneAnswer()
    {
        var faults = Faults(new CreditVendRequest { Tender = "5,00", Cash = "1e3", Terminal = "a\u202Eb" });

        Assert.Equal(["Cash", "Meter", "Tender", "Terminal"], faults);
    }

    [Theory]
    [InlineData("5", true)]
    [InlineData("5.00", true)]
    [InlineData("0.000001", true)]
    [InlineData("5,00", false)]
    [InlineData("+5", false)]
    [InlineData("5.", false)]
    [InlineData(".5", false)]
    [InlineData("5e1", false)]
    [InlineData(" 5", false)]
    [InlineData("5\u0000", false)]
    [InlineData("٥", false)]
    [InlineData("0.0000001", false)]
    [InlineData("-5", false)]
    [InlineData("100000001", false)]
    public void DecimalText_Text_IsADecimalOfTheRange(string text, bool expected) =>
        Assert.Equal(expected, new DecimalTextAttribute("0", "100000000").IsValid(text));

    [Fact]
    public void DecimalText_TrailingZeros_AreTheSameAmount()
    {
        Assert.True(DecimalTextAttribute.TryParse("100", out var whole));
        Assert.True(DecimalTextAttribute.TryParse("100.00", out var cents));
        Assert.Equal(whole, cents);
    }

    [Theory]
    [InlineData("Ann Müller", true)]
    [InlineData("a\u0000", false)]
    [InlineData("zero\u200Bwidth", false)]
    [InlineData("a\u202Eb", false)]
    [InlineData("space at the end ", false)]
    [InlineData("ab", false)]
    public void PlainText_HiddenCharacters_AreRefused(string text, bool expected) =>
        Assert.Equal(expected, new PlainTextAttribute(3, 40).IsValid(text));

    [Fact]
    public void Meter_WhatGetGives_PutAccepts()
    {
        var key = new MeterKeyResource
        {
            SupplyGroup = "123456",
            KeyRevisionNumber = 1,
            KeyType = "DUTK",
            TariffIndex = "01"
        };
        var answer = new MeterResource
        {
            Meter = "600727011234567870",
            Key = key,
            EncryptionAlgorithm = "EA07",
            TokenCarrierType = MeterTokenCarrier.Numeric,
            Service = MeterService.Electricity,
            Form = MeterTokenForm.Units,
            Tariff = "home",
            ChargesFrom = new DateOnly(2026, 11, 28),
            KeyChangeTokens = 0,
            State = MeterResourceState.Active,
            StateReason = "",
            NextKey = key,
            KeyChangeVend = "vend-0001",
            Sandbox = false,
        };

        Assert.Equal(answer, Again(answer));
        Assert.Empty(Faults(answer));
    }

    [Fact]
    public void SupplyGroup_WhatGetGives_PutAccepts()
    {
        const string json = """
            {"code":"123456","name":"Town","currentKeyRevision":1,"keyChangePolicy":"with-next-vend",
            "keys":[{"keyRevisionNumber":1,
            "keyType":"DUTK","keyExpiryNumber":255,"baseDate":2014,"register":999,
            "issuedUntil":"2030-01-01T00:00:00+00:00"}]}
            """;
        var group = JsonSerializer.Deserialize<SupplyGroupResource>(json, VendingJson.Requests)!;

        Assert.Equal(group.Keys, Again(group).Keys);
        Assert.Empty(Faults(group).Concat(Faults(group.Keys![0])));
        Assert.Equal(["BaseDate", "Register"], Faults(group.Keys[0] with { BaseDate = 2015, Register = 1000 }));
    }

    [Fact]
    public void Answers_FieldOfANewerServer_IsPassedOver()
    {
        const string json = """{"type":"/problems/x","title":"t","status":422,"code":"x","new":{"a":[1]}}""";

        Assert.Equal("x", JsonSerializer.Deserialize<ProblemResource>(json, VendingJson.Answers)!.Code);
    }

    [Fact]
    public void ProblemCodes_AreThoseOfTheDomain()
    {
        var codes = typeof(ProblemCodes).GetFields().Select(field => (string)field.GetValue(null)!);

        Assert.Equal(ErrorCodes.All.Select(code => code.Text), codes);
    }

    [Theory]
    [InlineData(typeof(VendResourceKind), typeof(OpenSts.Vending.Vends.VendKind))]
    [InlineData(typeof(VendResourceState), typeof(OpenSts.Vending.Vends.VendState))]
    [InlineData(typeof(TokenKind), typeof(OpenSts.Vending.Vends.TokenPurpose))]
    [InlineData(typeof(VendPayment), typeof(OpenSts.Vending.Shifts.PaymentMethod))]
    [InlineData(typeof(EngineeringTokenKind), typeof(OpenSts.Vending.Vends.EngineeringKind))]
    [InlineData(typeof(ProblemEffect), typeof(Effect))]
    [InlineData(typeof(OpenSts.Vending.Contracts.Access.OperatorRole), typeof(OpenSts.Vending.Access.Role))]
    [InlineData(typeof(SupplyGroupPolicy), typeof(OpenSts.Vending.SupplyGroups.KeyChangePolicy))]
    [InlineData(typeof(ArrearsRuleKind), typeof(OpenSts.Vending.Customers.ArrearsRule))]
    [InlineData(typeof(PriceLineKind), typeof(OpenSts.Vending.Tariffs.QuoteLineKind))]
    public void Enums_OfTheContract_HaveTheMembersOfTheDomain(Type contract, Type domain) =>
        Assert.Equal(Enum.GetNames(domain), Enum.GetNames(contract));

    private static T Again<T>(T value) =>
        JsonSerializer.Deserialize<T>(JsonSerializer.Serialize(value, VendingJson.Answers), VendingJson.Requests)!;

    private static IReadOnlyList<string> Faults(object value)
    {
        var results = new List<ValidationResult>();
        _ = Validator.TryValidateObject(value, new ValidationContext(value), results, validateAllProperties: true);
        return [.. results.SelectMany(result => result.MemberNames).Order(StringComparer.Ordinal)];
    }
}
