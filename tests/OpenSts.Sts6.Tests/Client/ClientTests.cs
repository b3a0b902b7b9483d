using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using OpenSts.Sts6.Client;
using Act = OpenSts.Sts6.Tests.Client.ScriptedModule.Act;

namespace OpenSts.Sts6.Tests.Client;

/// <summary>The client against a module that misbehaves; requests and answers are the published ones.</summary>
public sealed class ClientTests
{
    private static readonly (string Request, string Answer)[] Published =
    [
        ("SM?VCN1~P600727000000000009~N1~N7~N1~N0~H0001~H014EEC~9D3B",
            "SM!VC00P3D431F4B0860E9F62~P70630503470028726114~BE6D"),
        ("SM?VCN1~P600727000000000009~N1~N11~N2~N4~H0060AA~H6D6F51~6B80",
            "SM!VC00P3EE2F0257A20AB6AD~P72503171501464925869~5486"),
        ("SM?VMN1~P600727000000000009~N1~N11~N2~N1~HFFFF~H522A0B~FE11",
            "SM!VM00P0FB03E5B9962F5782~P18087553113701439362~B75D"),
        ("SM?VKN1~N6~P600727000000000009~N1~N7~N1~N2~N2~993D",
            "SM!VK00N1~N2~P38BC9E9161019C47817D36D2A1509D0145~P6541307054368815628027469374567476953413~8527"),
        ("SM?VTN1~P600727000000000009~N1~N11~P58625789986991357486~7CD8", "SM!VT00N0~N0~N0~H0001~H014EEC~7636"),
        ("SM?DI9A51", "SM!DI00P94001632~PSTS65V10~78C3"),
        ("SM?VCN7~P600727000000000009~N1~N11~N2~N0~H0001~H560000~A3A3", "SM!VC4197E7"),
    ];

    private static VendRequest Credit { get; } =
        PublishedRequests.Credit with { EncryptionAlgorithm = EncryptionAlgorithm.Ea07, TokenCarrierType = 1 };

    [Fact]
    public async Task Requests_Published_AreSentAndReadOctetForOctet()
    {
        await using var module = new ScriptedModule(Published);
        await using var client = Connect(module);
        Assert.Equal("70630503470028726114", (await client.VendCreditAsync(Credit, Cancel)).Value.ToString());
        await PublishedRequests.AskAsync(client, Cancel);
        Assert.Equal(1, module.Connections);
    }

    [Fact]
    public async Task VendCredit_ModuleRefuses_CodeAndNoToken()
    {
        await using var module = new ScriptedModule(Published);
        await using var client = Connect(module);
        var answer = await client.VendCreditAsync(Credit with
        {
            Register = 7,
            EncryptionAlgorithm = EncryptionAlgorithm.Ea11,
            TokenCarrierType = 2,
            TokenIdentifier = TokenIdentifier.FromNumber(0x560000),
        }, Cancel);
        Assert.Equal(ResponseCode.KeyExpired, answer.Code);
        Assert.False(answer.TryGet(out _));
    }

    [Theory]
    [InlineData(Act.Silence, Label = "no answer")]
    [InlineData(Act.Close, Label = "the connection closes")]
    [InlineData(Act.HalfAnswer, Label = "half an answer")]
    [InlineData(Act.OtherHeader, Label = "the answer to something else")]
    [InlineData(Act.OtherHead, Label = "the head of another request")]
    [InlineData(Act.ErrorWithoutFrame, Label = "an error without a frame")]
    public async Task VendCredit_OnceWrong_SameRequestAgainOnANewConnection(Act act)
    {
        await using var module = new ScriptedModule(Published);
        module.Next(act);
        await using var client = Connect(module);
        Assert.Equal("70630503470028726114", (await client.VendCreditAsync(Credit, Cancel)).Value.ToString());
        Assert.Equal([Published[0].Request, Published[0].Request], module.Requests);
        Assert.Equal(2, module.Connections);
    }

    [Fact]
    public async Task VendCredit_OtherHeadPermitted_IsTaken()
    {
        await using var module = new ScriptedModule(Published);
        module.Next(Act.OtherHead);
        await using var client = new SecurityModuleClient(
            new ModuleEndpoint { Host = "127.0.0.1", Port = module.Port, RequiresSameHead = false });
        Assert.Equal("70630503470028726114", (await client.VendCreditAsync(Credit, Cancel)).Value.ToString());
        Assert.Single(module.Requests);
    }

    [Fact]
    public async Task Failover_FirstSpeaksNoTls_SecondAnswers()
    {
        // TLS to the first module fails in the handshake, as with a certificate that is not accepted.
        await using var first = new ScriptedModule(Published);
        await using var second = new ScriptedModule(Published);
        var (tls, folder) = MakeCertificate();
        using (tls)
        {
            await using var client = new FailoverSecurityModule(
            [
                new SecurityModuleClient(new ModuleEndpoint
                {
                    Transport = ModuleTransport.Tls,
                    Host = "127.0.0.1",
                    Port = first.Port,
                    Tls = tls,
                }),
                Connect(second),
            ]);
            Assert.Equal(ResponseCode.Successful, (await client.VendCreditAsync(Credit, Cancel)).Code);
        }

        Directory.Delete(folder, recursive: true);
        Assert.Empty(first.Requests);
        Assert.Single(second.Requests);
    }

    [Theory]
    [InlineData("127.0.0.1:5100", ModuleTransport.Tcp, "127.0.0.1", 5100, "")]
    [InlineData("tcp://module:1", ModuleTransport.Tcp, "module", 1, "")]
    [InlineData("tls://module.example:5101", ModuleTransport.Tls, "module.example", 5101, "")]
    [InlineData("tls://[::1]:5101", ModuleTransport.Tls, "::1", 5101, "")]
    [InlineData("unix:///run/opensts/module", ModuleTransport.Unix, "", 0, "/run/opensts/module")]
    public void TryParse_AnAddress_IsRead(string text, ModuleTransport transport, string host, int port, string path)
    {
        Assert.True(ModuleEndpoint.TryParse(text, out var endpoint));
        Assert.Equal((transport, host, port, path), (endpoint.Transport, endpoint.Host, endpoint.Port, endpoint.Path));
        Assert.True(ModuleEndpoint.TryParse(endpoint.ToString(), out var again));
        Assert.Equal(endpoint, again);
    }

    [Theory]
    [InlineData("")]
    [InlineData("module")]
    [InlineData(":5100")]
    [InlineData("module:")]
    [InlineData("module:0")]
    [InlineData("module:65536")]
    [InlineData("module:-1")]
    [InlineData("http://module:5100")]
    [InlineData("tls:///path")]
    [InlineData("unix://relative")]
    [InlineData("unix:///")]
    [InlineData("::1:5100")]
    [InlineData("[::1:5100")]
    [InlineData("tcp://a/b:5100")]
    public void TryParse_NoAddress_Refused(string text)
    {
        Assert.False(ModuleEndpoint.TryParse(text, out var endpoint));
        Assert.Null(endpoint);
    }

    [Theory]
    [InlineData(ResponseCode.Successful, RequestOutcome.Done)]
    [InlineData(ResponseCode.KeyExpired, RequestOutcome.Refused)]
    [InlineData(ResponseCode.InsufficientCreditBalance, RequestOutcome.Refused)]
    [InlineData(ResponseCode.NotLicensed, RequestOutcome.Refused)]
    [InlineData(ResponseCode.InvalidRequestHeader, RequestOutcome.Refused)]
    [InlineData(ResponseCode.ChecksumError, RequestOutcome.NotDone)]
    [InlineData(ResponseCode.DeviceFailure, RequestOutcome.Unknown)]
    [InlineData(ResponseCode.TamperedState, RequestOutcome.Unknown)]
    [InlineData(ResponseCode.AppErrorState, RequestOutcome.Unknown)]
    [InlineData((ResponseCode)66, RequestOutcome.Unknown)]
    public void Outcome_OfACode_SaysWhetherToAskAgain(ResponseCode code, RequestOutcome outcome) =>
        Assert.Equal(outcome, code.Outcome());

    private static (MutualTls Tls, string Folder) MakeCertificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var certificate = new CertificateRequest("CN=host", key, HashAlgorithmName.SHA256)
            .CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        var folder = Directory.CreateTempSubdirectory("ostscert").FullName;
        var (pem, keyPem) = (Path.Combine(folder, "pem"), Path.Combine(folder, "key"));
        File.WriteAllText(pem, certificate.ExportCertificatePem());
        File.WriteAllText(keyPem, key.ExportPkcs8PrivateKeyPem());
        File.SetUnixFileMode(keyPem, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        return (MutualTls.FromFiles(pem, keyPem, pem), folder);
    }

    [Fact]
    public async Task VendCredit_WrongCheckInTheAnswer_AsksForTheLastAnswerAgain()
    {
        await using var module = new ScriptedModule(Published);
        module.Next(Act.WrongCheck, Act.WrongCheck);
        await using var client = Connect(module);
        Assert.Equal("70630503470028726114", (await client.VendCreditAsync(Credit, Cancel)).Value.ToString());
        Assert.Equal(["SM?VC", "GL?RR", "GL?RR"], module.Requests.Select(line => line[..5]));
        Assert.Equal(1, module.Connections);
    }

    [Fact]
    public async Task VendCredit_NeverAnAnswer_ThrowsAfterTheRetries()
    {
        await using var module = new ScriptedModule(Published);
        module.Next(Act.Silence, Act.Close, Act.Silence);
        await using var client = Connect(module);
        _ = await Assert.ThrowsAsync<SecurityModuleException>(
            async () => await client.VendCreditAsync(Credit, Cancel));
        Assert.Equal(3, module.Requests.Count);
    }

    [Fact]
    public async Task VendCredit_TokenFormsDisagree_NotBelieved()
    {
        // The digits of another token beside these hexadecimal digits, under a right check.
        await using var module =
            new ScriptedModule((Published[0].Request, WithCheck("SM!VC00P3D431F4B0860E9F62~P58625789986991357486~")));
        await using var client = Connect(module);
        _ = await Assert.ThrowsAsync<SecurityModuleException>(
            async () => await client.VendCreditAsync(Credit, Cancel));
    }

    [Fact]
    public async Task VendCredit_FiftyAtOnce_NoMoreConnectionsThanAllowed()
    {
        await using var module = new ScriptedModule(Published);
        await using var client = Connect(module, connections: 4);
        var answers =
            await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => client.VendCreditAsync(Credit, Cancel).AsTask()));
        Assert.All(answers, answer => Assert.Equal(ResponseCode.Successful, answer.Code));
        Assert.InRange(module.Connections, 1, 4);
    }

    [Fact]
    public async Task Failover_FirstModuleDead_SecondAnswersAndFirstIsLeftAlone()
    {
        await using var second = new ScriptedModule(Published);
        await using var client = new FailoverSecurityModule([Connect(DeadPort()), Connect(second)]);
        for (var i = 0; i < 3; i++)
            Assert.Equal(ResponseCode.Successful, (await client.VendCreditAsync(Credit, Cancel)).Code);
        Assert.Equal(3, second.Requests.Count);
    }

    [Fact]
    public async Task Failover_FirstRefuses_SecondIsNotAsked()
    {
        await using var first = new ScriptedModule((Published[0].Request, WithCheck("SM!VC31")));
        await using var second = new ScriptedModule(Published);
        await using var client = new FailoverSecurityModule([Connect(first), Connect(second)]);
        Assert.Equal(ResponseCode.InsufficientCreditBalance, (await client.VendCreditAsync(Credit, Cancel)).Code);
        Assert.Empty(second.Requests);
    }

    [Fact]
    public async Task Failover_AllDead_Throws()
    {
        await using var client = new FailoverSecurityModule([Connect(DeadPort()), Connect(DeadPort())]);
        _ = await Assert.ThrowsAsync<SecurityModuleException>(
            async () => await client.VendCreditAsync(Credit, Cancel));
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static SecurityModuleClient Connect(ScriptedModule module, int connections = 8) =>
        Connect(module.Port, connections);

    private static SecurityModuleClient Connect(int port, int connections = 8) =>
        new(new ModuleEndpoint
        {
            Host = "127.0.0.1",
            Port = port,
            AnswerTimeout = TimeSpan.FromMilliseconds(300),
            Connections = connections,
        });

    private static int DeadPort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static string WithCheck(string line)
    {
        var frame = ClientFrame.Build(line[..5], line[5..]);
        return System.Text.Encoding.ASCII.GetString(frame, 0, frame.Length - 1);
    }
}
