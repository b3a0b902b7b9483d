using OpenSts.Dlms.Apdu;
using OpenSts.Dlms.Framing;
using OpenSts.Dlms.Wire;

namespace OpenSts.Dlms.Server;

/// <summary>The server's end of a TCP connection.</summary>
/// <remarks>
/// IEC 62056-4-7. Each client service access point has its own association; they end with the connection.
/// </remarks>
public sealed class WrapperServerSession(DlmsServer server) : IServerSession
{
    private readonly WireWriter _received = new();
    private readonly Dictionary<int, ServerAssociation> _associations = [];

    /// <inheritdoc/>
    public async ValueTask<bool> ReceiveAsync(ReadOnlyMemory<byte> octets, WireWriter answer,
        CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(answer);
        _received.Bytes(octets.Span);
        var taken = 0;
        while (_received.Length - taken >= WrapperHeader.Octets)
        {
            if (!WrapperHeader.TryRead(_received.Written[taken..], out var header))
                return false;
            if (_received.Length - taken < WrapperHeader.Octets + header.Length)
                break;
            if (!await AnswerAsync(header, _received.WrittenMemory.Slice(taken + WrapperHeader.Octets, header.Length),
                answer, cancellation).ConfigureAwait(false))
                return false;
            taken += WrapperHeader.Octets + header.Length;
        }

        if (taken == _received.Length)
            _received.Clear();
        else
            _received.RemoveFront(taken);
        return true;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var association in _associations.Values)
            association.Dispose();
        _associations.Clear();
    }

    private async ValueTask<bool> AnswerAsync(WrapperHeader header, ReadOnlyMemory<byte> apdu, WireWriter answer,
        CancellationToken cancellation)
    {
        if (!_associations.TryGetValue(header.Source, out var association) || header.Destination != server.Options.Sap)
        {
            association = server.Open(header.Source, header.Destination);
            if (association is not null)
                _associations[header.Source] = association;
        }

        if (association is null)
        {
            // A client or a device that is not known here.
            var refusal = new WireWriter(16);
            new ExceptionResponse(true, ServiceError.OperationNotPossible).Write(refusal);
            Write(header, refusal.Written, answer);
            return true;
        }

        var response = await association.AnswerAsync(apdu, cancellation).ConfigureAwait(false);
        // No answer to a block behind which others come.
        if (!response.IsEmpty)
            Write(header, response.Span, answer);
        while (association.TryNext(out var block))
            Write(header, block.Span, answer);
        return !association.EndsConnection;
    }

    private static void Write(WrapperHeader request, ReadOnlySpan<byte> apdu, WireWriter answer)
    {
        new WrapperHeader(request.Destination, request.Source, (ushort)apdu.Length).Write(answer);
        answer.Bytes(apdu);
    }
}
