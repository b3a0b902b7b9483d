using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using OpenSts.Keys;
using OpenSts.SecurityModule.Transport;
using OpenSts.Sts6;
using OpenSts.Sts6.Client;

namespace OpenSts.SecurityModule.Tests.Commands;

/// <summary>
/// STS 531-1-07 and 531-1-11 end to end: every published token of the test module's registers, asked for over TCP.
/// </summary>
public sealed class PublishedSuiteTests
{
    private const int TestRandom = 5;

    [Fact]
    public async Task Vend_EveryPublishedToken_ComesOut()
    {
        using var module = SoftwareSecurityModule.WithTestRegisters(new ModuleSettings { TestMode = true });
        await using var server = new ModuleServer(module);
        var port = server.ListenTcp(new IPEndPoint(IPAddress.Loopback, 0), SessionFraming.Wrapped);
        await using var asker = await LineAsker.ConnectAsync(new ModuleEndpoint { Host = "127.0.0.1", Port = port },
            cancellation: TestContext.Current.CancellationToken);
        var (tokens, refusals) = (0, 0);
        foreach (var vector in Read("issue.jsonl").Where(IsOfASuite))
        {
            var meter = vector["request"]!["meter"];
            if (meter is null || RegisterOf(meter) is not { } register)
                continue;
            var expected = vector["expected"]!;
            if (expected["error"]?.GetValue<string>() is { } error)
            {
                if (error != "KeyExpired")
                    continue;
                Assert.Equal("41",
                    (await asker.AskAsync($"SM?VC{Head(register, meter)}N0~H0001~HFFFFFF~",
                    TestContext.Current.CancellationToken))[5..7]);
                refusals++;
                continue;
            }

            var token = Token66.Parse(expected["token"]!.GetValue<string>());
            if (token.Class is not (TokenClass.Credit or TokenClass.MeterSpecificManagement))
                continue;
            var content = Open(meter, token);
            var random = (int)((content.Data >> 40) & 15);
            if (!content.IsCurrency && random != TestRandom)
                continue;
            var value = content.Data & 0xFFFF;
            var field = content.IsCurrency ? ((ulong)random << 16 | value).ToString("X6", CultureInfo.InvariantCulture)
                : value.ToString("X4", CultureInfo.InvariantCulture);
            var request =
                $"SM?V{(token.Class == TokenClass.Credit ? 'C' : 'M')}{Head(register, meter)}N{content.Subclass}~H{field}~H{TokenLayout.IdentifierOf(content).Value:X6}~";
            var answer = await asker.AskAsync(request, TestContext.Current.CancellationToken);
            Assert.True(answer.Contains($"00P{token.ToHexString()}~P{token}~", StringComparison.Ordinal),
                $"{vector["id"]}: {request} answered {answer}, not {token}");
            tokens++;
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{tokens} tokens, {refusals} refusals");
        Assert.Equal((184, 3), (tokens, refusals));
    }

    [Fact]
    public async Task VendKeyChange_EveryPublishedSet_ComesOut()
    {
        using var module = SoftwareSecurityModule.WithTestRegisters(new ModuleSettings { TestMode = true });
        await using var server = new ModuleServer(module);
        var port = server.ListenTcp(new IPEndPoint(IPAddress.Loopback, 0), SessionFraming.Wrapped);
        await using var asker = await LineAsker.ConnectAsync(new ModuleEndpoint { Host = "127.0.0.1", Port = port },
            cancellation: TestContext.Current.CancellationToken);
        var sets = 0;
        foreach (var vector in Read("keyChange.jsonl").Where(IsOfASuite))
        {
            var (from, to) = (vector["request"]!["from"]!["meter"]!, vector["request"]!["to"]!["meter"]!);
            if (RegisterOf(from) is not { } old || RegisterOf(to) is not { } coming)
                continue;
            var tokens = vector["expected"]!["tokens"]!.AsArray().Select(token => token!.GetValue<string>()).ToArray();
            var request =
                $"SM?VKN{old}~N{coming}~P{from["pan"]}~N{Number(from, "tariffIndex")}~N{Ea(from)}~N2~N{Number(to, "tariffIndex")}~N{tokens.Length}~";
            var answer = await asker.AskAsync(request, TestContext.Current.CancellationToken);
            Assert.True(answer.Contains($"P{string.Concat(tokens)}~", StringComparison.Ordinal),
                $"{vector["id"]}: {request} answered {answer}");
            sets++;
        }

        Assert.Equal(13, sets);
    }

    private static IEnumerable<JsonNode> Read(string file) =>
        File.ReadLines(TestFiles.Path("vectors", file)).Select(line => JsonNode.Parse(line)!);

    private static bool IsOfASuite(JsonNode vector) =>
        vector["suite"]!.GetValue<string>() is ['C', '0' or '1', '7' or '1', '-', ..];

    private static string Head(int register, JsonNode meter) =>
        $"N{register}~P{meter["pan"]}~N{Number(meter, "tariffIndex")}~N{Ea(meter)}~N2~";

    private static int Number(JsonNode meter, string name) =>
        int.Parse(meter[name]!.ToString(), CultureInfo.InvariantCulture);

    private static int Ea(JsonNode meter) => meter["encryptionAlgorithm"]!.GetValue<string>() == "EA07" ? 7 : 11;

    // The register by group and revision, as in the table of the suites.
    private static int? RegisterOf(JsonNode meter) =>
        (meter["supplyGroupCode"]!.ToString(), Number(meter, "keyRevisionNumber")) switch
        {
            ("201457", var krn and <= 5) => krn,
            ("203557", 6) => 6,
            ("201460", 7) => 7,
            ("201461", 8) => 8,
            _ => null,
        };

    private static TokenContent Open(JsonNode meter, Token66 token)
    {
        using var vendingKey =
            Hazmat.ImportVendingKey(Convert.FromHexString("abababababababab949494949494949401234567"));
        using var key = DecoderKeyGeneration.Derive(vendingKey, new DecoderKeyAttributes
        {
            MeterPan = MeterPan.Parse(meter["pan"]!.ToString()),
            SupplyGroupCode = SupplyGroupCode.Parse(meter["supplyGroupCode"]!.ToString()),
            TariffIndex = TariffIndex.FromNumber(Number(meter, "tariffIndex")),
            KeyRevisionNumber = KeyRevisionNumber.FromNumber(Number(meter, "keyRevisionNumber")),
            KeyType = KeyType.Unique,
            KeyExpiryNumber = KeyExpiryNumber.FromNumber(Number(meter, "keyExpiryNumber")),
            BaseDate = BaseDate.FromYear(Number(meter, "baseDate")),
            EncryptionAlgorithm = (EncryptionAlgorithm)Ea(meter),
            DecoderKeyGenerationAlgorithm = DecoderKeyGenerationAlgorithm.Dkga04,
        });
        Assert.True(TokenIssuer.TryOpen(token, key, out var content));
        return content;
    }
}
