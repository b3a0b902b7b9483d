using System.Buffers.Binary;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;

namespace OpenSts.Sts6.Client;

/// <summary>
/// One open connection to a module: sends requests, reads answers, over TCP, TLS or a Unix socket, in frames or lines.
/// </summary>
internal sealed class ModuleChannel : IAsyncDisposable
{
    private const int HeadLength = ClientFrame.HeadLength;
    private readonly Stream _stream;
    private readonly Socket _socket;
    private readonly SessionFraming _framing;
    private readonly byte[] _buffer = new byte[4096];
    private int _from;
    private int _until;

    private ModuleChannel(Socket socket, Stream stream, SessionFraming framing) =>
        (_socket, _stream, _framing) = (socket, stream, framing);

    /// <summary>
    /// True for whatever a network, a socket or TLS throws: the module could not be asked, or its answer did not
    /// arrive.
    /// </summary>
    public static bool IsFailure(Exception error) =>
        error is IOException or SocketException or TimeoutException or AuthenticationException
            or CryptographicException or ObjectDisposedException or System.ComponentModel.Win32Exception;

    /// <summary>False where the module closed an idle connection.</summary>
    public bool IsUsable => _stream is not NetworkStream || !_socket.Poll(0, SelectMode.SelectRead);

    /// <summary>Connects within the endpoint's time.</summary>
    public static async ValueTask<ModuleChannel> ConnectAsync(ModuleEndpoint endpoint, CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(endpoint.ConnectTimeout);
        var isUnix = endpoint.Transport == ModuleTransport.Unix;
        var socket = isUnix ? new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified)
            : new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            if (isUnix)
                await socket.ConnectAsync(new UnixDomainSocketEndPoint(endpoint.Path), limit.Token)
                    .ConfigureAwait(false);
            else
                await socket.ConnectAsync(endpoint.Host, endpoint.Port, limit.Token).ConfigureAwait(false);
            Stream stream = new NetworkStream(socket, ownsSocket: true);
            if (endpoint.Transport == ModuleTransport.Tls)
            {
                var tls = endpoint.Tls ?? throw new InvalidOperationException($"{endpoint} needs a certificate.");
                stream = await tls.ConnectAsync(stream, endpoint.CertificateName ?? endpoint.Host, limit.Token)
                    .ConfigureAwait(false);
            }

            return new ModuleChannel(socket, stream, endpoint.UsedFraming);
        }
        catch (OperationCanceledException error) when (!cancellation.IsCancellationRequested)
        {
            socket.Dispose();
            throw new TimeoutException(
                $"{endpoint} could not be connected within {endpoint.ConnectTimeout.TotalSeconds} s.", error);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Sends a line with its check and carriage return.</summary>
    public ValueTask SendAsync(ReadOnlyMemory<byte> line, CancellationToken cancellation)
    {
        if (_framing == SessionFraming.Lines)
            return _stream.WriteAsync(line, cancellation);
        var frame = new byte[2 + HeadLength + line.Length];
        BinaryPrimitives.WriteUInt16BigEndian(frame, checked((ushort)(HeadLength + line.Length)));
        ClientFrame.Head.CopyTo(frame.AsSpan(2));
        line.CopyTo(frame.AsMemory(2 + HeadLength));
        return _stream.WriteAsync(frame, cancellation);
    }

    /// <summary>
    /// Reads the next answer: head (empty for lines and for an error outside a frame) and line with its carriage
    /// return.
    /// </summary>
    public async ValueTask<(byte[] Head, byte[] Line)> ReceiveAsync(CancellationToken cancellation)
    {
        if (_framing == SessionFraming.Lines)
            return ([], await ReadLineAsync(cancellation).ConfigureAwait(false));
        await FillAsync(2, cancellation).ConfigureAwait(false);
        // A module may answer GL!ER without a frame around it; as a length these two letters would be more than any
        // answer has.
        if (_buffer.AsSpan(_from, 2).SequenceEqual("GL"u8))
            return ([], await ReadLineAsync(cancellation).ConfigureAwait(false));
        var length = BinaryPrimitives.ReadUInt16BigEndian(_buffer.AsSpan(_from));
        _from += 2;
        var content = new byte[length];
        var held = Math.Min(length, _until - _from);
        _buffer.AsSpan(_from, held).CopyTo(content);
        _from += held;
        await _stream.ReadExactlyAsync(content.AsMemory(held), cancellation).ConfigureAwait(false);
        return length < HeadLength ? ([], []) : (content[..HeadLength], content[HeadLength..]);
    }

    /// <summary>Closes the connection.</summary>
    public ValueTask DisposeAsync() => _stream.DisposeAsync();

    private async ValueTask FillAsync(int count, CancellationToken cancellation)
    {
        if (_from > 0)
        {
            _buffer.AsSpan(_from.._until).CopyTo(_buffer);
            (_from, _until) = (0, _until - _from);
        }

        while (_until < count)
            _until += await ReadAsync(_buffer.AsMemory(_until), cancellation).ConfigureAwait(false);
    }

    private async ValueTask<byte[]> ReadLineAsync(CancellationToken cancellation)
    {
        var line = new List<byte>();
        while (line.Count <= ClientFrame.GreatestFrame)
        {
            if (_from == _until)
                (_from, _until) = (0, await ReadAsync(_buffer, cancellation).ConfigureAwait(false));
            var held = _buffer.AsSpan(_from.._until);
            var end = held.IndexOf((byte)'\r');
            var taken = end < 0 ? held.Length : end + 1;
            line.AddRange(held[..taken]);
            _from += taken;
            if (end >= 0)
                return [.. line];
        }

        throw new IOException("The answer is longer than any answer.");
    }

    private async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellation)
    {
        var read = await _stream.ReadAsync(buffer, cancellation).ConfigureAwait(false);
        return read > 0 ? read : throw new EndOfStreamException("The security module closed the connection.");
    }
}
