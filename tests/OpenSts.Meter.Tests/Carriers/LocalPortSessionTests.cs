using System.Text;
using System.Text.Json.Nodes;
using OpenSts.Meter.Carriers.LocalPort;
using OpenSts.Metering;

namespace OpenSts.Meter.Tests.Carriers;

/// <summary>The local port as messages in and messages out: no line, no clock.</summary>
public class LocalPortSessionTests
{
    private const string Nak = "15";
    private const string Ack = "06";

    private static readonly JsonObject Frames =
        JsonNode.Parse(File.ReadAllText(TestFiles.Path("vectors", "meter-scenarios.json")))!["vtc_frames"]!.AsObject();

    private readonly PaymentMeter _meter = new(NewMeters.Record(), NewMeters.Clock());
    private readonly LocalPortSession _server;
    private TimeSpan _now = TimeSpan.FromSeconds(1);

    public LocalPortSessionTests() => _server = Server(_meter);

    [Fact]
    public void Receive_WholeSession_IsTheTranscript()
    {
        // Every kind of message there is, in the order of a session.
        Assert.Equal(Hex("/M00OS10\r\n"), Send("2F 3F 21 0D 0A"));
        Assert.Equal(Ack, Send(Frame("write token 7063 0503 4700 2872 6114")));
        Assert.Equal(Hex("\u0002(10)\u0003") + " 03", Send(Frame("read FFFE n=1")));
        Assert.Equal(Nak, Send(Frame("write token 7063 0503 4700 2872 6114")));
        Assert.Equal(TokenResult.Accept, _server.Work()!.Result);
        Assert.Null(_server.Work());
        Assert.Equal(Frame("data (01)"), Send(Frame("read FFFE n=1")));
        Assert.Equal(Hex("\u0002(00000001)\u0003") + " 03", Send(Frame("read 2010 n=1")));
        Assert.Equal(Hex("\u0002(000000000000)\u0003") + " 02", Send(Frame("read 2006 n=0")));
        Assert.Equal(Nak, Send(Hex(new ReadRegisters(0x2001, 1).ToOctets())));
        Assert.Equal(Nak, Send(Hex(new WriteRegister(0x2010, "FFFFFFFF").ToOctets())));
        Assert.Equal("", Send(Frame("break B0")));
        Assert.False(_server.IsInSession);
    }

    [Fact]
    public void Messages_AsOctets_AreThePublishedFrames()
    {
        foreach (var (name, octets) in Frames)
        {
            byte[]? ours = name switch
            {
                ['r', 'e', 'a', 'd', ' ', .. var rest] =>
                    new ReadRegisters(Convert.ToInt32(rest[..4], 16), rest[^1] - '0').ToOctets(),
                ['w', 'r', 'i', 't', 'e', ..] =>
                    new WriteRegister(LocalPortRegisters.Token, "70630503470028726114").ToOctets(),
                "break B0" => Break.ToOctets(),
                _ => null,
            };
            if (ours is not null)
                Assert.Equal((name, octets!.ToString()), (name, Hex(ours)));
        }
    }

    [Fact]
    public void Receive_FourDigitMaker_AnswersInTheLongForm()
    {
        var pan = MeterPan.Create(DecoderReferenceNumber.Create(Parsed("0123"), 1));
        var meter = new PaymentMeter(
            NewMeters.Record(new MeterSettings { MeterPan = pan, EncryptionAlgorithm = EncryptionAlgorithm.Ea07 }),
            NewMeters.Clock());
        Assert.Equal("/N0123OS10\r\n", Encoding.ASCII.GetString(Server(meter).Receive("/?!\r\n"u8, _now)));
    }

    [Fact]
    public void Receive_EveryResult_ReadsItsNumberInFffe()
    {
        // KRN test, wrong, wrong, lock-out, too large; each of 1 to 18 has a story, here the register is what is
        // looked at.
        (string Digits, string Status)[] tokens =
        [
            ("18446744073843772416", "(01)"), ("70630503470028726115", "(0D)"), ("73786976294838206463", "(08)"), (
                "73786976294838206464", "(06)"),
            ("06510894141453018386", "(02)"), ("70630503470028726116", "(0D)"), ("70630503470028726114", "(0F)"),
        ];
        foreach (var (digits, status) in tokens)
        {
            Assert.Equal(Ack, Send(Hex(new WriteRegister(LocalPortRegisters.Token, digits).ToOctets())));
            _ = _server.Work();
            Assert.Contains(Hex(status), Send(Frame("read FFFE n=1")), StringComparison.Ordinal);
        }

        Assert.Contains(Hex("(0002)"), Send(Hex(new ReadRegisters(0xF010, 1).ToOctets())), StringComparison.Ordinal);
    }

    [Fact]
    public void Receive_KeypadToken_ShowsInFffeToo()
    {
        _ = _meter.Enter("70630503470028726115", TokenCarrierType.Numeric);
        Assert.Equal(Frame("data (0D)"), Send(Frame("read FFFE n=1")));
    }

    [Fact]
    public void Receive_Lockout_IsSharedByEveryWayIn()
    {
        _ = _meter.Enter("70630503470028726115", TokenCarrierType.Numeric);
        Assert.Equal(Ack, Send(Hex(new WriteRegister(LocalPortRegisters.Token, "70630503470028726116").ToOctets())));
        Assert.Equal(TokenResult.CrcError, _server.Work()!.Result);
        Assert.Equal(TokenResult.Lockout, _meter.Enter(NewMeters.Published, TokenCarrierType.Numeric).Result);
        Assert.Equal(TokenResult.Lockout, _meter.Enter(NewMeters.Published, TokenCarrierType.MagneticCard).Result);
    }

    [Fact]
    public void Receive_SeveralRegisters_AnswersAllOrNak()
    {
        Assert.Equal(
            Hex("\u0002(01)(02)(FF)(07)(03)\u0003"), Send(Hex(new ReadRegisters(0xF001, 5).ToOctets()))[..^3]);
        Assert.Equal(Nak, Send(Hex(new ReadRegisters(0xF001, 6).ToOctets())));
    }

    [Fact]
    public void Receive_Nak_RepeatsThreeTimesAndNoMore()
    {
        var first = Send(Frame("read 2010 n=1"));
        Assert.Equal([first, first, first, ""], Enumerable.Range(0, 4).Select(_ => Send(Nak)));
    }

    [Fact]
    public void Receive_WithoutSession_IsSilentWhereOneIsRequired()
    {
        var server = Server(_meter, new LocalPortSettings { RequiresSession = true });
        Assert.Empty(server.Receive(Octets(Frame("read 2010 n=1")), _now));
        Assert.NotEmpty(server.Receive("/?!\r\n"u8, _now));
        Assert.NotEmpty(server.Receive(Octets(Frame("read 2010 n=1")), _now));
        Assert.Empty(server.Receive(Octets(Frame("read 2010 n=1")), _now + TimeSpan.FromSeconds(91)));
    }

    [Theory]
    [InlineData("01 52 02 32 30 30 36 30 03 66", Label = "wrong check")]
    [InlineData("01 52 02 30 03 63", Label = "no register")]
    [InlineData("01 52 02 32 30 31 61 30 03 30", Label = "small letters")]
    [InlineData("01 57 02 46 46 46 46 31 03 65", Label = "no brackets")]
    [InlineData("01 58 02 32 30 31 30 30 03 6A", Label = "an unknown letter")]
    [InlineData("01 03 03", Label = "no letter")]
    [
        InlineData(
            "01 57 02 46 46 46 46 28 37 30 36 33 30 35 30 33 34 37 30 30 32 38 37 32 36 31 31 29 03 69",
            Label = "nineteen digits")]
    public void Receive_WrongFrame_IsNakAndChangesNothing(string frame)
    {
        Assert.Equal(Nak, Send(frame));
        Assert.False(_server.IsBusy);
        Assert.Null(_meter.Record.LastToken);
    }

    [Fact]
    public void Receive_Gap_DropsTheHalfMessage()
    {
        var octets = Octets(Frame("read 2010 n=1"));
        Assert.Empty(_server.Receive(octets.AsSpan(0, 5), _now));
        _now += TimeSpan.FromMilliseconds(1501);
        Assert.Empty(_server.Receive(octets.AsSpan(5), _now));
        Assert.NotEqual("", Send(Frame("read 2010 n=1")));
        // Within the gap the halves belong together, octet by octet.
        var reply = Array.Empty<byte>();
        foreach (var octet in octets)
            reply = [.. reply, .. _server.Receive([octet], _now += TimeSpan.FromMilliseconds(1400))];
        Assert.NotEmpty(reply);
    }

    [Fact]
    public void Receive_DarkMeter_IsSilent()
    {
        _meter.SetPower(false);
        Assert.Equal("", Send(Frame("read 2010 n=1")));
    }

    [Fact]
    public void Receive_EvenParity_IsCheckedAndSent()
    {
        var server = Server(_meter, new LocalPortSettings { Parity = ParityHandling.InTheEighthBit });
        static byte[] WithParity(byte[] octets) =>
            Array.ConvertAll(octets, o => (byte)(o | ((System.Numerics.BitOperations.PopCount(o) & 1) << 7)));
        var request = WithParity(Octets(Frame("read FFFE n=1")));
        var reply = server.Receive(request, _now);
        Assert.Equal(WithParity(Octets("02 28 30 30 29 03 02")), reply);
        for (var i = 1; i < request.Length; i++)
        {
            var damaged = (byte[])request.Clone();
            damaged[i] ^= 0x80;
            Assert.Equal("15", Hex(Array.ConvertAll(server.Receive(damaged, _now), o => (byte)(o & 0x7F))));
        }
    }

    [Fact]
    public void Receive_NoiseAndDamage_NeverWedgesThePort()
    {
        var random = new Random(62055);
        var frames = Frames.Select(f => Octets(f.Value!.ToString())).ToArray();
        for (var i = 0; i < 300_000; i++)
        {
            byte[] noise;
            if (random.Next(3) == 0)
            {
                noise = new byte[random.Next(40)];
                random.NextBytes(noise);
            }
            else
            {
                var frame = frames[random.Next(frames.Length)];
                noise = [.. frame.AsSpan(0, random.Next(frame.Length + 1))];
                if (noise.Length > 0 && random.Next(2) == 0)
                    noise[random.Next(noise.Length)] = (byte)random.Next(256);
            }

            _now += TimeSpan.FromMilliseconds(random.Next(200));
            _ = _server.Receive(noise, _now);
            _ = _server.Work();
            if (i % 1000 != 0)
                continue;
            // After a silence longer than the gap the port is as good as new.
            _now += TimeSpan.FromSeconds(2);
            Assert.StartsWith("02 28", Send(Frame("read FFFE n=1")), StringComparison.Ordinal);
        }

        // Whatever got through the noise was the published token, once.
        Assert.InRange(_meter.Record.State.CreditUnits, 0, 1);
    }

    [Fact]
    public void Registers_EveryListedOne_ReadsAsHexOrIsNotInThisMeter()
    {
        _ = _meter.Enter(NewMeters.Published, TokenCarrierType.Numeric);
        foreach (var (register, _) in LocalPortRegisters.All)
        {
            if (LocalPortRegisters.Read(register, _meter.Record, TimeSpan.Zero) is { } value)
                Assert.Matches("^([0-9A-F]{2})+$", value);
        }

        Assert.Equal("0000014EEC" + "00000001", LocalPortRegisters.Read(0xF030, _meter.Record, TimeSpan.Zero));
        for (var register = 0x2000; register < 0x3000; register++)
        {
            if (LocalPortRegisters.All.All(r => r.Register != register))
                Assert.Null(LocalPortRegisters.Read(register, _meter.Record, TimeSpan.Zero));
        }
    }

    private static LocalPortSession Server(PaymentMeter meter, LocalPortSettings? settings = null) =>
        new(meter, settings ?? new LocalPortSettings());

    private static ManufacturerCode Parsed(string text) =>
        ManufacturerCode.TryParse(text, out var code, out _) ? code : throw new FormatException(text);

    private static string Frame(string name) => Frames[name]!.ToString();

    private static byte[] Octets(string hex) => Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal));

    private static string Hex(byte[] octets) => string.Join(' ', octets.Select(o => o.ToString("X2")));

    private static string Hex(string ascii) => Hex(Encoding.ASCII.GetBytes(ascii));

    private string Send(string hex) => Hex(_server.Receive(Octets(hex), _now));
}
