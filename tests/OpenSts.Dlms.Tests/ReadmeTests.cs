using System.Net;
using System.Net.Sockets;
using OpenSts.Dlms.Apdu;
using OpenSts.Dlms.Client;
using OpenSts.Dlms.Listening;
using OpenSts.Dlms.Objects;
using OpenSts.Dlms.Security;
using OpenSts.Dlms.Server;
using OpenSts.Dlms.Values;

namespace OpenSts.Dlms.Tests;

/// <summary>The example of the README, compiled and run; the port is any free one.</summary>
public class ReadmeTests
{
    [Fact]
    public async Task Example_OfOneRegister_IsServedAndRead()
    {
        var cancellation = TestContext.Current.CancellationToken;
        var options = new ServerOptions
        {
            SystemTitle = SystemTitle.Create("ABC", 1),
            LogicalDeviceName = "ABC0000000000001",
            Clients = [ClientProfile.Public],
        };
        CosemObject[] objects =
        [
            AssociationObjects.LogicalDeviceName(options),
            AssociationObjects.Association(),
            RegisterObject.Create(
                new LogicalName(1, 0, 1, 8, 0),
                _ => ValueTask.FromResult<ReadResult>(CosemValue.UInt32(123456)),
                scaler: 0,
                unit: 30).AsPublic(),
        ];
        var server = new DlmsServer(objects, options);
        await using var listener = new DlmsListener(
            new IPEndPoint(IPAddress.Loopback, 0), () => new WrapperServerSession(server));
        using var tcp = new TcpClient();
        await tcp.ConnectAsync(listener.Endpoint, cancellation);
        await using var client = await DlmsClient.OpenAsync(
            new WrapperTransport(tcp.GetStream(), clientSap: 16), new ClientOptions(), cancellation);
        var result =
            await client.GetAsync(new MemberReference(3, new LogicalName(1, 0, 1, 8, 0), 2), null, cancellation);
        Assert.Equal(CosemValue.UInt32(123456), result.Value);
    }
}
