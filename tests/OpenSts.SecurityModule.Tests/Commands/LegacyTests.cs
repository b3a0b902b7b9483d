using System.Buffers;
using OpenSts.SecurityModule.Transport;
using OpenSts.Sts6;

namespace OpenSts.SecurityModule.Tests.Commands;

/// <summary>The older protocol over the registers of the public test suites: the same tokens as by STS6, in its own form.</summary>
public class LegacyTests
{
    private const string Pan = "600727000000000009 ";

    // STS6: SM?VCN1~P600727000000000009~N1~N7~N1~N0~H0001~H014EEC~ and SM?VKN1~N6~P600727000000000009~N1~N7~N1~N2~N2~.
    [Theory]
    [InlineData("credit", "SM?TC" + Pan + "01201457011FF00014EEC0001", "SM!TC003D431F4B0860E9F6270630503470028726114")]
    [InlineData("credit, algorithm and carrier given", "SM?TC" + Pan + "01201457011FF00014EEC00010701", "SM!TC003D431F4B0860E9F6270630503470028726114")]
    [InlineData("another register number, group and revision decide", "SM?TC" + Pan + "42201457011FF00014EEC0001", "SM!TC003D431F4B0860E9F6270630503470028726114")]
    [InlineData("management", "SM?TM" + Pan + "01201457011FF005229FD03E8", "SM!TM003BD091D5F523CA00A68961683064326234122")]
    [InlineData("key change", "SM?TK" + Pan + "0106201457203557010216FFFF", "SM!TK0038BC9E9161019C47817D36D2A1509D01456541307054368815628027469374567476953413")]
    [InlineData("balance", "SM?TS", "SM!TS0000FFFF")]
    [InlineData("echo", "GL?EC0000512345", "GL!EC0000512345")]
    [InlineData("identification", "SM?ID", "SM!ID0000000000OPENSTS10000000000000000")]
    public void Request_OfTheOlderProtocol_Answered(string description, string request, string answer)
    {
        Assert.NotEmpty(description);
        Assert.Equal(answer, Ask(request));
    }

    [Theory]
    [InlineData("group without a key", "72", "SM?TC" + Pan + "01123456011FF00014EEC0001")]
    [InlineData("revision without a key", "72", "SM?TC" + Pan + "01201457019FF00014EEC0001")]
    [InlineData("expiry of another key", "04", "SM?TC" + Pan + "01201457011FE00014EEC0001")]
    [InlineData("the newer algorithm", "40", "SM?TC" + Pan + "01201457011FF00014EEC00011102")]
    [InlineData("identity", "76", "SM?TC600727000000000008 01201457011FF00014EEC0001")]
    [InlineData("beyond the expiry", "41", "SM?TC" + Pan + "07201460017550056000000" + "01")]
    [InlineData("no space behind the identity", "02", "SM?TC6007270000000000090" + "1201457011FF00014EEC0001")]
    [InlineData("a character missing", "02", "SM?TC" + Pan + "01201457011FF00014EEC000")]
    [InlineData("a character too many", "02", "SM?TC" + Pan + "01201457011FF00014EEC00010")]
    [InlineData("a letter in a number", "02", "SM?TC" + Pan + "0120145A011FF00014EEC0001")]
    [InlineData("subclass", "40", "SM?TC" + Pan + "01201457011FF08014EEC0001")]
    [InlineData("key change section", "40", "SM?TM" + Pan + "01201457011FF03014EEC0001")]
    [InlineData("key change to an unknown group", "72", "SM?TK" + Pan + "0106201457123456010216FFFF")]
    [InlineData("key change, a character missing", "02", "SM?TK" + Pan + "0106201457203557010216FFF")]
    [InlineData("balance with fields", "02", "SM?TS1")]
    public void Request_ThatBreaksARule_Refused(string description, string code, string request)
    {
        Assert.NotEmpty(description);
        Assert.Equal(request[..2] + "!" + request[3..5] + code, Ask(request));
    }

    [Theory]
    [InlineData("SM?LK0101")]
    [InlineData("SM?IK0101")]
    [InlineData("SM?GK0101")]
    [InlineData("SM?ED0")]
    [InlineData("SM?TU01")]
    [InlineData("SM?VCN1~")]
    public void Request_KeyLoadingOrBareEncryption_IsNoCommand(string request) => Assert.Equal("GL!ER21", Ask(request));

    [Fact]
    public void Request_Repeated_CountsOnce()
    {
        using var module = SoftwareSecurityModule.WithTestRegisters(new ModuleSettings { TestMode = true });
        var session = new ModuleSession(module, SessionFraming.Lines, SessionProtocol.Sts05);
        var answers = new ArrayBufferWriter<byte>();
        for (var i = 0; i < 3; i++)
            _ = session.Receive(TestModule.Line("SM?TC" + Pan + "01201457011FF00014EEC0001"), answers);
        _ = session.Receive(TestModule.Line("GL?RR"), answers);
        Assert.Single(TestModule.Lines(answers.WrittenSpan).Distinct());
        Assert.Equal(1, module.TokensMade);
    }

    private static string Ask(string request)
    {
        using var module = SoftwareSecurityModule.WithTestRegisters(new ModuleSettings { TestMode = true });
        var answers = new ArrayBufferWriter<byte>();
        _ = new ModuleSession(module, SessionFraming.Lines, SessionProtocol.Sts05).Receive(TestModule.Line(request), answers);
        return Assert.Single(TestModule.Lines(answers.WrittenSpan));
    }
}
