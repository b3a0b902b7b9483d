using OpenSts.Keys;

namespace OpenSts.Tests;

/// <summary>The worked examples, each followed from the meaning to the digits and back.</summary>
public class WorkedExampleTests
{
    [Theory]
    [InlineData("E653341F9D5BF36F", 7, 2, "abababababababab", "123456", 1993, Label = "DKGA02 with EA07")]
    [InlineData("87F3ECBB2E46B48F", 7, 4, TestKeys.VendingKeyA, "201457", 2014, Label = "DKGA04 with EA07")]
    [InlineData("929BD3A415C9420A05EC5EE9F3CE91C3", 11, 4, TestKeys.VendingKeyA, "201457", 2014,
        Label = "DKGA04 with EA11")]
    public void Derive_WorkedExample_GivesTheKey(string key, int ea, int dkga, string vendingKey, string sgc,
        int baseYear)
    {
        var attributes = TestKeys.Attributes((EncryptionAlgorithm)ea, sgc: sgc, baseYear: baseYear,
            dkga: (DecoderKeyGenerationAlgorithm)dkga);
        using var derived = TestKeys.Derive(attributes, vendingKey);
        Assert.Equal(key, TestKeys.Hex(derived));
    }

    [Theory]
    [InlineData("A", 7, 2, "abababababababab", "123456", 1993, "2004-03-01T13:55:00Z", "23716100501183194197")]
    [InlineData("B", 7, 4, TestKeys.VendingKeyA, "201457", 2014, "2014-03-01T13:00:00Z", "70630503470028726114")]
    [InlineData("C", 11, 4, TestKeys.VendingKeyA, "201457", 2014, "2014-03-01T13:00:00Z", "58625789986991357486")]
    public void Issue_TenthOfAKilowattHour_GivesTheDigits(
        string description, int ea, int dkga, string vendingKey, string sgc, int baseYear, string issuedAt,
            string digits)
    {
        Assert.NotEmpty(description);
        var attributes = TestKeys.Attributes((EncryptionAlgorithm)ea, sgc: sgc, baseYear: baseYear,
            dkga: (DecoderKeyGenerationAlgorithm)dkga);
        using var key = TestKeys.Derive(attributes, vendingKey);
        Assert.True(TokenIdentifier.TryForOrdinaryToken(TestKeys.Utc(issuedAt), attributes.BaseDate, out var tid));
        Assert.True(TransferAmount.TryParseTenths("0.1", out var amount));
        var credit =
            new TransferCredit { Service = CreditService.Electricity, Amount = amount, Tid = tid, Random = 5 };

        var token = TokenIssuer.Issue(credit, key);

        Assert.Equal(digits, token.ToString());
        Assert.True(TokenIssuer.TryOpen(Token66.Parse(digits), key, out var content));
        Assert.True(TokenLayout.TryRead(content, attributes.EncryptionAlgorithm, out var read, out _));
        Assert.Equal(credit, read);
    }

    [Theory]
    [InlineData(11, 4, "39536809214641544852", "23263472884016433225", "45268691985939334940", "65389277406881242890",
        Label = "EA11 set of four")]
    [InlineData(7, 2, "65413070543688156280", "27469374567476953413", Label = "EA07 pair")]
    [InlineData(7, 3, "52591863967794508113", "27469374567476953413", "63298338864096642218", Label = "EA07 triplet")]
    public void KeyChange_RolloverTo2035_GivesThePublishedSet(int ea, int count, params string[] digits)
    {
        var from = TestKeys.Attributes((EncryptionAlgorithm)ea);
        var to = TestKeys.Attributes((EncryptionAlgorithm)ea, sgc: "203557", krn: 6, baseYear: 2035, ti: "02");
        using var fromKey = TestKeys.Derive(from);
        using var toKey = TestKeys.Derive(to);

        var fault = KeyChangeSet.TryIssue(
            new KeyChange { From = from, FromKey = fromKey, To = to, ToKey = toKey, Count = count }, out var tokens);

        Assert.Equal(KeyChangeFault.None, fault);
        Assert.Equal(digits, tokens.Select(t => t.ToString()));
    }

    [Theory]
    [InlineData(7, "1", "2024-04-21T10:01:00Z", "42334201269947232996", Label = "EA07, one unit of the currency")]
    [InlineData(11, "-1", "2027-08-21T13:12:00Z", "40156929596019478780", Label = "EA11, one unit taken away")]
    public void Issue_Currency_GivesTheDigits(int ea, string money, string issuedAt, string digits)
    {
        var attributes = TestKeys.Attributes((EncryptionAlgorithm)ea);
        using var key = TestKeys.Derive(attributes);
        Assert.True(TokenIdentifier.TryForOrdinaryToken(TestKeys.Utc(issuedAt), attributes.BaseDate, out var tid));
        Assert.True(CurrencyAmount.TryParse(money, out var amount));
        var token = TokenIssuer.Issue(
            new TransferCurrency { Service = CreditService.Electricity, Amount = amount, Tid = tid }, key);
        Assert.Equal(digits, token.ToString());
    }
}
