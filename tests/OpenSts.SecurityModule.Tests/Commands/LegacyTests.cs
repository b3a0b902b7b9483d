using System.Buffers;
using OpenSts.SecurityModule.Transport;
using OpenSts.Sts6;

namespace OpenSts.SecurityModule.Tests.Commands;

/// <summary>
/// The older protocol over the registers of the public test suites: the same tokens as by STS6, in its own form.
/// </summary>
public class LegacyTests
{
    private const string Pan = "600727000000000009 ";

    // STS6: SM?VCN1~P600727000000000009~N1~N7~N1~N0~H0001~H014EEC~ and SM?VKN1~N6~P600727000000000009~N1~N7~N1~N2~N2~.
    [Theory]
    [InlineData("SM?TC" + Pan
        + "01201457011FF00014EEC0001", "SM!TC003D431F4B0860E9F6270630503470028726114", Label = "credit")]
    [InlineData("SM?TC" + Pan + "01201457011FF00014EEC00010701", "SM!TC003D431F4B0860E9F6270630503470028726114",
        Label = "credit, algorithm and carrier given")]
    [InlineData("SM?TC" + Pan + "42201457011FF00014EEC0001", "SM!TC003D431F4B0860E9F6270630503470028726114",
        Label = "another register number, group and revision decide")]
    [InlineData("SM?TM" + Pan
        + "01201457011FF005229FD03E8", "SM!TM003BD091D5F523CA00A68961683064326234122", Label = "management")]
    [InlineData("SM?TK" + Pan + "0106201457203557010216FFFF",
        "SM!TK0038BC9E9161019C47817D36D2A1509D01456541307054368815628027469374567476953413", Label = "key change")]
    [InlineData("SM?TS", "SM!TS0000FFFF", Label = "balance")]
    [InlineData("GL?EC0000512345", "GL!EC0000512345", Label = "echo")]
    [InlineData("SM?ID", "SM!ID0000000000OPENSTS10000000000000000", Label = "identification")]
    public void Request_OfTheOlderProtocol_Answered(string request, string answer)
    {
        Assert.Equal(answer, Ask(request));
    }

    [Theory]
    [InlineData("72", "SM?TC" + Pan + "01123456011FF00014EEC0001", Label = "group without a key")]
    [InlineData("72", "SM?TC" + Pan + "01201457019FF00014EEC0001", Label = "revision without a key")]
    [InlineData("04", "SM?TC" + Pan + "01201457011FE00014EEC0001", Label = "expiry of another key")]
    [InlineData("40", "SM?TC" + Pan + "01201457011FF00014EEC00011102", Label = "the newer algorithm")]
    [InlineData("76", "SM?TC600727000000000008 01201457011FF00014EEC0001", Label = "identity")]
    [InlineData("41", "SM?TC" + Pan + "07201460017550056000000" + "01", Label = "beyond the expiry")]
    [InlineData("02", "SM?TC6007270000000000090" + "1201457011FF00014EEC0001", Label = "no space behind the identity")]
    [InlineData("02", "SM?TC" + Pan + "01201457011FF00014EEC000", Label = "a character missing")]
    [InlineData("02", "SM?TC" + Pan + "01201457011FF00014EEC00010", Label = "a character too many")]
    [InlineData("02", "SM?TC" + Pan + "0120145A011FF00014EEC0001", Label = "a letter in a number")]
    [InlineData("40", "SM?TC" + Pan + "01201457011FF08014EEC0001", Label = "subclass")]
    [InlineData("40", "SM?TM" + Pan + "01201457011FF03014EEC0001", Label = "key change section")]
    [InlineData("72", "SM?TK" + Pan + "0106201457123456010216FFFF", Label = "key change to an unknown group")]
    [InlineData("02", "SM?TK" + Pan + "0106201457203557010216FFF", Label = "key change, a character missing")]
    [InlineData("02", "SM?TS1", Label = "balance with fields")]
    public void Request_ThatBreaksARule_Refused(string code, string request)
    {
        Assert.Equal(request[..2] + "!" + request[3..5] + code, Ask(request));
    }

    [Theory]
    [InlineData("SM?LK0101")]
    [InlineData("SM?IK0101")]
    [InlineData("SM?GK0101")]
    [InlineData("SM?ED0")]
    [InlineData("SM?TU01")]
    [InlineData("SM?VCN1~")]
    public void Request_KeyLoadingOrBareEncryption_IsNoCommand(string request) =>
        Assert.Equal("GL!ER21", Ask(request));

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
        _ = new ModuleSession(module, SessionFraming.Lines, SessionProtocol.Sts05)
            .Receive(TestModule.Line(request), answers);
        return Assert.Single(TestModule.Lines(answers.WrittenSpan));
    }
}
