using System.Text;

namespace OpenSts.Sts6.Client;

/// <summary>Asks a module one line at a time, as it was typed: for people and diagnosis.</summary>
public sealed class LineAsker : IAsyncDisposable
{
    private readonly ModuleEndpoint _endpoint;
    private readonly ModuleChannel _channel;

    private LineAsker(ModuleEndpoint endpoint, ModuleChannel channel) => (_endpoint, _channel) = (endpoint, channel);

    /// <summary>Opens a connection.</summary>
    /// <exception cref="SecurityModuleException">The module cannot be reached; the inner exception says
    /// why.</exception>
    public static async Task<LineAsker> ConnectAsync(ModuleEndpoint endpoint, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(endpoint);
        try
        {
            return new LineAsker(endpoint, await ModuleChannel.ConnectAsync(endpoint, cancellation)
                .ConfigureAwait(false));
        }
        catch (Exception error) when (ModuleChannel.IsFailure(error))
        {
            throw new SecurityModuleException($"The security module {endpoint} cannot be reached: {error.Message}",
                error);
        }
    }

    /// <summary>Sends a line and reads the answer's.</summary>
    /// <param name="request">Header and fields; the check is added here.</param>
    /// <param name="cancellation">Ends the waiting; the connection is not to be used again then.</param>
    /// <returns>The answer with its check, without the carriage return.</returns>
    /// <exception cref="SecurityModuleException">The answer's check is wrong, it answers another request, or the
    /// connection ended.</exception>
    public async Task<string> AskAsync(string request, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        try
        {
            await _channel.SendAsync(ClientFrame.Build(request, ""), cancellation).ConfigureAwait(false);
            var (head, line) = await _channel.ReceiveAsync(cancellation).ConfigureAwait(false);
            if (_endpoint.RequiresSameHead && head.Length > 0 && !head.AsSpan().SequenceEqual(ClientFrame.Head))
                throw new SecurityModuleException("The head of the answer is not that of the request.");
            var text = ClientFrame.TryReadLine(line)
                ?? throw new SecurityModuleException("The answer's check is wrong.");
            // What was said last may be the answer to anything.
            if (request.Length >= 5 && !request.StartsWith("GL?RR", StringComparison.Ordinal)
                && !ClientFrame.Answers(text, request))
                throw new SecurityModuleException($"The answer {text[..5]} is not to the request {request[..5]}.");
            return Encoding.ASCII.GetString(line.AsSpan(..^1));
        }
        catch (Exception error) when (ModuleChannel.IsFailure(error))
        {
            throw new SecurityModuleException($"The connection to the security module ended: {error.Message}", error);
        }
    }

    /// <summary>Closes the connection.</summary>
    public ValueTask DisposeAsync() => _channel.DisposeAsync();
}
