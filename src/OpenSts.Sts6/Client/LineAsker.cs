using System.Buffers.Binary;
using System.Net.Sockets;
using System.Text;

namespace OpenSts.Sts6.Client;

/// <summary>Asks a module one line at a time, as it was typed: for people and diagnosis.</summary>
public sealed class LineAsker(Stream stream, SessionFraming framing) : IAsyncDisposable
{
    private const int HeadLength = 6;
    private const int Greatest = 65_535;

    /// <summary>Opens a connection over TCP; wrapped unless said otherwise.</summary>
    public static async Task<LineAsker> ConnectTcpAsync(ModuleEndpoint endpoint, SessionFraming framing = SessionFraming.Wrapped, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(endpoint);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(endpoint.ConnectTimeout);
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(endpoint.Host, endpoint.Port, limit.Token).ConfigureAwait(false);
            Stream stream = new NetworkStream(socket, ownsSocket: true);
            return new LineAsker(endpoint.Secure is { } secure ? await secure(stream, limit.Token).ConfigureAwait(false) : stream, framing);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Opens a Unix socket.</summary>
    public static async Task<LineAsker> ConnectUnixAsync(string path, CancellationToken cancellation = default)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellation).ConfigureAwait(false);
            return new LineAsker(new NetworkStream(socket, ownsSocket: true), SessionFraming.Lines);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Sends a line and reads the answer's.</summary>
    /// <param name="request">Header and fields; the check is added here.</param>
    /// <param name="cancellation">Ends the waiting; the connection is not to be used again then.</param>
    /// <returns>The answer with its check, without the carriage return.</returns>
    /// <exception cref="SecurityModuleException">The answer's check is wrong, or the connection ended.</exception>
    public async Task<string> AskAsync(string request, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        var line = Encoding.ASCII.GetBytes(request);
        var check = new byte[LineCheck.Length];
        LineCheck.Write(line, check);
        byte[] whole = [.. line, .. check, (byte)'\r'];
        if (framing == SessionFraming.Wrapped)
        {
            var length = new byte[2];
            BinaryPrimitives.WriteUInt16BigEndian(length, checked((ushort)(whole.Length + HeadLength)));
            whole = [.. length, 0xED, 0xF1, 0x2B, 0x00, 0xFE, 0xED, .. whole];
        }

        try
        {
            await stream.WriteAsync(whole, cancellation).ConfigureAwait(false);
            var answer = framing == SessionFraming.Wrapped ? await ReadFrameAsync(cancellation).ConfigureAwait(false) : await ReadLineAsync(cancellation).ConfigureAwait(false);
            return answer.Length > LineCheck.Length && LineCheck.IsOf(answer.AsSpan(..^LineCheck.Length), answer.AsSpan(^LineCheck.Length..))
                ? Encoding.ASCII.GetString(answer)
                : throw new SecurityModuleException("The answer's check is wrong.");
        }
        catch (IOException error)
        {
            throw new SecurityModuleException("The connection to the security module ended.", error);
        }
    }

    /// <summary>Closes the connection.</summary>
    public ValueTask DisposeAsync() => stream.DisposeAsync();

    private async Task<byte[]> ReadFrameAsync(CancellationToken cancellation)
    {
        var length = new byte[2];
        await stream.ReadExactlyAsync(length, cancellation).ConfigureAwait(false);
        var content = new byte[BinaryPrimitives.ReadUInt16BigEndian(length)];
        await stream.ReadExactlyAsync(content, cancellation).ConfigureAwait(false);
        return content.Length > HeadLength ? content[HeadLength..^1] : [];
    }

    private async Task<byte[]> ReadLineAsync(CancellationToken cancellation)
    {
        var line = new List<byte>();
        var octet = new byte[1];
        while (line.Count < Greatest)
        {
            await stream.ReadExactlyAsync(octet, cancellation).ConfigureAwait(false);
            if (octet[0] == '\r')
                break;
            line.Add(octet[0]);
        }

        return [.. line];
    }
}
