using Microsoft.Extensions.Time.Testing;
using OpenSts.Cosem.Meters;
using OpenSts.Cosem.Objects;
using OpenSts.Dlms.Acse;
using OpenSts.Dlms.Client;
using OpenSts.Dlms.Framing;
using OpenSts.Dlms.Security;
using OpenSts.Dlms.Server;
using OpenSts.Keys;
using OpenSts.Metering;
using OpenSts.Secrets;

namespace OpenSts.Cosem.Tests;

/// <summary>A meter, its server and clients of it, all in one process without sockets.</summary>
internal sealed class MeterFixture : IDisposable
{
    public static readonly byte[] EncryptionKey = Convert.FromHexString("000102030405060708090A0B0C0D0E0F");
    public static readonly byte[] AuthenticationKey = Convert.FromHexString("D0D1D2D3D4D5D6D7D8D9DADBDCDDDEDF");
    public static readonly byte[] MasterKey = Convert.FromHexString("404142434445464748494A4B4C4D4E4F");
    public static readonly SystemTitle ClientTitle = SystemTitle.Create("VND", 1);

    private readonly List<IDisposable> _owned = [];
    private int _identifier = 2000;

    public MeterFixture(Func<ServerOptions, ServerOptions>? change = null, ICosemMeter? meter = null,
        IInvocationCounterStore? counters = null, int reservation = 64, SecuritySuite suite = SecuritySuite.Suite0)
    {
        Suite = suite;
        Attributes = TestKeys.Attributes();
        MeterKey = Own(TestKeys.Derive(Attributes));
        var settings =
            new MeterSettings { MeterPan = Attributes.MeterPan, EncryptionAlgorithm = EncryptionAlgorithm.Ea07 };
        Meter = meter ?? new InMemoryMeter(settings,
            MeterState.AtManufacture(MeterKey, Attributes, TokenIdentifier.FromNumber(1000)), Clock);
        Counters = counters ?? new MemoryCounterStore();
        Encryption = Own(new SecretBytes(Widen(EncryptionKey)));
        Authentication = Own(new SecretBytes(Widen(AuthenticationKey)));
        Password = Own(new SecretBytes("12345678"u8));
        Keys = new ServerKeys(Own(new SecretBytes(Widen(MasterKey))), Encryption, Authentication, Counters, KeyStore,
            reservation);
        var server = new ServerOptions
        {
            SystemTitle = SystemTitle.Create("STS", 7),
            LogicalDeviceName = "STS0000000000007",
            Suite = suite,
            WrongPasswordDelay = TimeSpan.Zero,
            Clients = [ClientProfile.Public, ClientProfile.Management, ClientProfile.Reader(2, Password)],
        };
        server = change?.Invoke(server) ?? server;
        Server = new DlmsServer(MeterObjects.Create(Meter, server), server, Keys, Random, Clock, Log);
    }

    public DecoderKeyAttributes Attributes { get; }

    public DecoderKey MeterKey { get; }

    public ICosemMeter Meter { get; }

    public DlmsServer Server { get; }

    public ServerKeys Keys { get; }

    public SecuritySuite Suite { get; }

    public IInvocationCounterStore Counters { get; }

    public KeptKeys KeyStore { get; } = new();

    public SecretBytes Encryption { get; private set; }

    public SecretBytes Authentication { get; private set; }

    public SecretBytes Password { get; }

    public CollectingLogger Log { get; } = new();

    public FakeTimeProvider Clock { get; } = new(new DateTimeOffset(2026, 3, 4, 5, 6, 7, TimeSpan.Zero));

    /// <summary>Every octet the server's session got and gave, where a test wants to see them.</summary>
    public List<(byte[] Request, byte[] Answer)> Wire { get; } = [];

    public ClientOptions ManagementSettings(uint counter = 1) => new()
    {
        Mechanism = AuthenticationMechanism.HighLevelGmac,
        Suite = Suite,
        EncryptionKey = Encryption,
        AuthenticationKey = Authentication,
        Title = ClientTitle,
        FirstCounter = counter,
    };

    public ValueTask<TestClient> ManageAsync(ClientOptions? settings = null, bool overHdlc = false) =>
        OpenAsync(settings ?? ManagementSettings(), 1, overHdlc);

    public ValueTask<TestClient> OpenAsync(ClientOptions settings, ushort sap, bool overHdlc = false) =>
        OpenAsync(settings, Transport(sap, overHdlc));

    public static async ValueTask<TestClient> OpenAsync(ClientOptions settings, IDlmsTransport transport) =>
        new(await DlmsClient.OpenAsync(transport, settings, TestContext.Current.CancellationToken));

    public IDlmsTransport Transport(ushort sap, bool overHdlc = false, HdlcParameters? clientSide = null,
        HdlcParameters? serverSide = null) => overHdlc
        ? new HdlcTransport(new LoopStream(new HdlcServerSession(Server, serverSide), Wire),
            new HdlcClientSession(sap, 1, 17, clientSide))
        : new WrapperTransport(new LoopStream(new WrapperServerSession(Server), Wire), sap);

    public Token66 Credit(int units = 100)
    {
        _ = TransferAmount.TryFromUnits(units, out var amount);
        return TokenIssuer.Issue(new TransferCredit
        {
            Service = CreditService.Electricity,
            Amount = amount,
            Tid = TokenIdentifier.FromNumber(_identifier += 3),
            Random = 5,
        }, MeterKey);
    }

    public byte[] Widen(byte[] key) =>
        Suite == SecuritySuite.Suite2 ? [.. key, .. key.Select(octet => (byte)(octet ^ 0x55))] : key;

    public void UseNewKeys(SecretBytes encryption, SecretBytes authentication)
    {
        Encryption = Own(encryption);
        Authentication = Own(authentication);
    }

    public void Dispose()
    {
        foreach (var each in _owned)
            each.Dispose();
    }

    /// <summary>The octets of a key of a test.</summary>
    public static string Hex(SecretBytes key)
    {
        using var lease = key.Lease();
        return Convert.ToHexString(lease.Span);
    }

    private static void Random(Span<byte> destination) => destination.Fill(0xA5);

    private T Own<T>(T each)
        where T : IDisposable
    {
        _owned.Add(each);
        return each;
    }

    internal sealed class KeptKeys : IServerKeyStore
    {
        public int Count { get; private set; }

        public void Keep(KeySet keys) => Count++;
    }
}
