using System.Text.Json.Nodes;

namespace OpenSts.Cli.Tests.Batch;

/// <summary>Requests that name a register of a served module, beside the same requests with the raw key.</summary>
public sealed class RegisterTests : IClassFixture<RegisterTests.ServedModule>
{
    private const string Key = "abababababababab949494949494949401234567";
    private readonly ServedModule _served;

    public RegisterTests(ServedModule served) => _served = served;

    [Theory]
    [InlineData("EA07", """{"class":0,"subclass":0,"issuedAt":"2023-04-06T11:00:00Z","amount":"25.6"}""")]
    [InlineData("EA11", """{"class":0,"subclass":1,"issuedAt":"2023-04-06T11:00:00Z","amount":"1820162.4"}""")]
    [InlineData("EA07", """{"class":0,"subclass":4,"issuedAt":"2023-04-06T11:00:00Z","amount":"-12.5"}""")]
    [InlineData("EA07", """{"class":2,"subclass":0,"issuedAt":"2023-04-06T11:00:00Z","watts":5000}""")]
    [InlineData("EA11", """{"class":2,"subclass":1,"issuedAt":"2023-04-06T11:00:00Z","register":65535}""")]
    [InlineData("EA07",
        """{"class":2,"subclass":10,"issuedAt":"2023-04-06T11:00:00Z","flag":{"index":1,"value":true}}""")]
    [InlineData("EA07", """{"class":1,"subclass":0,"control":1,"manufacturerCode":"00"}""")]
    public void Issue_UnderARegister_IsTheTokenOfTheKeyAndReadsBack(string cipher, string token)
    {
        // The module in test mode draws 5; its answers leave them out.
        var underKey = JsonNode.Parse(token)!.AsObject();
        if (underKey["class"]!.GetValue<int>() == 2
            || (underKey["class"]!.GetValue<int>() == 0 && underKey["subclass"]!.GetValue<int>() < 4))
            underKey["random"] = 5;
        var expected = Ask(new JsonObject
        {
            ["op"] = "issue",
            ["meter"] = Meter(cipher),
            ["vendingKey"] = Key,
            ["token"] = underKey,
        });
        var issued = Ask(new JsonObject
        {
            ["op"] = "issue",
            ["meter"] = Meter(cipher),
            ["register"] = "01",
            ["token"] = JsonNode.Parse(token),
        });
        Assert.Equal(expected.ToJsonString(), issued.ToJsonString());

        var read = Ask(new JsonObject
        {
            ["op"] = "decode",
            ["meter"] = Meter(cipher),
            ["vendingKey"] = Key,
            ["token"] = issued["token"]!.DeepClone(),
        });
        read.Remove("random");
        var readByModule = Ask(new JsonObject
        {
            ["op"] = "decode",
            ["meter"] = Meter(cipher),
            ["register"] = "01",
            ["token"] = issued["token"]!.DeepClone(),
        });
        readByModule.Remove("random");
        Assert.Equal(read.ToJsonString(), readByModule.ToJsonString());
    }

    [Theory]
    [InlineData("EA07", 2)]
    [InlineData("EA07", 3)]
    [InlineData("EA11", 4)]
    public void KeyChange_UnderTwoRegisters_IsTheSetOfTheKeys(string cipher, int tokens)
    {
        JsonObject Request(Func<string, JsonObject> party) => new()
        {
            ["op"] = "keyChange",
            ["from"] = party("01"),
            ["to"] = party("02"),
            ["tokens"] = tokens,
        };
        var expected = Ask(Request(
            register => new JsonObject { ["meter"] = Meter(cipher, register == "01" ? 1 : 2), ["vendingKey"] = Key }));
        var issued = Ask(Request(register =>
            new JsonObject { ["meter"] = Meter(cipher, register == "01" ? 1 : 2), ["register"] = register }));
        Assert.Equal(tokens, issued["tokens"]!.AsArray().Count);
        Assert.Equal(expected.ToJsonString(), issued.ToJsonString());
    }

    [Fact]
    public void Issue_WhatTheRegisterKnows_MayBeLeftOut()
    {
        var meter = new JsonObject
        {
            ["pan"] = "600727000000000009",
            ["tariffIndex"] = "01",
            ["encryptionAlgorithm"] = "EA07",
        };
        var short_ =
            Ask(new JsonObject { ["op"] = "issue", ["meter"] = meter, ["register"] = "1", ["token"] = Credit() });
        var whole = Ask(new JsonObject
        {
            ["op"] = "issue",
            ["meter"] = Meter("EA07"),
            ["register"] = "001",
            ["token"] = Credit(),
        });
        Assert.Equal(whole.ToJsonString(), short_.ToJsonString());
        Assert.Equal(20, whole["token"]!.GetValue<string>().Length);
    }

    [Theory]
    [InlineData("an empty register", "register", "\"10\"", "Module", "28")]
    [InlineData("no number", "register", "\"one\"", "Format", "register")]
    [InlineData("zero", "register", "\"0\"", "Format", "register")]
    [InlineData("too large", "register", "\"1000\"", "Format", "register")]
    [InlineData("a number without quotes", "register", "1", "Format", "register")]
    [InlineData("another supply group", "meter.supplyGroupCode", "\"201458\"", "Range", "meter.supplyGroupCode")]
    [InlineData("another revision", "meter.keyRevisionNumber", "2", "Range", "meter.keyRevisionNumber")]
    [InlineData("another key type", "meter.keyType", "\"DCTK\"", "Range", "meter.keyType")]
    [InlineData("another expiry", "meter.keyExpiryNumber", "170", "Range", "meter.keyExpiryNumber")]
    [InlineData("another base date", "meter.baseDate", "2035", "BaseDate", "meter.baseDate")]
    [InlineData("another derivation", "meter.decoderKeyGenerationAlgorithm", "\"DKGA02\"", "Algorithm",
        "meter.decoderKeyGenerationAlgorithm")]
    [InlineData("a key too", "vendingKey", "\"abababababababab949494949494949401234567\"", "Format", "vendingKey")]
    [InlineData("random bits", "token.random", "5", "Format", "token.random")]
    [InlineData("a time outside the base date", "token.issuedAt", "\"2013-12-31T23:59:00Z\"", "Range",
        "token.issuedAt")]
    [InlineData("a register outside the token's place", "op", "\"decoderKey\"", "Format", "register")]
    public void Issue_WrongFieldBesideARegister_IsRefused(string label, string field, string value, string code,
        string named)
    {
        var request =
            new JsonObject { ["op"] = "issue", ["meter"] = Meter("EA07"), ["register"] = "01", ["token"] = Credit() };
        var parts = field.Split('.');
        var holder = parts.Length == 1 ? request : request[parts[0]]!.AsObject();
        holder[parts[^1]] = JsonNode.Parse(value);
        if (field == "op")
            request.Remove("token");
        var error = Ask(request)["error"]!;
        Assert.True(code == error["code"]!.GetValue<string>(), $"{label}: {error.ToJsonString()}");
        Assert.Contains(named, error["message"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.DoesNotContain("abababab", error.ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Issue_KeyThatExpired_IsKeyExpired()
    {
        var meter = Meter("EA07", 7);
        meter["supplyGroupCode"] = "201460";
        meter["keyExpiryNumber"] = 85;
        var token = Credit();
        token["issuedAt"] = "2026-01-01T00:00:00Z";
        Assert.Equal("KeyExpired",
            Ask(new JsonObject { ["op"] = "issue", ["meter"] = meter, ["register"] = "07", ["token"] = token })[
            "error"]!["code"]!.GetValue<string>());
    }

    [Fact]
    public void Decode_WrongDigits_IsCrcError() =>
        Assert.Equal("CrcError",
            Ask(new JsonObject
            {
                ["op"] = "decode",
                ["meter"] = Meter("EA07"),
                ["register"] = "01",
                ["token"] = "70630503470028726115",
            })["error"]!["code"]!.GetValue<string>());

    private static JsonObject Credit() =>
        new() { ["class"] = 0, ["subclass"] = 0, ["issuedAt"] = "2023-04-06T11:00:00Z", ["amount"] = "0.1" };

    private static JsonObject Meter(string cipher, int revision = 1) => new()
    {
        ["pan"] = "600727000000000009",
        ["supplyGroupCode"] = "201457",
        ["tariffIndex"] = "01",
        ["keyRevisionNumber"] = revision,
        ["keyType"] = "DUTK",
        ["keyExpiryNumber"] = 255,
        ["baseDate"] = 2014,
        ["encryptionAlgorithm"] = cipher,
        ["decoderKeyGenerationAlgorithm"] = "DKGA04",
    };

    private JsonObject Ask(JsonObject request)
    {
        var (_, output, error) = Sts.RunWithInput(request.ToJsonString(), "batch", "--module", _served.Address);
        Assert.Equal("", error);
        return JsonNode.Parse(output)!.AsObject();
    }

    public sealed class ServedModule : IDisposable
    {
        private readonly Serving _serving = new("--test-registers", "--test-mode", "--clock", "20230406111904");

        public string Address => _serving.Address;

        public void Dispose() => _serving.Dispose();
    }
}
