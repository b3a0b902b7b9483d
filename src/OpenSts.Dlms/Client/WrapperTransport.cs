using OpenSts.Dlms.Framing;
using OpenSts.Dlms.Wire;

namespace OpenSts.Dlms.Client;

/// <summary>The client's end of a TCP connection.</summary>
/// <remarks>IEC 62056-4-7.</remarks>
/// <param name="stream">The stream; the transport disposes it.</param>
/// <param name="clientSap">The client's service access point.</param>
/// <param name="serverSap">The server's service access point.</param>
/// <param name="timeout">How long an answer is waited for; 30 seconds where null.</param>
public sealed class WrapperTransport(Stream stream, ushort clientSap, ushort serverSap = 1, TimeSpan? timeout = null)
    : IDlmsTransport
{
    private readonly WireWriter _out = new();
    private readonly TimeSpan _timeout = timeout ?? TimeSpan.FromSeconds(30);
    private byte[] _in = new byte[2048];
    private int _taken;
    private int _held;
    private CancellationTokenSource _timer = new();

    /// <inheritdoc/>
    public ValueTask OpenAsync(CancellationToken cancellation) => ValueTask.CompletedTask;

    /// <inheritdoc/>
    public ValueTask<ReadOnlyMemory<byte>> ExchangeAsync(ReadOnlyMemory<byte> apdu, CancellationToken cancellation) =>
        RunAsync(Frame(apdu), isAnswered: true, cancellation);

    /// <inheritdoc/>
    public async ValueTask SendAsync(ReadOnlyMemory<byte> apdu, CancellationToken cancellation) =>
        _ = await RunAsync(Frame(apdu), isAnswered: false, cancellation).ConfigureAwait(false);

    /// <inheritdoc/>
    public ValueTask<ReadOnlyMemory<byte>> ReceiveAsync(CancellationToken cancellation) =>
        RunAsync(default, isAnswered: true, cancellation);

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _timer.Dispose();
        return stream.DisposeAsync();
    }

    private ReadOnlyMemory<byte> Frame(ReadOnlyMemory<byte> apdu)
    {
        if (apdu.Length > ushort.MaxValue)
            throw new DlmsException(DlmsFault.Malformed, "an APDU has at most 65535 octets");
        // What is there before a request belongs to none.
        if (_held > 0)
            throw new DlmsException(DlmsFault.Malformed, "the server sent more than it was asked for");
        _out.Clear();
        new WrapperHeader(clientSap, serverSap, (ushort)apdu.Length).Write(_out);
        _out.Bytes(apdu.Span);
        return _out.WrittenMemory;
    }

    private async ValueTask<ReadOnlyMemory<byte>> RunAsync(ReadOnlyMemory<byte> frame, bool isAnswered,
        CancellationToken cancellation)
    {
        if (!_timer.TryReset())
            _timer = new CancellationTokenSource();
        var timer = _timer;
        timer.CancelAfter(_timeout);
        using var ended = cancellation.UnsafeRegister(source => ((CancellationTokenSource)source!).Cancel(), timer);
        try
        {
            if (!frame.IsEmpty)
                await stream.WriteAsync(frame, timer.Token).ConfigureAwait(false);
            if (!isAnswered)
                return default;
            // What came behind the frame before; one read usually brings header and APDU together.
            _in.AsSpan(_taken, _held).CopyTo(_in);
            _taken = 0;
            if (_held < WrapperHeader.Octets)
                _held += await stream.ReadAtLeastAsync(_in.AsMemory(_held), WrapperHeader.Octets - _held,
                    cancellationToken: timer.Token).ConfigureAwait(false);
            if (!WrapperHeader.TryRead(_in, out var header) || header.Source != serverSap
                || header.Destination != clientSap)
                throw new DlmsException(DlmsFault.Malformed,
                    "the answer is not a wrapper frame of this server for this client");
            var whole = WrapperHeader.Octets + header.Length;
            if (_in.Length < whole)
                Array.Resize(ref _in, whole);
            if (_held < whole)
                _held += await stream.ReadAtLeastAsync(_in.AsMemory(_held), whole - _held,
                    cancellationToken: timer.Token).ConfigureAwait(false);
            _taken = whole;
            _held -= whole;
            return _in.AsMemory(WrapperHeader.Octets, header.Length);
        }
        catch (IOException error)
        {
            throw new DlmsException(DlmsFault.Connection, "the connection ended", error);
        }
        catch (OperationCanceledException error) when (!cancellation.IsCancellationRequested)
        {
            throw new DlmsException(DlmsFault.Connection, "no answer in time", error);
        }
    }
}
