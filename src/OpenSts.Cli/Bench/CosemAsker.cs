using System.Net;
using System.Net.Sockets;
using OpenSts.Dlms.Apdu;
using OpenSts.Dlms.Client;
using OpenSts.Dlms.Framing;
using OpenSts.Dlms.Wire;

namespace OpenSts.Cli.Bench;

/// <summary>
/// One association that calls one method again and again. It never waits by itself, so that one thread asks on many of
/// them.
/// </summary>
internal sealed class CosemAsker : IDisposable
{
    private const ushort ClientSap = 1;
    private const ushort ServerSap = 1;
    private const byte Confirmed = 0xC0;
    private readonly ClientAssociation _association;
    private readonly MethodCall _call;
    private readonly WireWriter _plain = new();
    private readonly WireWriter _out = new();
    private readonly byte[] _in = new byte[2048];
    private int _received;
    private int _invoke;

    /// <summary>Connects and associates.</summary>
    /// <param name="server">The server.</param>
    /// <param name="settings">How to associate: protected.</param>
    /// <param name="call">What is called.</param>
    /// <param name="patience">How long an answer is waited for.</param>
    /// <exception cref="SocketException">Nobody is there, or not any more.</exception>
    /// <exception cref="DlmsException">The server refused, or is not who it should be.</exception>
    public CosemAsker(IPEndPoint server, ClientOptions settings, MethodCall call, TimeSpan patience)
    {
        _call = call;
        _association = new ClientAssociation(settings);
        Socket = new Socket(server.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            Socket.Connect(server);
            Socket.ReceiveTimeout = Socket.SendTimeout = (int)patience.TotalMilliseconds;
            _plain.Clear();
            _association.WriteRequest(_plain);
            Send(_plain.Written);
            _association.Accept(Receive());
            Ask(_association.Answer());
            if (!_association.AcceptAnswer(Answer(Receive())))
                throw new DlmsException(DlmsFault.Authentication,
                    "the server could not prove who it is, or did not believe us");
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>The connection: readable when more of an answer is there.</summary>
    public Socket Socket { get; }

    /// <summary>Sends the next call.</summary>
    public void Ask() => Ask(_call);

    /// <summary>Takes what is there; true where the answer is whole and it is the answer to the call.</summary>
    /// <exception cref="SocketException">The connection broke.</exception>
    /// <exception cref="DlmsException">The answer is not what it should be.</exception>
    public bool TryTake()
    {
        if (!TryReceive(out var apdu))
            return false;
        _ = Answer(apdu);
        return true;
    }

    /// <summary>Ends the association, once no answer is awaited any more.</summary>
    public void Release()
    {
        _plain.Clear();
        _association.WriteReleaseRequest(_plain);
        Send(_plain.Written);
        _ = Receive();
    }

    public void Dispose()
    {
        Socket.Dispose();
        _association.Dispose();
    }

    private void Ask(MethodCall call)
    {
        _invoke = (_invoke + 1) & 15;
        _plain.Clear();
        _plain.Request(new ActionRequest((byte)(Confirmed | _invoke), call));
        Send(_association.Protect(_plain.Written).Span);
    }

    private CallResult Answer(ReadOnlySpan<byte> apdu) =>
        _association.Open(apdu) is ActionResponse response && (response.Invoke & 15) == _invoke
        ? response.Result
        : throw new DlmsException(DlmsFault.Malformed, "the answer is not the answer to the request");

    private void Send(ReadOnlySpan<byte> apdu)
    {
        _out.Clear();
        new WrapperHeader(ClientSap, ServerSap, (ushort)apdu.Length).Write(_out);
        _out.Bytes(apdu);
        _ = Socket.Send(_out.Written);
    }

    private ReadOnlySpan<byte> Receive()
    {
        ReadOnlySpan<byte> apdu;
        while (!TryReceive(out apdu))
        {
            // The rest is still under way.
        }

        return apdu;
    }

    private bool TryReceive(out ReadOnlySpan<byte> apdu)
    {
        apdu = default;
        var count = Socket.Receive(_in.AsSpan(_received));
        if (count == 0)
            throw new DlmsException(DlmsFault.Connection, "the connection ended");
        _received += count;
        if (_received < WrapperHeader.Octets)
            return false;
        if (!WrapperHeader.TryRead(_in, out var header) || header.Source != ServerSap
            || header.Destination != ClientSap || WrapperHeader.Octets + header.Length > _in.Length)
            throw new DlmsException(DlmsFault.Malformed,
                "the answer is not a wrapper frame of this server for this client");
        if (_received < WrapperHeader.Octets + header.Length)
            return false;
        _received = 0;
        apdu = _in.AsSpan(WrapperHeader.Octets, header.Length);
        return true;
    }
}
