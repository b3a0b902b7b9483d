using OpenSts.Dlms.Apdu;
using OpenSts.Dlms.Wire;

namespace OpenSts.Dlms.Client;

/// <summary>Exchanges APDUs with a server by general block transfer.</summary>
/// <param name="transport">The way to the server.</param>
/// <param name="window">How many blocks this client takes before the server waits for it, 1 to 63.</param>
internal sealed class BlockClient(IDlmsTransport transport, int window)
{
    /// <summary>The most octets of one answer.</summary>
    public const int MaximumAnswer = 16 * 1024 * 1024;

    private readonly WireWriter _block = new();

    /// <summary>Sends an APDU and waits for the answer.</summary>
    /// <param name="apdu">The request, protected or not, of any length.</param>
    /// <param name="serverPdu">The longest APDU the server takes, in octets.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <returns>The answer; valid until the next call.</returns>
    /// <exception cref="DlmsException">The server gave up, its blocks do not fit together, or it does not
    /// answer.</exception>
    public async ValueTask<ReadOnlyMemory<byte>> ExchangeAsync(ReadOnlyMemory<byte> apdu, int serverPdu,
        CancellationToken cancellation)
    {
        // Always in blocks: a server answers a request that came whole in the service's own blocks.
        var exchange = new BlockExchange(window, serverPdu, MaximumAnswer);
        if (!exchange.TrySend(apdu.Span, isAnswer: false))
            throw new DlmsException(DlmsFault.Malformed, "the request has more blocks than can be numbered");
        var answer = await SendTurnAsync(exchange, cancellation).ConfigureAwait(false);
        while (GeneralBlock.Is(answer.Span))
        {
            switch (GeneralBlock.TryRead(answer.Span) is { } block ? exchange.Receive(block) : BlockOutcome.Refused)
            {
                case BlockOutcome.Whole:
                    return exchange.Incoming;
                case BlockOutcome.More:
                    answer = await transport.ReceiveAsync(cancellation).ConfigureAwait(false);
                    break;
                case BlockOutcome.Turn:
                    answer = await SendTurnAsync(exchange, cancellation).ConfigureAwait(false);
                    break;
                case BlockOutcome.Aborted:
                    throw new DlmsException(DlmsFault.Exception, "the server gave the transfer up");
                default:
                    await AbortAsync(cancellation).ConfigureAwait(false);
                    throw new DlmsException(DlmsFault.Malformed, "the server's blocks do not fit together");
            }
        }

        return answer;
    }

    // All blocks of our turn; what the last of them is answered by.
    private async ValueTask<ReadOnlyMemory<byte>> SendTurnAsync(BlockExchange exchange, CancellationToken cancellation)
    {
        while (true)
        {
            _block.Clear();
            if (!exchange.TryNext(_block, out var endsTurn))
                throw new System.Diagnostics.UnreachableException();
            if (endsTurn)
                return await transport.ExchangeAsync(_block.WrittenMemory, cancellation).ConfigureAwait(false);
            await transport.SendAsync(_block.WrittenMemory, cancellation).ConfigureAwait(false);
        }
    }

    private ValueTask AbortAsync(CancellationToken cancellation)
    {
        _block.Clear();
        GeneralBlock.Abort.Write(_block);
        return transport.SendAsync(_block.WrittenMemory, cancellation);
    }
}
