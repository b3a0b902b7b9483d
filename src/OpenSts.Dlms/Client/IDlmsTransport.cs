namespace OpenSts.Dlms.Client;

/// <summary>Carries APDUs there and back: one for one, but for blocks that stream.</summary>
public interface IDlmsTransport : IAsyncDisposable
{
    /// <summary>Opens the link, where the transport has one.</summary>
    /// <exception cref="DlmsException">The server does not answer or refuses.</exception>
    ValueTask OpenAsync(CancellationToken cancellation);

    /// <summary>Sends an APDU and waits for the answer.</summary>
    /// <returns>The answer; valid until the next call.</returns>
    /// <exception cref="DlmsException">The server does not answer, or what came is no frame.</exception>
    ValueTask<ReadOnlyMemory<byte>> ExchangeAsync(ReadOnlyMemory<byte> apdu, CancellationToken cancellation);

    /// <summary>Sends an APDU that is not answered.</summary>
    /// <exception cref="DlmsException">The server is not there.</exception>
    ValueTask SendAsync(ReadOnlyMemory<byte> apdu, CancellationToken cancellation);

    /// <summary>Waits for an APDU the server sends after another one.</summary>
    /// <returns>The APDU; valid until the next call.</returns>
    /// <exception cref="DlmsException">The server sends nothing, or what came is no frame.</exception>
    ValueTask<ReadOnlyMemory<byte>> ReceiveAsync(CancellationToken cancellation);
}
