using System.Buffers;
using System.Text;
using System.Text.Json.Nodes;
using OpenSts.Batch.Meters;
using OpenSts.Keys;

namespace OpenSts.Batch.Tests.Meters;

/// <summary>The JSON Lines contract of <c>sts meter batch</c>: form, bad input, and that nothing leaks.</summary>
public sealed class MeterRequestTests : IDisposable
{
    private const string Created =
        $$"""
        {"op":"create","meter":{"pan":"600727000000000009","supplyGroupCode":"201457","tariffIndex":"01","keyRevisionNumber":1,"keyType":"DUTK","keyExpiryNumber":255,"baseDate":2014,"encryptionAlgorithm":"EA07","decoderKeyGenerationAlgorithm":"DKGA04"},"vendingKey":"{{TestKeys.VendingKeyA}}","at":"2026-01-01T00:00:00Z"}
        """;

    private readonly MeterRequestProcessor _meter = new();

    public void Dispose() => _meter.Dispose();

    [Fact]
    public void Enter_Example_AnswersAsTheContractShows()
    {
        _ = Answer(Created);
        var answer = Raw(
            """{"id":"7","op":"enter","token":"70630503470028726114","at":"2026-01-01T00:00:10Z","carrier":"keypad"}""");
        Assert.Equal(
            """{"id":"7","result":"Accept","tokenStatus":1,"class":0,"subclass":0,"credit":{"electricity":"0.1"},"keyRevisionNumber":1,"tariffIndex":"01","lockedUntil":null}""",
            answer.TrimEnd());
    }

    [Fact]
    public void Enter_WrongTwice_TellsUntilWhen()
    {
        _ = Answer(Created);
        _ = Answer("""{"op":"enter","token":"70630503470028726115","at":"2026-01-01T00:00:10Z"}""");
        var second = Answer("""{"op":"enter","token":"70630503470028726116","at":"2026-01-01T00:00:10.5Z"}""");
        Assert.Equal(("CRCError", "2026-01-01T00:00:13Z"),
            (second["result"]!.ToString(), second["lockedUntil"]!.ToString()));
        Assert.Null(second["class"]);
    }

    [Fact]
    public void Create_WithADecoderKeyAlone_IsEnough()
    {
        var answer = Answer(
            """{"op":"create","meter":{"encryptionAlgorithm":"EA07","baseDate":2014},"decoderKey":"87F3ECBB2E46B48F"}""");
        Assert.Null(answer["error"]);
        Assert.Equal("Accept", Answer("""{"op":"enter","token":"7063 0503 4700 2872 6114"}""")["result"]!.ToString());
    }

    [Fact]
    public void Create_ThatFails_LeavesNoMeterBehind()
    {
        _ = Answer(Created);
        Assert.Equal("Range", Answer(Created.Replace("\"at\"", "\"phases\":2,\"at\"", StringComparison.Ordinal))[
            "error"]!["code"]!.ToString());
        Assert.Contains("there is no meter", Answer("""{"op":"read"}""")["error"]!["message"]!.ToString(),
            StringComparison.Ordinal);
    }

    // 100 units of money at 2.5 each are 40 kWh: money has one scale, base units, everywhere.
    [Fact]
    public void Consume_CurrencyAtAPrice_DeliversAmountDividedByPrice()
    {
        _ = Answer(Created.Replace("\"at\"", "\"pricePerUnit\":\"2.5\",\"at\"", StringComparison.Ordinal));
        var entered = Answer("""{"op":"enter","token":"MONEY","at":"2026-01-01T00:01:00Z"}""".Replace("MONEY",
            Hundred(), StringComparison.Ordinal));
        Assert.Equal("Accept", entered["result"]!.ToString());
        var shown = Answer("""{"op":"read","at":"2026-01-01T00:01:00Z"}""");
        var credit = shown["credit"]!["electricityCurrency"]!.ToString();
        Assert.Equal("100.00624", credit);
        var consumed = Answer("""{"op":"consume","amount":"100","at":"2026-01-01T00:02:00Z"}""");
        Assert.Equal("40.002496", consumed["consumed"]!.ToString());
    }

    private static string Hundred()
    {
        using var key = TestKeys.Derive(TestKeys.Attributes());
        Assert.True(CurrencyAmount.TryParse("100", out var amount));
        var token = new TransferCurrency
        {
            Service = CreditService.Electricity,
            Amount = amount,
            Tid = TokenIdentifier.FromNumber(6_311_525),
        };
        return TokenIssuer.Issue(token, key).ToString();
    }

    [Theory]
    [InlineData("""{"op":"read"}""", "op: there is no meter")]
    [InlineData("""{"op":"kick"}""", "op: 'kick' is not create, enter, consume, power, tamper or read")]
    [InlineData("""{"op":"create"}""", "vendingKey (or decoderKey)")]
    public void Answer_WithoutAMeter_SaysSo(string line, string message) =>
        Assert.Contains(message, Error(line), StringComparison.Ordinal);

    [Theory]
    [InlineData("tokenMemorySize", "0", "tokenMemorySize: 0 is not a whole number from 1 to 200")]
    [InlineData("tokenMemorySize", "201", "from 1 to 200")]
    [InlineData("tokenMemorySize", "\"50\"", "tokenMemorySize: the string '50' is not a whole number")]
    [InlineData("keyExpiryCheck", "1", "keyExpiryCheck: 1 is not true or false")]
    [InlineData("keyChangeTokensSupported", "5", "from 2 to 4")]
    [InlineData("keyChangeTimeoutSeconds", "-1", "from 0 to 86400")]
    [InlineData("lockoutScope", "\"None\"", "lockoutScope: 'None' is not AllTokens or MeterSpecificOnly")]
    [InlineData("commodity", "\"steam\"", "commodity: 'steam' is not electricity, water, gas or time")]
    [InlineData("phases", "2", "phases: 2 is not 1 or 3")]
    [InlineData("phases", "4", "from 1 to 3")]
    [InlineData("manufacturedAt", "\"2013-12-31T23:59:00Z\"",
        "manufacturedAt: 2013-12-31T23:59:00Z is not in the range 2014-01-01T00:00:00Z to")]
    [InlineData("manufacturedAt", "\"yesterday\"", "manufacturedAt: 'yesterday'")]
    [InlineData("pricePerUnit", "\"-1\"", "pricePerUnit: '-1'")]
    [InlineData("largestCredit", "\"much\"", "largestCredit: 'much'")]
    [InlineData("at", "\"2026-01-01\"", "at: '2026-01-01'")]
    [InlineData("colour", "\"red\"", "colour is not a field of this request")]
    [InlineData("token", "\"1\"", "token is not permitted here")]
    public void Create_WrongOption_NamesTheFieldWhatItHeldAndMayHold(string name, string value, string message)
    {
        var line = Created.Replace(",\"at\":\"2026-01-01T00:00:00Z\"", "", StringComparison.Ordinal)[..^1]
            + $",\"{name}\":{value}}}";
        var error = Error(line);
        Assert.Contains(message, error, StringComparison.Ordinal);
        Assert.DoesNotContain("abab", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"op":"enter"}""", "token is missing")]
    [InlineData("""{"op":"enter","token":70630503470028726114}""", "token: 70630503470028726114 is not a string")]
    [InlineData("""{"op":"enter","token":"1","carrier":"pigeon"}""",
        "carrier: 'pigeon' is not keypad, magneticCard, localPort or dlms")]
    [InlineData("""{"op":"enter","token":"1","at":"now"}""", "at: 'now'")]
    [InlineData("""{"op":"enter","token":"1","amount":"1"}""", "amount is not permitted here")]
    [InlineData("""{"op":"consume"}""", "amount is missing")]
    [InlineData("""{"op":"consume","amount":"-0.1"}""", "amount: '-0.1'")]
    [InlineData("""{"op":"consume","amount":"1e3"}""", "amount: '1e3'")]
    [InlineData("""{"op":"consume","amount":"1000000000.1"}""", "amount: '1000000000.1' is not")]
    [InlineData("""{"op":"power"}""", "state is missing")]
    [InlineData("""{"op":"power","state":"dim"}""", "state: 'dim' is not off or on")]
    [InlineData("""{"op":"tamper","kind":"axe"}""", "kind is not a field of this request")]
    [InlineData("""{"op":"read","op":"read"}""", "op is given twice")]
    [InlineData("""["read"]""", "the line is not a JSON object")]
    [InlineData("""{"op":"read" """, "the line is not JSON")]
    public void Answer_BadLine_NamesTheRuleAndTheMeterLivesOn(string line, string message)
    {
        _ = Answer(Created);
        Assert.Contains(message, Error(line), StringComparison.Ordinal);
        Assert.Equal("0", Answer("""{"op":"read"}""")["credit"]!["electricity"]!.ToString());
        Assert.Equal("Accept", Answer("""{"op":"enter","token":"70630503470028726114"}""")["result"]!.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("7063050347002872611")]
    [InlineData("706305034700287261145")]
    [InlineData("7063050347002872611A")]
    [InlineData("７０６３０５０３４７００２８７２６１１４")]
    [InlineData("73786976294838206464")]
    public void Enter_NoToken_IsAFormatErrorOfTheMeter(string digits)
    {
        _ = Answer(Created);
        var answer = Answer($$"""{"op":"enter","token":"{{digits}}"}""");
        Assert.Equal(("FormatError", 6), (answer["result"]!.ToString(), answer["tokenStatus"]!.GetValue<int>()));
    }

    [Fact]
    public void Answer_MutatedLines_NeverThrowsAndNeverShowsTheKey()
    {
        var random = new Random(11);
        string[] lines =
        [
            Created,
                """{"op":"enter","token":"70630503470028726114","at":"2026-01-01T00:00:10Z","carrier":"keypad"}""",
            """{"op":"consume","amount":"1.5"}""", """{"op":"power","state":"off"}""", """{"op":"read"}""",
        ];
        for (var i = 0; i < 50_000; i++)
        {
            var octets = Encoding.UTF8.GetBytes(lines[random.Next(lines.Length)]);
            for (var n = random.Next(3); n >= 0; n--)
                octets[random.Next(octets.Length)] = (byte)random.Next(256);
            var output = new ArrayBufferWriter<byte>();
            _ = _meter.Answer(octets, output);
            var answer = Encoding.UTF8.GetString(output.WrittenSpan);
            Assert.EndsWith("\n", answer, StringComparison.Ordinal);
            Assert.DoesNotContain("949494949494", answer, StringComparison.Ordinal);
            Assert.DoesNotContain("87f3ecbb", answer, StringComparison.OrdinalIgnoreCase);
        }
    }

    private string Error(string line) => Answer(line)["error"]!["message"]!.ToString();

    private JsonObject Answer(string line) => JsonNode.Parse(Raw(line))!.AsObject();

    private string Raw(string line)
    {
        var output = new ArrayBufferWriter<byte>();
        _ = _meter.Answer(Encoding.UTF8.GetBytes(line), output);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }
}
