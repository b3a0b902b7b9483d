using OpenSts.Dlms.Framing;
using OpenSts.Dlms.Wire;

namespace OpenSts.Dlms.Client;

/// <summary>The client's end of an HDLC link over a stream: a serial line or a TCP connection.</summary>
/// <remarks>IEC 62056-46. A frame without an answer is sent again, three times in all.</remarks>
/// <param name="stream">The stream; the transport disposes it.</param>
/// <param name="session">A closed link.</param>
/// <param name="timeout">How long an answer is waited for before a frame is sent again; five seconds where
/// null.</param>
public sealed class HdlcTransport(Stream stream, HdlcClientSession session, TimeSpan? timeout = null) : IDlmsTransport
{
    private const int Tries = 3;
    private readonly WireWriter _out = new();
    private readonly byte[] _in = new byte[2048];
    private readonly TimeSpan _timeout = timeout ?? TimeSpan.FromSeconds(5);
    private Task<int>? _reading;
    private bool _isBroken;

    /// <inheritdoc/>
    public async ValueTask OpenAsync(CancellationToken cancellation)
    {
        _out.Clear();
        session.Open(_out);
        await RunAsync(() => session.Open(_out), cancellation).ConfigureAwait(false);
        if (!session.IsOpen)
            throw new DlmsException(DlmsFault.Refused, "the server refused the HDLC link");
    }

    /// <inheritdoc/>
    public ValueTask<ReadOnlyMemory<byte>> ExchangeAsync(ReadOnlyMemory<byte> apdu, CancellationToken cancellation)
    {
        Begin();
        session.Send(apdu.Span, _out);
        return ReceiveOneAsync(cancellation);
    }

    /// <inheritdoc/>
    public async ValueTask SendAsync(ReadOnlyMemory<byte> apdu, CancellationToken cancellation)
    {
        Begin();
        session.Send(apdu.Span, _out);
        await RunAsync(() => session.Repeat(_out), cancellation, isOneWay: true).ConfigureAwait(false);
        if (!session.MaySend)
            throw new DlmsException(DlmsFault.Malformed, "the server answered what has no answer");
    }

    /// <inheritdoc/>
    public ValueTask<ReadOnlyMemory<byte>> ReceiveAsync(CancellationToken cancellation)
    {
        Begin();
        session.Poll(_out);
        return ReceiveOneAsync(cancellation);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (session.IsOpen && !_isBroken)
        {
            try
            {
                _out.Clear();
                session.Close(_out);
                await RunAsync(() => session.Close(_out), CancellationToken.None).ConfigureAwait(false);
            }
            catch (DlmsException)
            {
                // The link ends with the stream as well.
            }
        }

        await stream.DisposeAsync().ConfigureAwait(false);
    }

    private void Begin()
    {
        // The numbers of the two ends may differ from here on.
        if (_isBroken || !session.IsOpen)
            throw new DlmsException(DlmsFault.Connection, "the HDLC link was given up");
        _out.Clear();
    }

    private async ValueTask<ReadOnlyMemory<byte>> ReceiveOneAsync(CancellationToken cancellation)
    {
        await RunAsync(() => session.Repeat(_out), cancellation).ConfigureAwait(false);
        return session.IsOpen ? session.Apdu
            : throw new DlmsException(DlmsFault.Connection, "the server ended the HDLC link");
    }

    private async ValueTask RunAsync(Action repeat, CancellationToken cancellation, bool isOneWay = false)
    {
        try
        {
            for (var attempt = 0; attempt < Tries;)
            {
                if (_out.Length > 0)
                    await stream.WriteAsync(_out.WrittenMemory, cancellation).ConfigureAwait(false);
                _out.Clear();
                // A read is never given up, for what it brings later would be lost: it is waited for again.
                _reading ??= stream.ReadAsync(_in, CancellationToken.None).AsTask();
                try
                {
                    var count = await _reading.WaitAsync(_timeout, cancellation).ConfigureAwait(false);
                    _reading = null;
                    if (count == 0)
                        throw new DlmsException(DlmsFault.Connection, "the connection ended");
                    if (session.Receive(_in.AsSpan(0, count), _out) || (isOneWay && session.MaySend))
                        return;
                }
                catch (TimeoutException)
                {
                    attempt++;
                    repeat();
                }
            }
        }
        catch (IOException error)
        {
            throw new DlmsException(DlmsFault.Connection, "the connection ended", error);
        }

        _isBroken = true;
        throw new DlmsException(DlmsFault.Connection, "no answer in time");
    }
}
