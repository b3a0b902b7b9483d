using System.Diagnostics;
using System.Net.Sockets;
using OpenSts.Cosem.Client;
using OpenSts.Cosem.Meters;
using OpenSts.Cosem.Objects;
using OpenSts.Dlms.Acse;
using OpenSts.Dlms.Apdu;
using OpenSts.Dlms.Client;
using OpenSts.Dlms.Security;
using OpenSts.Dlms.Values;
using OpenSts.Keys;
using OpenSts.Meter;
using OpenSts.Meter.Storage;
using OpenSts.Metering;
using OpenSts.Secrets;

namespace OpenSts.Cli.Tests.Cosem;

/// <summary>
/// A living meter behind its own COSEM process, nobody near: every kind of token through the gateway, and after each
/// one the meter's registers beside those of the pure decision, which got the same digits at the same time.
/// </summary>
public sealed class UnattendedTests : IDisposable
{
    // OPENSTS_UNATTENDED_SECONDS=600 for ten minutes.
    private static readonly TimeSpan Time = TimeSpan.FromSeconds(
        int.TryParse(Environment.GetEnvironmentVariable("OPENSTS_UNATTENDED_SECONDS"), out var seconds) ? seconds : 4);

    // The two clocks begin at different moments: nothing is entered so near to the end of a wait.
    private static readonly TimeSpan Doubt = TimeSpan.FromMilliseconds(400);
    private readonly string _folder = Directory.CreateTempSubdirectory("ostscosem").FullName;
    private readonly Random _random = new(11);
    private readonly Queue<Token66> _waiting = [];
    private readonly List<Token66> _used = [];
    private readonly List<DecoderKey> _keys = [];
    private DecoderKeyAttributes _attributes = Attributes("201457", 1, "01");
    private DecoderKeyAttributes? _next;
    private int _identifier = 5000;

    public void Dispose()
    {
        Directory.Delete(_folder, recursive: true);
        foreach (var key in _keys)
            key.Dispose();
    }

    [Fact]
    public async Task Gateway_TokensOfEveryKind_LeavesTheMeterAsTheDecisionDoes()
    {
        var settings = new MeterSettings
        {
            MeterPan = _attributes.MeterPan,
            EncryptionAlgorithm = EncryptionAlgorithm.Ea07,
            Phases = 3,
            HasTariffRate = true,
        };
        var state = MeterState.AtManufacture(Derive(_attributes), _attributes,
            TokenIdentifier.FromNumber(1000)) with
        { Flags = FlagArray.AtManufacture(settings) };
        var path = Path.Combine(_folder, "meter");
        MeterFile.Create(path, new MeterRecord
        {
            Settings = settings,
            State = state,
            BaseDate = _attributes.BaseDate,
            StepsPerUnit = 100_000,
        }).Dispose();
        using var serving =
            Sts.Start("meter", "serve", path, "--cosem", "127.0.0.1:0", "--cosem-new-counter-file", "--laboratory");
        var clock = Stopwatch.StartNew();
        var seen = new SortedDictionary<TokenResult, int>();
        var accepted = new SortedSet<string>(StringComparer.Ordinal);
        try
        {
            var port = int.Parse(serving.StandardOutput.ReadLine()!.Split(':')[^1], null);
            using var encryption = new SecretBytes(Convert.FromHexString("000102030405060708090A0B0C0D0E0F"));
            using var authentication = new SecretBytes(Convert.FromHexString("D0D1D2D3D4D5D6D7D8D9DADBDCDDDEDF"));
            var client = await OpenAsync(port, encryption, authentication);
            await using (client)
            {
                var end = clock.Elapsed + Time;
                var lastTook = TimeSpan.Zero;
                // A busy machine may spend the whole time on one wait: it goes on until a token was accepted.
                while (clock.Elapsed < end
                    || (!seen.ContainsKey(TokenResult.Accept) && clock.Elapsed < end + TimeSpan.FromMinutes(5)))
                {
                    await WaitOutOfDoubtAsync(state.Lockout, clock);
                    var token = Next(state.Key);
                    var asked = clock.Elapsed;
                    var (result, status) = await client.EnterAsync(token, (TokenForm)_random.Next(4),
                        TestContext.Current.CancellationToken);
                    var answered = clock.Elapsed;
                    var before = state;
                    // On a slow machine an answer takes longer than the doubt: then the meter's lock-out may have
                    // begun, or this token come, so much later.
                    var possible = new[] { asked, answered, asked - lastTook }.Select(
                        at => MeterApplication.Enter(settings, before, token.ToString(), at)).ToList();
                    var expected = possible[Math.Max(0, possible.FindIndex(one => one.Result == status!.Result))];
                    (state, lastTook) = (expected.State, answered - asked);
                    Assert.Equal((ActionResult.Success, expected.Result), (result, status!.Result!.Value));
                    seen[expected.Result] = seen.GetValueOrDefault(expected.Result) + 1;
                    if (expected is { Result: TokenResult.Accept, Token: { } meaning })
                        _ = accepted.Add(meaning.Name);
                    if (_next is not null && state.KeyRevisionNumber == _next.KeyRevisionNumber)
                        (_attributes, _next) = (_next, null);
                    await CompareAsync(client, state, settings);
                }
            }
        }
        finally
        {
            serving.Kill();
            await serving.WaitForExitAsync(TestContext.Current.CancellationToken);
        }

        // What the meter kept is what was seen: it was ended as by a power cut.
        using (MeterFile.Load(path, out var record))
        {
            Assert.Equal(
                (state.CreditUnits, state.CreditSteps, state.TariffRate, state.Flags, state.ComplianceControl),
                (record.State.CreditUnits, record.State.CreditSteps, record.State.TariffRate, record.State.Flags,
                    record.State.ComplianceControl));
            Assert.Equal(state.Memory.Identifiers.ToArray(), record.State.Memory.Identifiers.ToArray());
        }

        Assert.Contains(TokenResult.Accept, seen.Keys);
        TestContext.Current.TestOutputHelper!.WriteLine(
            $"{seen.Values.Sum()} tokens in {clock.Elapsed.TotalSeconds:F0} s: {string.Join(", ", seen)}; accepted: "
                + $"{string.Join(", ", accepted)}");
        if (Time >= TimeSpan.FromMinutes(1))
            Assert.Superset(new HashSet<TokenResult>([TokenResult.Accept, TokenResult.UsedError, TokenResult.CrcError,
                TokenResult.Lockout, TokenResult.FirstKeyChangeToken, TokenResult.FunctionError]),
                seen.Keys.ToHashSet());
    }

    private static async Task CompareAsync(DlmsClient client, MeterState state, MeterSettings settings)
    {
        // What supply can use: units, and what the currency buys at the price of the meter.
        var credit = new MeterRecord { Settings = settings, State = state, StepsPerUnit = 100_000 }.Credit;
        var wanted = new (ushort ClassId, LogicalName Name, sbyte Index, object Expected)[]
        {
            (112, PaymentObis.Credit, 2, credit),
            (111, PaymentObis.Account, 5, credit),
            (116, PaymentObis.StsAttributes, 6, state.SupplyGroupCode.Value),
            (116, PaymentObis.StsAttributes, 7, state.TariffIndex.Value),
            (116, PaymentObis.StsAttributes, 8, state.KeyRevisionNumber.Value),
            (116, PaymentObis.StsAttributes, 9, (int)state.KeyType),
            (116, PaymentObis.StsAttributes, 10, state.KeyExpiryNumber.Value),
            (71, PaymentObis.Limiter, 3, state.MaximumPowerLimit is { } power ? (uint)power : uint.MaxValue),
            (32850, PaymentObis.TokenExtensions, 2,
                $"[{string.Join(", ", Enumerable.Range(0, FlagArray.Length).Select(i => Flag(state, i)))}]"),
            (32850, PaymentObis.TokenExtensions, 3, $"[{{0, {state.ComplianceControl}}}]"),
            (21, PaymentObis.UnbalanceMonitor, 2, state.MaximumPhasePowerUnbalanceLimit is { } unbalance
                ? $"[{unbalance}]" : $"[{uint.MaxValue}]"),
        };
        var read = await client.GetAsync([.. wanted.Select(each => new AttributeRequest(
            new MemberReference(each.ClassId, each.Name, each.Index), null))], TestContext.Current.CancellationToken);
        Assert.Equal(wanted.Select(each => $"{each.Name} {each.Index}: {each.Expected}"),
            wanted.Zip(read, (each, result) => $"{each.Name} {each.Index}: {result.Value}"));
    }

    private static int Flag(MeterState state, int index) =>
        index is 5 or >= 6 ? 2 : state.Flags[(ExtendedFlag)index] ? 1 : 0;

    private static async Task WaitOutOfDoubtAsync(TokenLockout lockout, Stopwatch clock)
    {
        var left = lockout.Until - clock.Elapsed;
        if (left > -Doubt && left < Doubt)
            await Task.Delay(left + Doubt);
    }

    private static async Task<DlmsClient> OpenAsync(int port, SecretBytes encryption, SecretBytes authentication)
    {
        var counter =
            await MeterClient.ReadCounterAsync(await ConnectAsync(port, 16), TestContext.Current.CancellationToken);
        var settings = new ClientOptions
        {
            Mechanism = AuthenticationMechanism.HighLevelGmac,
            EncryptionKey = encryption,
            AuthenticationKey = authentication,
            Title = SystemTitle.Create("UNA", 1),
            FirstCounter = counter + 1,
        };
        return await DlmsClient.OpenAsync(await ConnectAsync(port, 1), settings,
            TestContext.Current.CancellationToken);
    }

    private static async Task<IDlmsTransport> ConnectAsync(int port, ushort sap)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync("127.0.0.1", port);
        return new WrapperTransport(new NetworkStream(socket, ownsSocket: true), sap);
    }

    private static DecoderKeyAttributes Attributes(string sgc, int krn, string ti) => new()
    {
        MeterPan = MeterPan.Parse("600727000000000009"),
        SupplyGroupCode = SupplyGroupCode.Parse(sgc),
        TariffIndex = TariffIndex.Parse(ti),
        KeyRevisionNumber = KeyRevisionNumber.FromNumber(krn),
        KeyType = KeyType.Unique,
        KeyExpiryNumber = KeyExpiryNumber.FromNumber(255),
        BaseDate = BaseDate.FromYear(2014),
        EncryptionAlgorithm = EncryptionAlgorithm.Ea07,
        DecoderKeyGenerationAlgorithm = DecoderKeyGenerationAlgorithm.Dkga04,
    };

    private DecoderKey Derive(DecoderKeyAttributes attributes)
    {
        using var vending = Hazmat.ImportVendingKey(Convert.FromHexString("abababababababab949494949494949401234567"));
        var key = DecoderKeyGeneration.Derive(vending, attributes);
        _keys.Add(key);
        return key;
    }

    private Token66 Next(DecoderKey key)
    {
        if (_waiting.TryDequeue(out var waiting))
            return waiting;
        var tid = TokenIdentifier.FromNumber(_identifier += 3);
        _ = TransferAmount.TryFromUnits(_random.Next(1, 3000), out var amount);
        Token meaning;
        switch (_random.Next(26))
        {
            case 0 when _random.Next(8) == 0:
                // Three wrong ones in a row: two waits, of two and four seconds.
                for (var i = 0; i < 2; i++)
                    _waiting.Enqueue(Wrong());
                return Wrong();
            case 1 when _used.Count > 0:
                return _used[_random.Next(_used.Count)];
            case 2:
                meaning = new ClearCredit
                {
                    Register = _random.Next(2) == 0 ? CreditRegister.All : (CreditRegister)_random.Next(16),
                    Tid = tid,
                    Random = 1,
                };
                break;
            case 3:
                meaning = new SetMaximumPowerLimit { Watts = amount, Tid = tid, Random = 2 };
                break;
            case 4:
                return TokenIssuer.Issue(new InitiateMeterTest
                {
                    FourDigitForm = _random.Next(2) == 0,
                    Tests = (MeterTests)(1 << _random.Next(10)),
                }, key);
            case 5:
                meaning = new SetTariffRate { Rate = (ushort)_random.Next(65536), Tid = tid, Random = 3 };
                break;
            case 6:
                meaning = new TransferCredit { Service = CreditService.Water, Amount = amount, Tid = tid, Random = 4 };
                break;
            case 7:
                KeyChange(key);
                return _waiting.Dequeue();
            case 8:
                meaning = new SetMaximumPhasePowerUnbalanceLimit { Watts = amount, Tid = tid, Random = 5 };
                break;
            case 9:
                meaning = new ClearTamperCondition { Tid = tid, Random = 6 };
                break;
            case 10:
                meaning =
                    new SetFlag { Index = _random.Next(14), Enabled = _random.Next(2) == 0, Tid = tid, Random = 7 };
                break;
            case 11:
                meaning = new SetControlElement
                {
                    Index = _random.Next(3),
                    Element = _random.Next(1024),
                    Tid = tid,
                    Random = 8,
                };
                break;
            case 12:
                meaning = new TransferCurrency
                {
                    Service = CreditService.Electricity,
                    Amount = CurrencyAmount.FromField(_random.Next(1, 1 << 16)),
                    Tid = tid,
                };
                break;
            case 13:
                meaning = new SetWaterMeterFactor { Factor = 7, Tid = tid, Random = 9 };
                break;
            case 14:
                return TokenIssuer.Issue(new ReadExtension { Control = (long)_random.Next(4) << 30 }, key);
            case 15 when _used.Count > 0:
                tid = TokenIdentifier.FromNumber(900);
                goto default;
            default:
                meaning = new TransferCredit
                {
                    Service = CreditService.Electricity,
                    Amount = amount,
                    Tid = tid,
                    Random = 10,
                };
                break;
        }

        var token = TokenIssuer.Issue(meaning, key);
        _used.Add(token);
        return token;
    }

    private Token66 Wrong() => Token66.Parse(
        string.Concat(Enumerable.Range(0, 20).Select(at => at == 0 ? '1' : (char)('0' + _random.Next(10)))));

    // A whole set in any order, with other tokens between; a token of an older set may still be on its way.
    private void KeyChange(DecoderKey key)
    {
        var krn = (_attributes.KeyRevisionNumber.Value % 9) + 1;
        _next = Attributes(_random.Next(2) == 0 ? "203557" : "201457", krn, _random.Next(2) == 0 ? "02" : "01");
        Assert.Equal(KeyChangeFault.None,
            KeyChangeSet.TryIssue(new KeyChange
            {
                From = _attributes,
                FromKey = key,
                To = _next,
                ToKey = Derive(_next),
                Count = 3,
            }, out var set));
        foreach (var at in Enumerable.Range(0, 3).OrderBy(_ => _random.Next()))
            _waiting.Enqueue(set[at]);
    }
}
