using OpenSts.Dlms.Apdu;
using OpenSts.Dlms.Values;
using OpenSts.Dlms.Wire;

namespace OpenSts.Dlms.Server;

/// <summary>Serves the GET, SET and ACTION requests of one association, with its transfers in blocks.</summary>
/// <remarks>IEC 62056-5-3. Any request that does not continue a transfer ends it.</remarks>
internal sealed class RequestServer(ServerAssociation association)
{
    private readonly ObjectAccess _access = new(association);
    private readonly WireWriter _encoded = new();
    private readonly OutgoingTransfer _outgoing = new();
    private readonly IncomingTransfer _incoming = new(association.Server.Options.MaximumTransfer);

    /// <summary>Forgets every transfer.</summary>
    public void Reset()
    {
        _outgoing.End();
        _incoming.End();
    }

    /// <summary>The answer; null for a service the association does not have.</summary>
    /// <param name="request">The request.</param>
    /// <param name="room">The longest answer, in octets.</param>
    /// <param name="cancellation">Ends the wait for the meter.</param>
    public async ValueTask<ServiceResponse?> AnswerAsync(ServiceRequest request, int room,
        CancellationToken cancellation)
    {
        if (!Offers(request))
            return null;
        if (request is not (GetNextRequest or ActionNextRequest))
            _outgoing.End();
        if (request is not (SetBlockRequest or ActionBlockRequest))
            _incoming.End();
        switch (request)
        {
            case GetRequest get:
                return Fit(new GetResponse(get.Invoke, await _access.ReadAsync(_access.Call(null, cancellation),
                    get.Attribute).ConfigureAwait(false)), room);
            case GetListRequest list:
                return Fit(new GetListResponse(list.Invoke, await ReadAllAsync(list.Attributes, cancellation)
                    .ConfigureAwait(false)), room);
            case GetNextRequest next:
                return NextGet(next, room);
            case SetRequest set:
                return new SetResponse(set.Invoke, await _access.WriteAsync(_access.Call(null, cancellation),
                    set.Attribute, set.Value).ConfigureAwait(false));
            case SetListRequest list:
                return new SetListResponse(list.Invoke, await WriteAllAsync(list.Attributes, list.Values, cancellation)
                    .ConfigureAwait(false));
            case SetFirstBlockRequest first:
                return await FirstSetAsync(first, cancellation).ConfigureAwait(false);
            case SetBlockRequest block:
                return await NextSetAsync(block, cancellation).ConfigureAwait(false);
            case ActionRequest action:
                return Fit(new ActionResponse(action.Invoke,
                    await _access.CallAsync(_access.Call(null, cancellation), action.Call).ConfigureAwait(false)),
                    room);
            case ActionListRequest list:
                return Fit(new ActionListResponse(list.Invoke, await CallAllAsync(list.Calls, cancellation)
                    .ConfigureAwait(false)), room);
            case ActionFirstBlockRequest first:
                return await FirstActionAsync(first, room, cancellation).ConfigureAwait(false);
            case ActionBlockRequest block:
                return await NextActionAsync(block, room, cancellation).ConfigureAwait(false);
            case ActionNextRequest next:
                return NextActionAnswer(next, room);
            default:
                throw new System.Diagnostics.UnreachableException();
        }
    }

    private bool Offers(ServiceRequest request)
    {
        // Before the challenge is answered there is nothing but the answer to it.
        if (association.Status == AssociationStatus.Pending)
            return request is ActionRequest { Call.Method: var method }
                && method == ServerAssociation.ReplyToChallenge;
        var needed = request switch
        {
            GetRequest get => Conformance.Get | (get.Attribute.Selection is null ? 0 : Conformance.SelectiveAccess),
            GetListRequest => Conformance.Get | Conformance.MultipleReferences,
            GetNextRequest => Conformance.Get | Conformance.BlockTransferWithGet,
            SetRequest => Conformance.Set,
            SetListRequest => Conformance.Set | Conformance.MultipleReferences,
            SetFirstBlockRequest or SetBlockRequest => Conformance.Set | Conformance.BlockTransferWithSet,
            ActionRequest => Conformance.Action,
            ActionListRequest => Conformance.Action | Conformance.MultipleReferences,
            _ => Conformance.Action | Conformance.BlockTransferWithAction,
        };
        return (association.Conformance & needed) == needed;
    }

    private async ValueTask<List<ReadResult>> ReadAllAsync(IReadOnlyList<AttributeRequest> attributes,
        CancellationToken cancellation)
    {
        var call = _access.Call(null, cancellation);
        var results = new List<ReadResult>(attributes.Count);
        var octets = 0;
        foreach (var attribute in attributes)
        {
            // One request does not buy more octets than a transfer may hold.
            var isTooMuch = attributes.Count > Options.MaximumList || octets > Options.MaximumTransfer;
            var result = isTooMuch ? DataAccessResult.ScopeOfAccessViolated
                : await _access.ReadAsync(call, attribute).ConfigureAwait(false);
            if (attributes.Count > 1 && result.Error == DataAccessResult.Success)
            {
                _encoded.Clear();
                _encoded.Value(result.Value);
                octets += _encoded.Length;
            }

            results.Add(result);
        }

        return results;
    }

    private async ValueTask<List<DataAccessResult>> WriteAllAsync(
        IReadOnlyList<AttributeRequest> attributes, IReadOnlyList<CosemValue> values, CancellationToken cancellation)
    {
        var results = new List<DataAccessResult>(attributes.Count);
        var fits = attributes.Count == values.Count && attributes.Count <= Options.MaximumList;
        var call = _access.Call(null, cancellation);
        for (var i = 0; i < attributes.Count; i++)
            results.Add(fits ? await _access.WriteAsync(call, attributes[i], values[i]).ConfigureAwait(false)
                : DataAccessResult.ScopeOfAccessViolated);
        return results;
    }

    private async ValueTask<List<CallResult>> CallAllAsync(IReadOnlyList<MethodCall> calls,
        CancellationToken cancellation)
    {
        var results = new List<CallResult>(calls.Count);
        var call = _access.Call(null, cancellation);
        foreach (var each in calls)
            results.Add(calls.Count <= Options.MaximumList ? await _access.CallAsync(call, each).ConfigureAwait(false)
                : ActionResult.ScopeOfAccessViolated);
        return results;
    }

    private ServerOptions Options => association.Server.Options;

    // An answer that fits goes as it is; a longer one in blocks, where the association has them.
    private ServiceResponse Fit(ServiceResponse response, int room)
    {
        _encoded.Clear();
        _encoded.Response(response);
        if (_encoded.Length <= room)
            return response;
        var isAction = response is ActionResponse or ActionListResponse;
        var needed = isAction ? Conformance.BlockTransferWithAction : Conformance.BlockTransferWithGet;
        if (!association.Conformance.HasFlag(needed) || _encoded.Length > Options.MaximumTransfer)
            return isAction ? new ActionResponse(response.Invoke, ActionResult.DataBlockUnavailable)
                : new GetResponse(response.Invoke, DataAccessResult.DataBlockUnavailable);
        _encoded.Clear();
        switch (response)
        {
            case GetResponse get:
                _encoded.Value(get.Result.Value);
                break;
            case GetListResponse list:
                _encoded.Results(list.Results);
                break;
            case ActionResponse action:
                _encoded.Calls([action.Result]);
                break;
            case ActionListResponse list:
                _encoded.Calls(list.Results);
                break;
        }

        return _outgoing.Begin(_encoded.Written, isAction, response.Invoke, room);
    }

    private ServiceResponse NextGet(GetNextRequest next, int room)
    {
        var isWaiting = _outgoing.IsWaiting(isAction: false);
        if (isWaiting && _outgoing.IsNext(next.Number))
            return _outgoing.Next(next.Invoke, room);
        _outgoing.End();
        var error = isWaiting ? DataAccessResult.DataBlockNumberInvalid : DataAccessResult.NoLongGetInProgress;
        return new GetBlockResponse(next.Invoke, new Block(true, next.Number, []), error);
    }

    private ServiceResponse NextActionAnswer(ActionNextRequest next, int room)
    {
        var isWaiting = _outgoing.IsWaiting(isAction: true);
        if (isWaiting && _outgoing.IsNext(next.Number))
            return _outgoing.Next(next.Invoke, room);
        _outgoing.End();
        return new ActionResponse(next.Invoke, isWaiting ? ActionResult.LongActionAborted
            : ActionResult.NoLongActionInProgress);
    }

    private async ValueTask<ServiceResponse> FirstSetAsync(SetFirstBlockRequest first, CancellationToken cancellation)
    {
        if (!_incoming.TryBegin(first, first.Block))
            return Aborted(first, first.Invoke, DataAccessResult.DataBlockNumberInvalid, first.Block.Number);
        return first.Block.IsLast ? await EndSetAsync(first, first.Invoke, cancellation).ConfigureAwait(false)
            : new SetBlockResponse(first.Invoke, 1);
    }

    private async ValueTask<ServiceResponse> NextSetAsync(SetBlockRequest block, CancellationToken cancellation)
    {
        if (_incoming.First is not SetFirstBlockRequest first)
            return new SetLastBlockResponse(block.Invoke, [DataAccessResult.NoLongSetInProgress], false,
                block.Block.Number);
        if (!_incoming.TryContinue(block.Block))
            return Aborted(first, block.Invoke, DataAccessResult.LongSetAborted, block.Block.Number);
        return block.Block.IsLast ? await EndSetAsync(first, block.Invoke, cancellation).ConfigureAwait(false)
            : new SetBlockResponse(block.Invoke, _incoming.Number);
    }

    private static SetLastBlockResponse Aborted(SetFirstBlockRequest first, byte invoke, DataAccessResult error,
        uint number) =>
        new(invoke, [.. first.Attributes.Select(_ => error)], first.IsList, number);

    private async ValueTask<ServiceResponse> EndSetAsync(SetFirstBlockRequest first, byte invoke,
        CancellationToken cancellation)
    {
        var values = _incoming.Take(first.IsList);
        var results = values is null
            ? [.. first.Attributes.Select(_ => DataAccessResult.TypeUnmatched)]
            : await WriteAllAsync(first.Attributes, values, cancellation).ConfigureAwait(false);
        return new SetLastBlockResponse(invoke, results, first.IsList, _incoming.Number);
    }

    private async ValueTask<ServiceResponse> FirstActionAsync(ActionFirstBlockRequest first, int room,
        CancellationToken cancellation)
    {
        if (!_incoming.TryBegin(first, first.Block))
            return new ActionResponse(first.Invoke, ActionResult.LongActionAborted);
        return first.Block.IsLast ? await EndActionAsync(first, first.Invoke, room, cancellation).ConfigureAwait(false)
            : new ActionNextResponse(first.Invoke, 1);
    }

    private async ValueTask<ServiceResponse> NextActionAsync(ActionBlockRequest block, int room,
        CancellationToken cancellation)
    {
        if (_incoming.First is not ActionFirstBlockRequest first)
            return new ActionResponse(block.Invoke, ActionResult.NoLongActionInProgress);
        if (!_incoming.TryContinue(block.Block))
            return new ActionResponse(block.Invoke, ActionResult.LongActionAborted);
        return block.Block.IsLast ? await EndActionAsync(first, block.Invoke, room, cancellation).ConfigureAwait(false)
            : new ActionNextResponse(block.Invoke, _incoming.Number);
    }

    private async ValueTask<ServiceResponse> EndActionAsync(ActionFirstBlockRequest first, byte invoke, int room,
        CancellationToken cancellation)
    {
        var values = _incoming.Take(first.IsList);
        if (values is null || values.Count != first.Methods.Count)
            return new ActionResponse(invoke, ActionResult.TypeUnmatched);
        var results = await CallAllAsync([.. first.Methods.Zip(values,
            (method, value) => new MethodCall(method, value))], cancellation).ConfigureAwait(false);
        return Fit(first.IsList ? new ActionListResponse(invoke, results)
            : new ActionResponse(invoke, results[0]), room);
    }
}
