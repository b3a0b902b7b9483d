using OpenSts.Dlms.Apdu;
using OpenSts.Dlms.Security;
using OpenSts.Dlms.Values;
using OpenSts.Dlms.Wire;

namespace OpenSts.Dlms.Client;

/// <summary>A client with an open association. One request at a time.</summary>
public sealed class DlmsClient : IAsyncDisposable
{
    private const byte Confirmed = 0xC0;
    private const int ListOverhead = 6;
    private const int ReferenceOctets = 10;
    private const int RequestOverhead = 24;
    private const int LongestRequest = 128 * 1024;
    private const int MaximumTransfer = BlockClient.MaximumAnswer;
    private readonly IDlmsTransport _transport;
    private readonly ClientAssociation _association;
    private readonly BlockClient _blocks;
    private readonly WireWriter _plain = new();
    private int _invoke;

    private DlmsClient(IDlmsTransport transport, ClientAssociation association, int blockWindow)
    {
        _transport = transport;
        _association = association;
        _blocks = new BlockClient(transport, blockWindow);
    }

    /// <summary>The server's system title; the default value where the association is not protected.</summary>
    public SystemTitle ServerTitle => _association.ServerTitle;

    /// <summary>The services of the association.</summary>
    public Conformance Conformance => _association.Conformance;

    /// <summary>How many attributes one request may name so that the server takes it, 1 and up.</summary>
    public int MaximumReferences => Conformance.HasFlag(Conformance.MultipleReferences)
        ? Math.Max(1, (Room + RequestOverhead - ListOverhead) / ReferenceOctets)
        : 1;

    /// <summary>The next invocation counter: what the next association under this title begins with.</summary>
    public uint NextCounter => _association.NextCounter;

    /// <summary>Opens the link and the association.</summary>
    /// <param name="transport">The way to the server; the client disposes it, also where it fails.</param>
    /// <param name="options">How to associate.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <exception cref="DlmsException">The server refused, did not answer, or is not who it should be.</exception>
    public static async ValueTask<DlmsClient> OpenAsync(IDlmsTransport transport, ClientOptions options,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(transport);
        ArgumentNullException.ThrowIfNull(options);
        if (options.BlockWindow is < 0 or > GeneralBlock.MaximumWindow)
            throw new ArgumentException(
                $"The block window held {options.BlockWindow}; permitted is 0 to {GeneralBlock.MaximumWindow}.",
                nameof(options));
        var client = new DlmsClient(transport, new ClientAssociation(options), options.BlockWindow);
        try
        {
            await transport.OpenAsync(cancellation).ConfigureAwait(false);
            var request = new WireWriter();
            client._association.WriteRequest(request);
            client._association.Accept(
                (await transport.ExchangeAsync(request.WrittenMemory, cancellation).ConfigureAwait(false)).Span);
            if (client._association.HasToAuthenticate
                && !client._association.AcceptAnswer(await client.CallAsync(client._association.Answer(), cancellation)
                    .ConfigureAwait(false)))
                throw new DlmsException(DlmsFault.Authentication,
                    "the server could not prove who it is, or did not believe us");
            return client;
        }
        catch
        {
            client._association.Dispose();
            await transport.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Reads an attribute, in blocks where it is long.</summary>
    /// <exception cref="DlmsException">The server could not be asked.</exception>
    public async ValueTask<ReadResult> GetAsync(MemberReference attribute, Selection? selection = null,
        CancellationToken cancellation = default)
    {
        var response = await AskAsync(new GetRequest(Invoke(), new AttributeRequest(attribute, selection)),
            cancellation).ConfigureAwait(false);
        if (response is GetResponse get)
            return get.Result;
        var (octets, error) = await GetBlocksAsync(response, cancellation).ConfigureAwait(false);
        if (error != DataAccessResult.Success)
            return error;
        return CosemValueReader.TryRead(octets, out var value) ? value : throw Malformed();
    }

    /// <summary>Reads several attributes with one request.</summary>
    /// <returns>As many results as attributes, in their order.</returns>
    /// <exception cref="DlmsException">The server could not be asked.</exception>
    public async ValueTask<IReadOnlyList<ReadResult>> GetAsync(IReadOnlyList<AttributeRequest> attributes,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(attributes);
        var response = await AskAsync(new GetListRequest(Invoke(), attributes), cancellation).ConfigureAwait(false);
        if (response is GetListResponse list)
            return list.Results.Count == attributes.Count ? list.Results : throw Malformed();
        if (response is GetResponse get)
            return [.. attributes.Select(_ => get.Result)];
        var (octets, error) = await GetBlocksAsync(response, cancellation).ConfigureAwait(false);
        if (error != DataAccessResult.Success)
            return [.. attributes.Select(_ => (ReadResult)error)];
        return ResponseReader.TryReadResults(octets) is { } results && results.Count == attributes.Count ? results
            : throw Malformed();
    }

    /// <summary>Writes an attribute, in blocks where the value is long.</summary>
    /// <exception cref="DlmsException">The server could not be asked.</exception>
    public async ValueTask<DataAccessResult> SetAsync(MemberReference attribute, CosemValue value,
        CancellationToken cancellation = default)
    {
        var target = new AttributeRequest(attribute, null);
        _plain.Clear();
        _plain.Value(value);
        var room = Room;
        if (_plain.Length <= room)
            return Single(await AskAsync(new SetRequest(Invoke(), target, value), cancellation).ConfigureAwait(false));
        var octets = _plain.Written.ToArray();
        var sent = 0;
        var invoke = Invoke();
        for (uint number = 1; ; number++)
        {
            var block = new Block(octets.Length - sent <= room, number,
                octets.AsSpan(sent, Math.Min(room, octets.Length - sent)).ToArray());
            sent += block.Octets.Length;
            ServiceRequest request = number == 1 ? new SetFirstBlockRequest(invoke, [target], false, block)
                : new SetBlockRequest(invoke, block);
            var response = await AskAsync(request, cancellation).ConfigureAwait(false);
            if (response is not SetBlockResponse next)
                return Single(response);
            if (next.Number != number || block.IsLast)
                throw Malformed();
        }
    }

    /// <summary>Writes several attributes with one request.</summary>
    /// <returns>As many results as attributes, in their order.</returns>
    /// <exception cref="DlmsException">The server could not be asked.</exception>
    public async ValueTask<IReadOnlyList<DataAccessResult>> SetAsync(
        IReadOnlyList<(MemberReference Attribute, CosemValue Value)> values, CancellationToken cancellation = default)
    {
        var request = new SetListRequest(Invoke(),
            [.. values.Select(each => new AttributeRequest(each.Attribute, null))],
            [.. values.Select(each => each.Value)]);
        return await AskAsync(request, cancellation).ConfigureAwait(false) is SetListResponse list
            && list.Results.Count == values.Count ? list.Results : throw Malformed();
    }

    /// <summary>Calls a method, with its parameter in blocks where it is long.</summary>
    /// <exception cref="DlmsException">The server could not be asked.</exception>
    public async ValueTask<CallResult> CallAsync(MethodCall call, CancellationToken cancellation = default)
    {
        _plain.Clear();
        if (call.Parameter is { } parameter)
            _plain.Value(parameter);
        var room = Room;
        if (_plain.Length <= room)
            return await CalledAsync(await AskAsync(new ActionRequest(Invoke(), call), cancellation)
                .ConfigureAwait(false), cancellation).ConfigureAwait(false);
        var octets = _plain.Written.ToArray();
        var sent = 0;
        var invoke = Invoke();
        for (uint number = 1; ; number++)
        {
            var block = new Block(octets.Length - sent <= room, number,
                octets.AsSpan(sent, Math.Min(room, octets.Length - sent)).ToArray());
            sent += block.Octets.Length;
            ServiceRequest request = number == 1 ? new ActionFirstBlockRequest(invoke, [call.Method], false, block)
                : new ActionBlockRequest(invoke, block);
            var response = await AskAsync(request, cancellation).ConfigureAwait(false);
            if (response is not ActionNextResponse next)
                return await CalledAsync(response, cancellation).ConfigureAwait(false);
            if (next.Number != number || block.IsLast)
                throw Malformed();
        }
    }

    /// <summary>Calls several methods with one request.</summary>
    /// <returns>As many results as calls, in their order.</returns>
    /// <exception cref="DlmsException">The server could not be asked.</exception>
    public async ValueTask<IReadOnlyList<CallResult>> CallAsync(IReadOnlyList<MethodCall> calls,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(calls);
        var response = await AskAsync(new ActionListRequest(Invoke(), calls), cancellation).ConfigureAwait(false);
        var results = response is ActionListResponse list ? list.Results
            : await CallBlocksAsync(response, cancellation).ConfigureAwait(false);
        return results.Count == calls.Count ? results : throw Malformed();
    }

    /// <summary>Ends the association and the link. A server that does not answer is left without a word.</summary>
    public async ValueTask DisposeAsync()
    {
        try
        {
            _plain.Clear();
            _association.WriteReleaseRequest(_plain);
            _ = await _transport.ExchangeAsync(_plain.WrittenMemory, CancellationToken.None).ConfigureAwait(false);
        }
        catch (DlmsException)
        {
            // It is over either way.
        }

        _association.Dispose();
        await _transport.DisposeAsync().ConfigureAwait(false);
    }

    // For octets of a value or parameter in one request; with general block transfer a request may be longer than an
    // APDU.
    private int Room => HasBlocks ? LongestRequest
        : Math.Max(8, _association.ServerMaximumPdu - _association.Overhead - RequestOverhead);

    private bool HasBlocks => Conformance.HasFlag(Conformance.GeneralBlockTransfer);

    // IEC 62056-5-3: all requests of one transfer in blocks carry one invoke identifier.
    private static byte InvokeOf(ServiceResponse response) => (byte)(Confirmed | (response.Invoke & 15));

    private byte Invoke() => (byte)(Confirmed | (_invoke = (_invoke + 1) & 15));

    private async ValueTask<ServiceResponse> AskAsync(ServiceRequest request, CancellationToken cancellation)
    {
        _plain.Clear();
        _plain.Request(request);
        var apdu = _association.Protect(_plain.Written);
        var answer = HasBlocks
            ? await _blocks.ExchangeAsync(apdu, _association.ServerMaximumPdu, cancellation).ConfigureAwait(false)
            : await _transport.ExchangeAsync(apdu, cancellation).ConfigureAwait(false);
        var response = _association.Open(answer.Span);
        return (response.Invoke & 15) == (request.Invoke & 15) ? response : throw Malformed();
    }

    private async ValueTask<(byte[] Octets, DataAccessResult Error)> GetBlocksAsync(ServiceResponse response,
        CancellationToken cancellation)
    {
        var octets = new WireWriter();
        for (uint number = 1; ; number++)
        {
            if (response is not GetBlockResponse block)
                throw Malformed();
            if (block.Error != DataAccessResult.Success)
                return ([], block.Error);
            if (block.Block.Number != number || octets.Length + block.Block.Octets.Length > MaximumTransfer)
                throw Malformed();
            octets.Bytes(block.Block.Octets);
            if (block.Block.IsLast)
                return (octets.Written.ToArray(), DataAccessResult.Success);
            response = await AskAsync(new GetNextRequest(InvokeOf(response), number), cancellation)
                .ConfigureAwait(false);
        }
    }

    private async ValueTask<CallResult> CalledAsync(ServiceResponse response, CancellationToken cancellation) =>
        response is ActionResponse action
        ? action.Result
        : await CallBlocksAsync(response, cancellation).ConfigureAwait(false) is [var result] ? result
            : throw Malformed();

    private async ValueTask<IReadOnlyList<CallResult>> CallBlocksAsync(ServiceResponse response,
        CancellationToken cancellation)
    {
        var octets = new WireWriter();
        for (uint number = 1; ; number++)
        {
            if (response is not ActionBlockResponse block || block.Block.Number != number || octets.Length
                + block.Block.Octets.Length > MaximumTransfer)
                throw Malformed();
            octets.Bytes(block.Block.Octets);
            if (block.Block.IsLast)
                return ResponseReader.TryReadCalls(octets.Written) ?? throw Malformed();
            response = await AskAsync(new ActionNextRequest(InvokeOf(response), number), cancellation)
                .ConfigureAwait(false);
        }
    }

    private static DataAccessResult Single(ServiceResponse response) => response switch
    {
        SetResponse set => set.Result,
        SetLastBlockResponse { Results: [var result] } => result,
        _ => throw Malformed(),
    };

    private static DlmsException Malformed() => new(DlmsFault.Malformed, "the answer does not belong to the request");
}
