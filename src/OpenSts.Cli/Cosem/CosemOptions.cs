using System.CommandLine;
using System.Globalization;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using OpenSts.Cli.Terminal;
using OpenSts.Cosem.Client;
using OpenSts.Cosem.Hosting;
using OpenSts.Dlms.Acse;
using OpenSts.Dlms.Client;
using OpenSts.Dlms.Framing;
using OpenSts.Dlms.Security;
using OpenSts.SerialPorts;

namespace OpenSts.Cli.Cosem;

/// <summary>The options that say where a COSEM server is and who the client is.</summary>
internal sealed class CosemOptions
{
    private const ushort PublicSap = 16;
    private readonly Option<string> _host =
        new("--host") { Description = "Address of the server", DefaultValueFactory = _ => "127.0.0.1" };
    private readonly Option<int> _port =
        new("--port") { Description = "TCP port of the server", DefaultValueFactory = _ => 4059 };
    private readonly Option<string?> _device = new("--device")
    {
        Description = "Serial device in place of TCP, such as /dev/ttyUSB0 or /dev/ttyUSB0:9600,8N1; HDLC"
    };
    private readonly Option<bool> _hdlc = new("--hdlc") { Description = "HDLC over TCP in place of the wrapper" };
    private readonly Option<int?> _physical =
        new("--physical") { Description = "Lower HDLC address of the server, 0 to 16383" };
    private readonly Option<int?> _sap =
        new("--sap") { Description = "The client's service access point; 1 with keys, 2 with a password, 16 without" };
    private readonly Option<int> _serverSap =
        new("--server-sap") { Description = "The server's service access point", DefaultValueFactory = _ => 1 };
    private readonly Option<string?> _title =
        new("--title") { Description = "The client's system title, 16 hex digits" };
    private readonly Option<long?> _counter =
        new("--counter") { Description = "First invocation counter; else the server is asked as its public client" };
    private readonly Option<int> _pdu = new("--pdu")
    {
        Description = "The longest APDU the client takes, 64 to 65535",
        DefaultValueFactory = _ => 65535,
    };
    private readonly Option<bool> _general = new("--general") { Description = "Wrap APDUs in general ciphering" };
    private readonly Option<bool> _named =
        new("--named-key") { Description = "Wrap APDUs in general-ciphering that names both parties and the key" };
    private readonly Option<int> _window = new("--block-window")
    {
        Description = "Ask for general block transfer, with windows of so many blocks, 1 to 63"
    };
    private readonly Option<int> _mechanism = new("--mechanism")
    {
        Description = "HLS mechanism with keys: 5 GMAC, 6 SHA-256 (--secret-file), 7 ECDSA (--signing-key)",
        DefaultValueFactory = _ => 5,
    };
    private readonly Option<string?> _signing = new("--signing-key")
    {
        Description = "File with the client's private key for signatures (PEM; suites 1 and 2)"
    };
    private readonly Option<string?> _server =
        new("--server-certificate") { Description = "File with the server's certificate for signatures (PEM or DER)" };

    public CosemKeyOptions Keys { get; } = new();

    public void AddTo(Command command)
    {
        foreach (Option option in (Option[])[_host, _port, _device, _hdlc, _physical, _sap, _serverSap, _title,
            _counter, _pdu, _general, _named, _window, _mechanism, _signing, _server])
            command.Options.Add(option);
        Keys.AddTo(command);
    }

    /// <summary>
    /// Associates and does the work; what goes wrong with the server becomes one line and exit status 1.
    /// </summary>
    public int Run(ParseResult parsed, Func<DlmsClient, Task<int>> work) =>
        Run(parsed, (client, _, _) => work(client));

    /// <summary>
    /// The same for work with keys: it is also told how the association was opened, and with which keys.
    /// </summary>
    public int Run(ParseResult parsed, Func<DlmsClient, ClientOptions, CosemKeys, Task<int>> work)
    {
        try
        {
            return RunAsync(parsed, work).GetAwaiter().GetResult();
        }
        catch (DlmsException error)
        {
            return Commands.WriteError(parsed, "server", error.Message, ExitCode.Negative);
        }
        catch (SocketException error)
        {
            return Commands.WriteError(parsed, "connection", error.Message, ExitCode.Negative);
        }
    }

    private async Task<int> RunAsync(ParseResult parsed, Func<DlmsClient, ClientOptions, CosemKeys, Task<int>> work)
    {
        using var keys = Keys.Read(parsed);
        using var signing = SigningKey(parsed, keys.Suite);
        using var server = ServerKey(parsed);
        var settings = Settings(parsed, keys) with { SigningKey = signing, ServerKey = server };
        if (settings is { Mechanism: AuthenticationMechanism.HighLevelEcdsa, SigningKey: null }
            or { Mechanism: AuthenticationMechanism.HighLevelEcdsa, ServerKey: null })
            throw new CliException("--mechanism 7 needs --signing-key and --server-certificate");
        var sap = parsed.GetValue(_sap) ?? (settings.IsProtected ? 1 : keys.Password is not null ? 2 : PublicSap);
        if (settings.IsProtected)
        {
            var counter = parsed.GetValue(_counter) ?? 1L
                + await MeterClient.ReadCounterAsync(await ConnectAsync(parsed, PublicSap).ConfigureAwait(false))
                .ConfigureAwait(false);
            if (counter is < 0 or > uint.MaxValue)
                throw new CliException("--counter: permitted are 0 to 4294967295");
            settings = settings with { FirstCounter = (uint)counter };
        }

        var client = await DlmsClient.OpenAsync(await ConnectAsync(parsed, sap).ConfigureAwait(false), settings)
            .ConfigureAwait(false);
        await using (client.ConfigureAwait(false))
            return await work(client, settings, keys).ConfigureAwait(false);
    }

    private ECDsa? SigningKey(ParseResult parsed, SecuritySuite suite)
    {
        try
        {
            return parsed.GetValue(_signing) is { } path ? KeyFiles.ReadSigningKey(path, suite) : null;
        }
        catch (FormatException error)
        {
            throw new CliException($"--signing-key: {error.Message}");
        }
    }

    private ECDsa? ServerKey(ParseResult parsed)
    {
        if (parsed.GetValue(_server) is not { } path)
            return null;
        using var certificate = CertificateFiles.Read("--server-certificate", path);
        return certificate.GetECDsaPublicKey()
            ?? throw new CliException("--server-certificate: the certificate is of no key for ECDSA");
    }

    private ClientOptions Settings(ParseResult parsed, CosemKeys keys)
    {
        if (parsed.GetValue(_pdu) is not (>= 64 and <= ushort.MaxValue and var pdu))
            throw new CliException("--pdu: permitted are 64 to 65535");
        var title = parsed.GetValue(_title) is { } text ? Title("--title", text) : SystemTitle.Create("OSC", 1);
        if (parsed.GetValue(_mechanism) is not (>= 5 and <= 7))
            throw new CliException("--mechanism: permitted are 5, 6 and 7");
        if (parsed.GetValue(_mechanism) == 6 && keys.Secret is null)
            throw new CliException("--mechanism 6 needs --secret-file");
        if (parsed.GetValue(_window) is < 0 or > 63)
            throw new CliException("--block-window: permitted are 1 to 63");
        return new ClientOptions
        {
            Mechanism = keys.Encryption is not null ? (AuthenticationMechanism)parsed.GetValue(_mechanism)
                : keys.Password is not null ? AuthenticationMechanism.Password : AuthenticationMechanism.None,
            Password = keys.Password,
            Suite = keys.Suite,
            EncryptionKey = keys.Encryption,
            AuthenticationKey = keys.Authentication,
            Title = title,
            MaximumPdu = (ushort)pdu,
            UsesGeneralCiphering = parsed.GetValue(_general),
            NamesKey = parsed.GetValue(_named),
            BlockWindow = parsed.GetValue(_window),
            Secret = keys.Secret,
        };
    }

    /// <summary>A system title in hexadecimal digits.</summary>
    public static SystemTitle Title(string name, string text) =>
        text.Length == 16 && ulong.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out _)
            && SystemTitle.TryRead(Convert.FromHexString(text), out var title)
            ? title
            : throw new CliException($"{name} is not 16 hexadecimal digits");

    private async Task<IDlmsTransport> ConnectAsync(ParseResult parsed, int sap)
    {
        if (sap is < 1 or > 127 || parsed.GetValue(_serverSap) is < 1 or > 127 || parsed.GetValue(_physical) is < 0
            or > 16383)
            throw new CliException("service access points are 1 to 127, lower addresses 0 to 16383");
        var device = parsed.GetValue(_device);
        if (device is not null || parsed.GetValue(_hdlc))
        {
            var link = new HdlcClientSession(sap, parsed.GetValue(_serverSap), parsed.GetValue(_physical),
                HdlcParameters.Largest);
            return new HdlcTransport(device is null ? await TcpAsync(parsed).ConfigureAwait(false)
                : Device(device), link);
        }

        return new WrapperTransport(await TcpAsync(parsed).ConfigureAwait(false), (ushort)sap,
            (ushort)parsed.GetValue(_serverSap));
    }

    /// <summary>
    /// Opens a serial device; 9600 baud, 8 data bits, no parity and 1 stop bit where the text says nothing else.
    /// </summary>
    /// <exception cref="CliException">There is no such device, or it cannot be opened.</exception>
    public static Stream Device(string text)
    {
        if (!SerialPortSettings.TryParse(text, "9600,8N1", out var settings))
            throw new CliException($"--device: '{text}' is not {SerialPortSettings.Form}");
        try
        {
            return SerialLine.Open(settings).Stream;
        }
        catch (IOException error)
        {
            throw new CliException($"--device: {error.Message}");
        }
    }

    private async Task<Stream> TcpAsync(ParseResult parsed)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(parsed.GetValue(_host)!, parsed.GetValue(_port)).ConfigureAwait(false);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
