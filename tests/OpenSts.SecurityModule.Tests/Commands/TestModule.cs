using System.Buffers;
using System.Globalization;
using System.Text;
using OpenSts.Keys;
using OpenSts.SecurityModule.Transport;
using OpenSts.Sts6;

namespace OpenSts.SecurityModule.Tests.Commands;

/// <summary>A module with one register or more, a clock that is set by hand, and a session of bare lines.</summary>
internal sealed class TestModule : TimeProvider, IDisposable
{
    public const string Pan = "600727000000000009";
    public static readonly DateTimeOffset Start = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private readonly SoftwareSecurityModule _module;
    private readonly ModuleSession _session;

    public TestModule(params (int Number, KeyCard Card)[] registers)
        : this(new ModuleSettings(), null, registers)
    {
    }

    public TestModule(ModuleSettings settings, ITokenIssueLog? journal, params (int Number, KeyCard Card)[] registers)
    {
        Registers = [.. registers.Select(register =>
            new KeyRegister(register.Number, register.Card, KeyOf(register.Card), default, register.Card.IsTest))];
        Journal = journal ?? new MemoryIssueLog();
        _module = new SoftwareSecurityModule(settings with { Time = this }, Registers, Journal);
        _session = new ModuleSession(_module, SessionFraming.Lines);
    }

    public static KeyCard Card { get; } = new()
    {
        SupplyGroupCode = SupplyGroupCode.FromNumber(201457),
        KeyRevisionNumber = KeyRevisionNumber.FromNumber(1),
        KeyType = KeyType.Unique,
        KeyExpiryNumber = KeyExpiryNumber.Never,
        BaseDate = BaseDate.Base2014,
        DecoderKeyGenerationAlgorithm = DecoderKeyGenerationAlgorithm.Dkga04,
        ActiveFrom = BaseDate.Base2014.Start,
        IssuedUntil = BaseDate.Base2014.LastMinute,
        IsTest = true,
    };

    public KeyRegister[] Registers { get; }

    public ITokenIssueLog Journal { get; }

    public DateTimeOffset Now { get; set; } = Start;

    public SoftwareSecurityModule Module => _module;

    public override DateTimeOffset GetUtcNow() => Now;

    /// <summary>A line with its check and carriage return.</summary>
    public static byte[] Line(string request)
    {
        var line = Encoding.Latin1.GetBytes(request);
        var check = new byte[4];
        LineCheck.Write(line, check);
        return [.. line, .. check, (byte)'\r'];
    }

    /// <summary>Answers without check and carriage return, which are checked here.</summary>
    public static string[] Lines(ReadOnlySpan<byte> answers) =>
        [.. Encoding.ASCII.GetString(answers).Split('\r', StringSplitOptions.RemoveEmptyEntries).Select(answer =>
    {
        Assert.True(LineCheck.IsOf(Encoding.ASCII.GetBytes(answer[..^4]), Encoding.ASCII.GetBytes(answer[^4..])),
            answer);
        return answer[..^4];
    })];

    /// <summary>The answer to a request, without its check.</summary>
    public string Ask(string request) => Assert.Single(Send(Line(request)));

    /// <summary>The two characters of the answer's code.</summary>
    public string Code(string request) => Ask(request)[5..7];

    public string[] Send(ReadOnlySpan<byte> octets)
    {
        var answers = new ArrayBufferWriter<byte>();
        _ = _session.Receive(octets, answers);
        return Lines(answers.WrittenSpan);
    }

    /// <summary>A credit request; the TID is that of the clock where none is given.</summary>
    public string Credit(int register = 1, string pan = Pan, int ti = 1, int ea = 11, int tct = 2, int subclass = 0,
        string? amount = null, int? tid = null) =>
        Vend("SM?VC", register, pan, ti, ea, tct, subclass, amount
            ?? (subclass is >= 4 and <= 7 ? "000064" : "0064"), tid);

    public string Management(int register = 1, string pan = Pan, int ti = 1, int ea = 11, int tct = 2,
        int subclass = 0, string value = "0064", int? tid = null) =>
        Vend("SM?VM", register, pan, ti, ea, tct, subclass, value, tid);

    public static string KeyChange(int from = 1, int to = 2, string pan = Pan, int fromTi = 1, int ea = 11,
        int tct = 2, int toTi = 1, int count = 4, string header = "SM?VK") =>
        string.Create(CultureInfo.InvariantCulture,
            $"{header}N{from}~N{to}~P{pan}~N{fromTi}~N{ea}~N{tct}~N{toTi}~N{count}~");

    public int Tid(DateTimeOffset time) =>
        TokenIdentifier.TryFromTime(time, Registers[0].Card.BaseDate, out var tid) ? tid.Value : 0;

    public void Dispose() => _module.Dispose();

    private static IVendingKeyHandle KeyOf(KeyCard card) =>
        VendingKeyHandles.Of(Hazmat.ImportVendingKey(Convert.FromHexString(
            card.DecoderKeyGenerationAlgorithm == DecoderKeyGenerationAlgorithm.Dkga04 ? TestKeys.VendingKeyA
            : "abababababababab")));

    private string Vend(string header, int register, string pan, int ti, int ea, int tct, int subclass, string value,
        int? tid) =>
        string.Create(CultureInfo.InvariantCulture,
            $"{header}N{register}~P{pan}~N{ti}~N{ea}~N{tct}~N{subclass}~H{value}~H{tid ?? Tid(Now):X6}~");
}
