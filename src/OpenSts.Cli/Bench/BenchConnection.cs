using System.Net;
using System.Net.Sockets;
using OpenSts.Dlms.Apdu;
using OpenSts.Dlms.Client;
using OpenSts.Dlms.Framing;
using OpenSts.Dlms.Wire;

namespace OpenSts.Cli.Bench;

/// <summary>
/// One association that repeats one call. Requests and responses are separate steps, so that one thread serves many
/// connections.
/// </summary>
internal sealed class BenchConnection : IDisposable
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
    /// <param name="settings">The options of the association, which is protected.</param>
    /// <param name="call">The call that is repeated.</param>
    /// <param name="timeout">How long a response may take.</param>
    /// <exception cref="SocketException">There is no connection, or it broke.</exception>
    /// <exception cref="DlmsException">The server refused the association, or did not prove its identity.</exception>
    public BenchConnection(IPEndPoint server, ClientOptions settings, MethodCall call, TimeSpan timeout)
    {
        _call = call;
        _association = new ClientAssociation(settings);
        Socket = new Socket(server.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            Socket.Connect(server);
            Socket.ReceiveTimeout = Socket.SendTimeout = (int)timeout.TotalMilliseconds;
            _plain.Clear();
            _association.WriteRequest(_plain);
            Send(_plain.Written);
            _association.Accept(Receive());
            Send(_association.Answer());
            if (!_association.AcceptAnswer(ReadResponse(Receive())))
                throw new DlmsException(DlmsFault.Authentication,
                    "the server did not prove its identity, or refused ours");
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>The connection; readable when octets of a response were received.</summary>
    public Socket Socket { get; }

    /// <summary>Sends the next call.</summary>
    public void Send() => Send(_call);

    /// <summary>Reads what was received; true where it completes the response to the call.</summary>
    /// <exception cref="SocketException">The connection broke.</exception>
    /// <exception cref="DlmsException">The response is malformed, or answers another request.</exception>
    public bool TryReceive()
    {
        if (!TryReceive(out var apdu))
            return false;
        _ = ReadResponse(apdu);
        return true;
    }

    /// <summary>Releases the association; no response may be outstanding.</summary>
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

    private void Send(MethodCall call)
    {
        _invoke = (_invoke + 1) & 15;
        _plain.Clear();
        _plain.Request(new ActionRequest((byte)(Confirmed | _invoke), call));
        Send(_association.Protect(_plain.Written).Span);
    }

    private CallResult ReadResponse(ReadOnlySpan<byte> apdu) =>
        _association.Open(apdu) is ActionResponse response && (response.Invoke & 15) == _invoke
        ? response.Result
        : throw new DlmsException(DlmsFault.Malformed, "the response is not the response to the request");

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
            // The rest of the response was not received yet.
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
                "the response is not a wrapper frame of this server for this client");
        if (_received < WrapperHeader.Octets + header.Length)
            return false;
        _received = 0;
        apdu = _in.AsSpan(WrapperHeader.Octets, header.Length);
        return true;
    }
}
