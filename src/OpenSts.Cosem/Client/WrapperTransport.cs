using OpenSts.Cosem.Framing;
using OpenSts.Cosem.Wire;

namespace OpenSts.Cosem.Client;

/// <summary>The client's end of a TCP connection.</summary>
/// <remarks>IEC 62056-4-7.</remarks>
/// <param name="stream">The stream; the transport disposes it.</param>
/// <param name="clientSap">The client's service access point.</param>
/// <param name="serverSap">The server's service access point.</param>
/// <param name="patience">How long an answer is waited for; 30 seconds where null.</param>
public sealed class WrapperTransport(Stream stream, ushort clientSap, ushort serverSap = 1, TimeSpan? patience = null) : ICosemTransport
{
    private readonly WireWriter _out = new();
    private readonly TimeSpan _patience = patience ?? TimeSpan.FromSeconds(30);
    private byte[] _in = new byte[2048];
    private CancellationTokenSource _timer = new();

    /// <inheritdoc/>
    public ValueTask OpenAsync(CancellationToken cancellation) => ValueTask.CompletedTask;

    /// <inheritdoc/>
    public async ValueTask<ReadOnlyMemory<byte>> ExchangeAsync(ReadOnlyMemory<byte> apdu, CancellationToken cancellation)
    {
        if (apdu.Length > ushort.MaxValue)
            throw new CosemException(CosemFault.Malformed, "an APDU has at most 65535 octets");
        _out.Clear();
        new WrapperHeader(clientSap, serverSap, (ushort)apdu.Length).Write(_out);
        _out.Bytes(apdu.Span);
        if (!_timer.TryReset())
            _timer = new CancellationTokenSource();
        var timer = _timer;
        timer.CancelAfter(_patience);
        using var ended = cancellation.UnsafeRegister(source => ((CancellationTokenSource)source!).Cancel(), timer);
        try
        {
            await stream.WriteAsync(_out.WrittenMemory, timer.Token).ConfigureAwait(false);
            // One read usually brings header and APDU together.
            var count = await stream.ReadAtLeastAsync(_in, WrapperHeader.Octets, cancellationToken: timer.Token).ConfigureAwait(false);
            if (!WrapperHeader.TryRead(_in, out var header) || header.Source != serverSap || header.Destination != clientSap)
                throw new CosemException(CosemFault.Malformed, "the answer is not a wrapper frame of this server for this client");
            var whole = WrapperHeader.Octets + header.Length;
            if (_in.Length < whole)
                Array.Resize(ref _in, whole);
            if (count < whole)
                await stream.ReadExactlyAsync(_in.AsMemory(count, whole - count), timer.Token).ConfigureAwait(false);
            else if (count > whole)
                throw new CosemException(CosemFault.Malformed, "the server sent more than it was asked for");
            return _in.AsMemory(WrapperHeader.Octets, header.Length);
        }
        catch (IOException error)
        {
            throw new CosemException(CosemFault.Connection, "the connection ended", error);
        }
        catch (OperationCanceledException error) when (!cancellation.IsCancellationRequested)
        {
            throw new CosemException(CosemFault.Connection, "no answer in time", error);
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _timer.Dispose();
        return stream.DisposeAsync();
    }
}
