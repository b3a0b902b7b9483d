using System.Buffers;
using System.Text;
using System.Text.Json.Nodes;
using OpenSts.Batch.Tokens;

namespace OpenSts.Batch.Tests.Tokens;

public class TokenRequestTests
{
    private const string Issue = """
        {"id":"1","op":"issue","meter":{"pan":"600727000000000009","supplyGroupCode":"201457","tariffIndex":"01","keyRevisionNumber":1,
        "keyType":"DUTK","keyExpiryNumber":255,"baseDate":2014,"encryptionAlgorithm":"EA07","decoderKeyGenerationAlgorithm":"DKGA04"},
        "vendingKey":"abababababababab949494949494949401234567",
        "token":{"class":0,"subclass":0,"issuedAt":"2014-03-01T13:00:00Z","random":5,"amount":"0.1"}}
        """;

    private const string KeyChange = """
        {"id":"2","op":"keyChange",
        "from":{"meter":{"pan":"600727000000000009","supplyGroupCode":"201457","tariffIndex":"01","keyRevisionNumber":1,"keyType":"DUTK","keyExpiryNumber":255,"baseDate":2014,"encryptionAlgorithm":"EA07","decoderKeyGenerationAlgorithm":"DKGA04"},"vendingKey":"abababababababab949494949494949401234567"},
        "to":{"meter":{"pan":"600727000000000009","supplyGroupCode":"203557","tariffIndex":"02","keyRevisionNumber":6,"keyType":"DUTK","keyExpiryNumber":255,"baseDate":2035,"encryptionAlgorithm":"EA07","decoderKeyGenerationAlgorithm":"DKGA04"},"vendingKey":"abababababababab949494949494949401234567"},
        "tokens":3}
        """;

    [Fact]
    public void Answer_TheContractsExamples_AreAnswered()
    {
        Assert.Equal("""{"id":"1","token":"70630503470028726114"}""", Text(Issue));
        Assert.Equal("""{"id":"2","tokens":["52591863967794508113","27469374567476953413","63298338864096642218"]}""",
            Text(KeyChange));
        var decode = Edit(Issue, "op", "decode");
        decode["token"] = "7063 0503 4700 2872 6114";
        Assert.Equal(
            """{"id":"1","class":0,"subclass":0,"name":"TransferCredit.Electricity","amount":"0.1","issuedAt":"2014-03-01T13:00:00Z","tokenIdentifier":85740,"random":5}""",
            Text(decode.ToJsonString()));
        Assert.Equal("""{"id":"4","block":"8b1da5f56ab3d07c"}""",
            Text(
            """{"id":"4","op":"encrypt","encryptionAlgorithm":"EA11","key":"00112233445566778899aabbccddeeff","block":"0123456789abcdef"}"""));
        Assert.Equal("""{"id":"4","block":"0123456789abcdef"}""",
            Text(
            """{"id":"4","op":"decrypt","encryptionAlgorithm":"EA11","key":"00112233445566778899aabbccddeeff","block":"8b1da5f56ab3d07c"}"""));
        var derive = Edit(Issue, "op", "decoderKey");
        derive.Remove("token");
        Assert.Equal("""{"id":"1","decoderKey":"87f3ecbb2e46b48f"}""", Text(derive.ToJsonString()));
    }

    [Theory]
    [InlineData("meter.pan", "\"60072700000000000\"", "Format")]
    [InlineData("meter.pan", "600727000000000009", "Format")]
    [InlineData("meter.pan", "\"700727000000000009\"", "IssuerIdentificationNumber")]
    [InlineData("meter.pan", "\"600727000000000008\"", "CheckDigit")]
    [InlineData("meter.pan", "\"600727000000000019\"", "CheckDigit")]
    [InlineData("meter.supplyGroupCode", "\"20145\"", "Format")]
    [InlineData("meter.supplyGroupCode", "null", "Format")]
    [InlineData("meter.tariffIndex", "\"1\"", "Format")]
    [InlineData("meter.tariffIndex", "1", "Format")]
    [InlineData("meter.keyRevisionNumber", "0", "Range")]
    [InlineData("meter.keyRevisionNumber", "10", "Range")]
    [InlineData("meter.keyRevisionNumber", "1.5", "Format")]
    [InlineData("meter.keyRevisionNumber", "\"1\"", "Format")]
    [InlineData("meter.keyRevisionNumber", "99999999999999999999999999", "Range")]
    [InlineData("meter.keyType", "\"DXTK\"", "Range")]
    [InlineData("meter.keyType", "2", "Format")]
    [InlineData("meter.keyType", "\"DDTK\"", "DdtkError")]
    [InlineData("meter.keyExpiryNumber", "256", "Range")]
    [InlineData("meter.keyExpiryNumber", "-1", "Range")]
    [InlineData("meter.keyExpiryNumber", "0", "KeyExpired")]
    [InlineData("meter.baseDate", "2013", "BaseDate")]
    [InlineData("meter.baseDate", "\"2014\"", "Format")]
    [InlineData("meter.encryptionAlgorithm", "\"EA09\"", "Algorithm")]
    [InlineData("meter.encryptionAlgorithm", "\"EA1\"", "Algorithm")]
    [InlineData("meter.encryptionAlgorithm", "7", "Format")]
    [InlineData("meter.decoderKeyGenerationAlgorithm", "\"DKGA01\"", "Algorithm")]
    [InlineData("meter.decoderKeyGenerationAlgorithm", "\"DKGA03\"", "Algorithm")]
    [InlineData("meter.decoderKeyGenerationAlgorithm", "\"DKGA02\"", "VendingKeyLength")]
    [InlineData("vendingKey", "\"abababababababab\"", "VendingKeyLength")]
    [InlineData("vendingKey", "\"ab\"", "VendingKeyLength")]
    [InlineData("vendingKey", "\"abc\"", "Format")]
    [InlineData("vendingKey", "\"xx\"", "Format")]
    [InlineData("vendingKey", "[]", "Format")]
    [InlineData("token", "\"70630503470028726114\"", "Format")]
    [InlineData("token.class", "3", "FunctionError")]
    [InlineData("token.class", "4", "Range")]
    [InlineData("token.class", "\"0\"", "Format")]
    [InlineData("token.subclass", "8", "FunctionError")]
    [InlineData("token.subclass", "16", "Range")]
    [InlineData("token.issuedAt", "\"2013-12-31T23:59:00Z\"", "Range")]
    [InlineData("token.issuedAt", "\"2045-11-24T20:16:00Z\"", "Range")]
    [InlineData("token.issuedAt", "\"2014-03-01T13:00:00\"", "Format")]
    [InlineData("token.issuedAt", "\"2014-02-30T13:00:00Z\"", "Format")]
    [InlineData("token.issuedAt", "\"yesterday\"", "Format")]
    [InlineData("token.issuedAt", "1393678800", "Format")]
    [InlineData("token.random", "16", "Range")]
    [InlineData("token.random", "-1", "Range")]
    [InlineData("token.random", "true", "Format")]
    [InlineData("token.amount", "\"-0.1\"", "Range")]
    [InlineData("token.amount", "\"1820162.5\"", "Range")]
    [InlineData("token.amount", "\"1e3\"", "Format")]
    [InlineData("token.amount", "0.1", "Format")]
    [InlineData("op", "\"sell\"", "Format")]
    [InlineData("op", "7", "Format")]
    public void Answer_OneFieldWrong_SaysWhichAndWhy(string field, string value, string code)
    {
        var request = Edit(Issue, field, JsonNode.Parse(value));
        var answer = Answer(request.ToJsonString());
        Assert.Equal(code, answer["error"]?["code"]?.ToString());
        Assert.Equal("1", answer["id"]?.ToString());
        var message = answer["error"]!["message"]!.ToString();
        var named = code switch
        {
            "DdtkError" => "keyType",
            "KeyExpired" => "keyExpiryNumber",
            "VendingKeyLength" => "vendingKey",
            "FunctionError" => "class",
            _ => field,
        };
        Assert.Contains(named, message, StringComparison.Ordinal);
        Assert.DoesNotContain("abababab", message, StringComparison.OrdinalIgnoreCase);
        Assert.Null(answer["token"]);
    }

    [Fact]
    public void Answer_EachFieldMissingDoubledOrUnknown_IsFormat()
    {
        string[] fields =
        [
            "op", "meter", "vendingKey", "token", "meter.pan", "meter.supplyGroupCode", "meter.tariffIndex",
                "meter.keyRevisionNumber", "meter.keyType",
            "meter.keyExpiryNumber", "meter.baseDate", "meter.encryptionAlgorithm",
                "meter.decoderKeyGenerationAlgorithm", "token.class", "token.subclass",
            "token.issuedAt", "token.amount",
        ];
        foreach (var field in fields)
        {
            var missing = Answer(Edit(Issue, field, null).ToJsonString());
            Assert.Equal("Format", missing["error"]?["code"]?.ToString());
            Assert.Contains(field, missing["error"]!["message"]!.ToString(), StringComparison.Ordinal);
            var name = field.Split('.')[^1];
            var at = Issue.IndexOf(field.StartsWith("token.", StringComparison.Ordinal) ? $"\"{name}\":"
                : $"\"{name}\":", Issue.IndexOf(field.Contains('.') ? $"\"{field.Split('.')[0]}\":{{"
                : "{", StringComparison.Ordinal), StringComparison.Ordinal);
            var doubled = Answer(Issue.Insert(at, $"\"{name}\":1,"));
            Assert.Equal("Format", doubled["error"]?["code"]?.ToString());
            Assert.Contains("twice", doubled["error"]!["message"]!.ToString(), StringComparison.Ordinal);
        }

        foreach (var place in (string[])["extra", "meter.extra", "token.extra", "token.watts", "token.register",
            "from", "tokens", "key"])
        {
            var unknown = Answer(Edit(Issue, place, JsonNode.Parse("1")).ToJsonString());
            Assert.Equal("Format", unknown["error"]?["code"]?.ToString());
            Assert.Contains(place, unknown["error"]!["message"]!.ToString(), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("tokens", "4", "Range", Label = "tokens for EA07")]
    [InlineData("tokens", "1", "Range", Label = "tokens")]
    [InlineData("tokens", "\"2\"", "Format", Label = "tokens as text")]
    [InlineData("to.meter.pan", "\"600727111111111153\"", "Format", Label = "another meter")]
    [InlineData("to.meter.encryptionAlgorithm", "\"EA11\"", "Algorithm", Label = "another cipher")]
    [InlineData("to.meter.keyType", "\"DCTK\"", "KeyTypeError", Label = "common after unique")]
    [InlineData("to.meter.keyType", "\"DITK\"", "KeyTypeError", Label = "initialization after unique")]
    [InlineData("from", "1", "Format", Label = "from is no object")]
    [InlineData("to.register", "\"01\"", "Format", Label = "unknown in to")]
    public void Answer_KeyChangeWrong_SaysWhy(string field, string value, string code)
    {
        var answer = Answer(Edit(KeyChange, field, JsonNode.Parse(value)).ToJsonString());
        Assert.Equal(code, answer["error"]?["code"]?.ToString());
        Assert.Null(answer["tokens"]);
    }

    [Fact]
    public void Answer_KeyChangeWithoutATime_AsksNoClock()
    {
        // A set of another time: the new key ended in 2014, and nothing says when the set is made.
        var expired = Edit(KeyChange, "to.meter.keyExpiryNumber", 170);
        expired["to"]!["meter"]!["baseDate"] = 1993;
        expired["from"]!["meter"]!["baseDate"] = 1993;
        Assert.Equal(3, Answer(expired.ToJsonString())["tokens"]!.AsArray().Count);
    }

    [Theory]
    [InlineData("2014-04-01T00:00:00Z", null)]
    [InlineData("2026-01-01T00:00:00Z", "KeyExpired")]
    [InlineData("yesterday", "Format")]
    public void Answer_KeyChangeWithATime_IsJudgedByThatTime(string issuedAt, string? code)
    {
        var request = Edit(KeyChange, "to.meter.keyExpiryNumber", 170);
        request["to"]!["meter"]!["baseDate"] = 1993;
        request["issuedAt"] = issuedAt;
        // The old key may have expired: the set leads away from it.
        request["from"]!["meter"]!["keyExpiryNumber"] = 0;
        var answer = Answer(request.ToJsonString());
        Assert.Equal(code, answer["error"]?["code"]?.ToString());
        Assert.Equal(code is null, answer.ContainsKey("tokens"));
    }

    [Theory]
    [InlineData("hello", Label = "not JSON")]
    [InlineData("{\"id\":\"1\",\"op\":", Label = "cut short")]
    [InlineData("[1]", Label = "an array")]
    [InlineData("5", Label = "a number")]
    [InlineData("{\"id\":\"1\"}{\"id\":\"2\"}", Label = "two objects")]
    [InlineData("{\"id\":[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[",
        Label = "deep")]
    public void Answer_NoJsonObject_AnswersWithoutAnId(string line)
    {
        var answer = Answer(line);
        Assert.Equal("Format", answer["error"]?["code"]?.ToString());
        Assert.True(answer.ContainsKey("id"));
    }

    [Fact]
    public void Answer_InvalidUtf8_IsFormat()
    {
        var bytes = Encoding.UTF8.GetBytes("""{"id":"1","op":"issue?"}""");
        bytes[Array.IndexOf(bytes, (byte)'?')] = 0xFF;
        var answer = Answer(bytes);
        Assert.Equal("Format", answer["error"]?["code"]?.ToString());
        Assert.Null(answer["id"]);
    }

    [Fact]
    public void Answer_MutatedRequests_AlwaysOneJsonLine()
    {
        var random = new Random(1000);
        byte[][] seeds = [Encoding.UTF8.GetBytes(Issue), Encoding.UTF8.GetBytes(KeyChange),
            Encoding.UTF8.GetBytes("""{"id":"\ud83d","op":"decode","token":"\u0037063 0503 4700 2872 6114"}""")];
        using var processor = new TokenRequestProcessor();
        var output = new ArrayBufferWriter<byte>();
        for (var i = 0; i < 100_000; i++)
        {
            var line = (byte[])seeds[i % seeds.Length].Clone();
            for (var changes = random.Next(1, 4); changes > 0; changes--)
                line[random.Next(line.Length)] = random.Next(4) == 0 ? (byte)random.Next(256)
                    : (byte)"{}[]\":,0123456789-.eE\\u nul"[random.Next(27)];
            output.ResetWrittenCount();
            _ = processor.Answer(line.AsMemory(0, random.Next(8) == 0 ? random.Next(line.Length) : line.Length),
                output);
            Assert.Equal(1, output.WrittenSpan.Count((byte)'\n'));
            Assert.NotNull(JsonNode.Parse(output.WrittenSpan));
        }
    }

    private static JsonObject Edit(string request, string field, JsonNode? value)
    {
        var root = JsonNode.Parse(request)!.AsObject();
        var parts = field.Split('.');
        var holder = parts[..^1].Aggregate(root, (node, name) => node[name]!.AsObject());
        // A missing field and a JSON null are different things: only the first comes here as no node at all.
        if (value is null && field != "meter.supplyGroupCode")
            holder.Remove(parts[^1]);
        else
            holder[parts[^1]] = value;
        return root;
    }

    private static string Text(string request)
    {
        using var processor = new TokenRequestProcessor();
        var output = new ArrayBufferWriter<byte>();
        _ = processor.Answer(Encoding.UTF8.GetBytes(request), output);
        return Encoding.UTF8.GetString(output.WrittenSpan).TrimEnd('\n');
    }

    private static JsonObject Answer(string request) => Answer(Encoding.UTF8.GetBytes(request));

    private static JsonObject Answer(byte[] request)
    {
        using var processor = new TokenRequestProcessor();
        var output = new ArrayBufferWriter<byte>();
        _ = processor.Answer(request, output);
        return JsonNode.Parse(output.WrittenSpan)!.AsObject();
    }
}
