using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using OpenSts.SecurityModule.Transport;
using OpenSts.SecurityModule.Vault;
using OpenSts.Sts6;

namespace OpenSts.SecurityModule.Tests.Commands;

public class ModuleSessionTests
{
    private static readonly byte[] Head = [1, 2, 3, 4, 5, 6];

    [Theory]
    [InlineData(SessionFraming.Lines)]
    [InlineData(SessionFraming.Wrapped)]
    public void Receive_CutAtEveryOctet_AnswersTheSame(SessionFraming framing)
    {
        byte[] octets = [.. Framed(framing, "SM?DI"), .. Framed(framing, "GL?EC0000512345"),
            .. Framed(framing, "SM?ZZ"), .. Framed(framing, "GL?RR")];
        using var module = SoftwareSecurityModule.WithTestRegisters(new ModuleSettings());
        var whole = Receive(new ModuleSession(module, framing), octets);
        Assert.Equal(whole, Receive(new ModuleSession(module, framing), [.. octets.Select(octet => new[] { octet })]));
        for (var cut = 0; cut <= octets.Length; cut++)
            Assert.Equal(whole, Receive(new ModuleSession(module, framing), octets[..cut], octets[cut..]));
    }

    [Theory]
    [InlineData(SessionFraming.Lines)]
    [InlineData(SessionFraming.Wrapped)]
    public void Receive_RequestCutShortAtEveryOctet_IsNotCarriedOut(SessionFraming framing)
    {
        using var module = new TestModule((1, TestModule.Card));
        var request = Framed(framing, module.Credit());
        for (var cut = 0; cut < request.Length; cut++)
        {
            var session = new ModuleSession(module.Module, framing);
            Assert.Empty(Receive(session, request[..cut]));
            Assert.Equal(cut > 0, session.IsInsideRequest);
            // On a line the next request's end ends this one too: one damaged line, answered as that.
            if (framing == SessionFraming.Lines && cut < request.Length - 1)
                Assert.Equal(["GL!ER20"], TestModule.Lines(
                    Receive(new ModuleSession(module.Module, framing), [.. request[..cut], (byte)'\r'])));
        }

        Assert.Equal(default, module.Registers[0].Counters);
    }

    [Fact]
    public void Receive_EveryBitFlipped_NeverSells()
    {
        using var module = new TestModule((1, TestModule.Card));
        var request = TestModule.Line(module.Credit());
        for (var bit = 0; bit < (request.Length - 1) * 8; bit++)
        {
            var damaged = request.ToArray();
            damaged[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.All(module.Send(damaged), answer => Assert.Equal("GL!ER20", answer));
        }

        Assert.Equal(default, module.Registers[0].Counters);
    }

    [Fact]
    public void Receive_WrappedAnswer_CarriesTheRequestsHead()
    {
        using var module = SoftwareSecurityModule.WithTestRegisters(new ModuleSettings());
        var answer =
            Receive(new ModuleSession(module, SessionFraming.Wrapped), Framed(SessionFraming.Wrapped, "SM?DI"));
        Assert.Equal(answer.Length - 2, BinaryPrimitives.ReadUInt16BigEndian(answer));
        Assert.Equal(Head, answer[2..8]);
        Assert.Equal((byte)'\r', answer[^1]);
    }

    [Theory]
    [InlineData(0, Label = "empty")]
    [InlineData(3, Label = "shorter than its head")]
    [InlineData(6, Label = "nothing but its head")]
    [InlineData(20, Label = "without carriage return")]
    [InlineData(5_000, Label = "longer than any request")]
    [InlineData(65_535, Label = "the longest there is")]
    public void Receive_WrappedFrameThatIsNone_AnsweredAndTheNextOneServed(int length)
    {
        using var module = SoftwareSecurityModule.WithTestRegisters(new ModuleSettings());
        var frame = new byte[2 + length];
        frame.AsSpan().Fill((byte)'A');
        BinaryPrimitives.WriteUInt16BigEndian(frame, (ushort)length);
        var session = new ModuleSession(module, SessionFraming.Wrapped);
        var answers = Receive(session, [.. frame.Chunk(1000), Framed(SessionFraming.Wrapped, "SM?DI")]);
        Assert.Equal("GL!ER20", Encoding.ASCII.GetString(answers[8..15]));
        Assert.Equal("SM!DI00", Encoding.ASCII.GetString(answers[28..35]));
        Assert.False(session.IsInsideRequest);
    }

    [Fact]
    public void Receive_LineWithoutEnd_TakesNoMoreRoomAndTheNextOneIsServed()
    {
        using var module = new TestModule((1, TestModule.Card));
        var much = new byte[1 << 16];
        much.AsSpan().Fill((byte)'A');
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++)
            Assert.Empty(module.Send(much));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 2_000_000);
        Assert.Equal(["GL!ER20"], module.Send("\r"u8));
        Assert.Equal("SM!DI00P00000000~POPENSTS1~", module.Ask("SM?DI"));
    }

    [Fact]
    public void Receive_WrappedFrameLongerThanAnyRequest_IsNotKept()
    {
        using var module = SoftwareSecurityModule.WithTestRegisters(new ModuleSettings());
        var sessions = Enumerable.Range(0, 100).Select(_ => new ModuleSession(module, SessionFraming.Wrapped))
            .ToArray();
        byte[] begun = [0xFF, 0xFF, .. new byte[60_000]];
        var before = GC.GetAllocatedBytesForCurrentThread();
        foreach (var session in sessions)
        {
            _ = session.Receive(begun, new ArrayBufferWriter<byte>());
            Assert.True(session.IsInsideRequest);
        }

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 200_000);
    }

    [Fact]
    public void Receive_CarriageReturnAndLineFeed_LeavesNothingBegun()
    {
        using var module = SoftwareSecurityModule.WithTestRegisters(new ModuleSettings());
        var session = new ModuleSession(module, SessionFraming.Lines);
        Assert.NotEmpty(Receive(session, [.. TestModule.Line("SM?DI"), (byte)'\n']));
        Assert.False(session.IsInsideRequest);
    }

    [Fact]
    public void Receive_LineFeedBeforeALine_IsSkipped()
    {
        using var module = new TestModule((1, TestModule.Card));
        Assert.Equal(2, module.Send([.. TestModule.Line("SM?DI"), (byte)'\n', .. TestModule.Line("SM?QD")]).Length);
    }

    [Fact]
    public void Receive_RandomOctets_NeverSellsAndGoesOn()
    {
        var random = new Random(20261121);
        using var module = new TestModule((1, TestModule.Card));
        var octets = new byte[300];
        foreach (var framing in (SessionFraming[])[SessionFraming.Lines, SessionFraming.Wrapped])
        {
            for (var round = 0; round < 20_000; round++)
            {
                random.NextBytes(octets);
                _ = Receive(new ModuleSession(module.Module, framing), octets);
            }
        }

        Assert.Equal(default, module.Registers[0].Counters);
        Assert.Equal(ModuleState.Ready, module.Module.State);
    }

    [Fact]
    public void Receive_RandomFieldsWithGoodChecks_AnswersEveryOne()
    {
        const string letters = "NPHDX~~~0123456789AF ;:n-\u0001\u00ff";
        string[] headers = ["GL?EC", "GL?RR", "GL?RS", "SM?DI", "SM?QI", "SM?QD", "SM?GA", "SM?VC", "SM?VM", "SM?VK",
            "SM?VT", "SM?CQ", "SM?PD", "SM?UD", "SM?QL", "SM?TC", "SM?KC"];
        var random = new Random(20261122);
        using var module = new TestModule((1, TestModule.Card));
        for (var round = 0; round < 50_000; round++)
        {
            var text = new char[random.Next(0, 80)];
            for (var i = 0; i < text.Length; i++)
                text[i] = letters[random.Next(letters.Length)];
            _ = module.Ask(headers[random.Next(headers.Length)] + new string(text));
        }

        Assert.Equal(default, module.Registers[0].Counters);
    }

    [Fact]
    public void Receive_GoodRequestsWithOneFieldSpoilt_AnswersEveryOneAndSellsOnlyWhatIsWhole()
    {
        var random = new Random(20261123);
        using var module = new TestModule((1, TestModule.Card), (2, TestModule.Card));
        var sold = 0;
        for (var round = 0; round < 20_000; round++)
        {
            var request = (round % 3 == 0 ? module.Credit() : round % 3 == 1 ? module.Management()
                : TestModule.KeyChange()).ToCharArray();
            for (var spoilt = random.Next(1, 3); spoilt > 0; spoilt--)
                request[random.Next(5, request.Length)] = (char)random.Next(1, 127);
            sold += module.Ask(new string(request).Replace('\r', ' '))[5..7] == "00" ? 1 : 0;
        }

        Assert.InRange(sold, 1, 10_000);
        Assert.InRange(module.Registers.Sum(register => register.Counters.Tokens), 1, sold * 4);
    }

    [Fact]
    public void Resend_LastAnswer_OctetForOctet()
    {
        using var module = new TestModule((1, TestModule.Card));
        var answer = module.Ask(module.Credit());
        Assert.Equal(answer, module.Ask("GL?RR"));
        Assert.Equal(answer, module.Ask("GL?RR"));
        Assert.Equal(1, module.Registers[0].Counters.Tokens);
        Assert.Equal("GL!RS00", module.Ask("GL?RS"));
        Assert.Equal("GL!RR02", module.Ask("GL?RR"));
    }

    [Fact]
    public void Repeat_SameRequestOnAnotherConnection_SameTokenCountedOnce()
    {
        using var module = new TestModule((1, TestModule.Card with { UnitLimit = 100 }));
        foreach (var request in (string[])[module.Credit(), module.Management(), TestModule.KeyChange(1, 1)])
        {
            var first = module.Ask(request);
            for (var i = 0; i < 20; i++)
                Assert.Equal([first], TestModule.Lines(
                    Receive(new ModuleSession(module.Module, SessionFraming.Lines), TestModule.Line(request))));
        }

        Assert.Equal(new VaultCounters { Units = 100, Tokens = 6 }, module.Registers[0].Counters);
    }

    [Fact]
    public void Repeat_OneFieldDifferent_IsAnotherToken()
    {
        using var module = new TestModule((1, TestModule.Card), (2, TestModule.Card));
        var tid = module.Tid(module.Now);
        string[] requests =
        [
            module.Credit(), module.Credit(2), module.Credit(pan: "600727111111111153"), module.Credit(ti: 2),
                module.Credit(ea: 7), module.Credit(tct: 1),
            module.Credit(subclass: 1), module.Credit(amount: "0065"), module.Credit(tid: tid + 1),
                module.Management(), module.Management(subclass: 1),
        ];
        Assert.All(requests, request => Assert.Equal("00", module.Code(request)));
        Assert.Equal(requests.Length, module.Registers.Sum(register => register.Counters.Tokens));
    }

    [Fact]
    public void Repeat_MoreTokensThanAreRemembered_TheOldestAreForgotten()
    {
        using var module = new TestModule(new ModuleSettings { Repeats = 4 }, null, (1, TestModule.Card));
        string[] requests = [.. Enumerable.Range(0, 5).Select(subclass => module.Credit(subclass: subclass))];
        foreach (var request in requests)
            _ = module.Ask(request);
        _ = module.Ask(requests[4]);
        _ = module.Ask(requests[3]);
        _ = module.Ask(requests[2]);
        Assert.Equal(5, module.Registers[0].Counters.Tokens);
        _ = module.Ask(requests[0]);
        Assert.Equal(6, module.Registers[0].Counters.Tokens);
    }

    [Fact]
    public void Sell_EightHostsAtOnce_LimitIsExactAndRepeatsCountOnce()
    {
        const int limit = 3000, hosts = 8, each = 1000;
        using var module = new TestModule((1, TestModule.Card with { UnitLimit = limit }));
        var first = module.Tid(module.Now);
        // Every request comes from two hosts.
        var requests = Enumerable.Range(0, hosts * each / 2)
            .Select(i => TestModule.Line(module.Credit(amount: "0001", tid: first - (i % 5000), subclass: i / 5000)))
            .ToArray();
        var answers = new string[hosts][];
        Parallel.For(0, hosts, new ParallelOptions { MaxDegreeOfParallelism = hosts }, host =>
        {
            var session = new ModuleSession(module.Module, SessionFraming.Lines);
            answers[host] = TestModule.Lines(
                Receive(session, [.. Enumerable.Range(host / 2 * each, each).Select(i => requests[i])]));
        });
        Assert.Equal(limit, module.Registers[0].Counters.Units);
        Assert.Equal(limit, module.Registers[0].Counters.Tokens);
        Assert.Equal(limit, answers.SelectMany(answer => answer)
            .Where(answer => answer.StartsWith("SM!VC00", StringComparison.Ordinal)).Distinct().Count());
        for (var host = 0; host < hosts; host += 2)
        {
            // Where both had a token it is the same one.
            Assert.All(answers[host].Zip(answers[host + 1]),
                pair => Assert.True(pair.First == pair.Second || pair.First == "SM!VC31" || pair.Second == "SM!VC31"));
        }
    }

    [Fact]
    public void Random_OutsideTestMode_AllSixteenComeUp()
    {
        using var module = new TestModule((1, TestModule.Card));
        var seen = new HashSet<string>();
        // The same token but for its random bits: another module each time, so that nothing is remembered.
        for (var i = 0; i < 400; i++)
        {
            using var other = new TestModule((1, TestModule.Card));
            _ = seen.Add(other.Ask(other.Credit()));
        }

        Assert.Equal(16, seen.Count);
    }

    [Theory]
    [InlineData("28", "SM?VCN9~P600727000000000008~N100~N8~N2~N9~H0001~H014EEC~", Label = "register before algorithm")]
    [InlineData("60", "SM?VCN9~P600727000000000008~N100~N8~N2~N9~H0001~", Label = "count before all")]
    [InlineData("61", "SM?VCN09~P600727000000000008~N100~N8~N2~N9~H0001~N014EEC~", Label = "type before encoding")]
    [InlineData("62", "SM?VCN1000~P600727000000000008~N100~N8~N2~N9~H0001~H014EE~", Label = "encoding before range")]
    [InlineData("63", "SM?VCN1000~P600727000000000008~N100~N8~N2~N9~H0001~H014EEC~", Label = "range before register")]
    [InlineData("40", "SM?VCN1~P600727000000000008~N1~N8~N2~N0~H0001~H014EEC~", Label = "algorithm before identity")]
    [InlineData("76", "SM?VCN1~P600727000000000008~N1~N11~N2~N0~H0001~H014EEC~", Label = "identity before time")]
    [InlineData("44", "SM?VCN1~P600727000000000009~N1~N11~N2~N0~H0001~H014EEC~", Label = "time at last")]
    public void Order_OfChecks_IsTheStandards(string code, string request)
    {
        using var module = new TestModule((1, TestModule.Card));
        Assert.Equal(code, module.Code(request));
    }

    private static byte[] Framed(SessionFraming framing, string request)
    {
        var line = TestModule.Line(request);
        return framing == SessionFraming.Lines ? line
            : [(byte)((line.Length + 6) >> 8), (byte)(line.Length + 6), .. Head, .. line];
    }

    private static byte[] Receive(ModuleSession session, params byte[][] pieces)
    {
        var answers = new ArrayBufferWriter<byte>();
        foreach (var piece in pieces)
            _ = session.Receive(piece, answers);
        return answers.WrittenSpan.ToArray();
    }
}
