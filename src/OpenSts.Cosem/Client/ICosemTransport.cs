namespace OpenSts.Cosem.Client;

/// <summary>Carries one APDU there and one back.</summary>
public interface ICosemTransport : IAsyncDisposable
{
    /// <summary>Opens the link, where the transport has one.</summary>
    /// <exception cref="CosemException">The server does not answer or refuses.</exception>
    ValueTask OpenAsync(CancellationToken cancellation);

    /// <summary>Sends an APDU and waits for the answer.</summary>
    /// <returns>The answer; valid until the next call.</returns>
    /// <exception cref="CosemException">The server does not answer, or what came is no frame.</exception>
    ValueTask<ReadOnlyMemory<byte>> ExchangeAsync(ReadOnlyMemory<byte> apdu, CancellationToken cancellation);
}
