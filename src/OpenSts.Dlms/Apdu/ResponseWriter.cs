using System.Diagnostics;
using OpenSts.Dlms.Values;
using OpenSts.Dlms.Wire;

namespace OpenSts.Dlms.Apdu;

/// <summary>Writes responses.</summary>
public static class ResponseWriter
{
    /// <summary>Writes one.</summary>
    public static void Response(this WireWriter writer, ServiceResponse response)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(response);
        var (tag, form) = response switch
        {
            GetResponse => (ApduTag.GetResponse, 1),
            GetBlockResponse => (ApduTag.GetResponse, 2),
            GetListResponse => (ApduTag.GetResponse, 3),
            SetResponse => (ApduTag.SetResponse, 1),
            SetBlockResponse => (ApduTag.SetResponse, 2),
            SetLastBlockResponse set => (ApduTag.SetResponse, set.IsList ? 4 : 3),
            SetListResponse => (ApduTag.SetResponse, 5),
            ActionResponse => (ApduTag.ActionResponse, 1),
            ActionBlockResponse => (ApduTag.ActionResponse, 2),
            ActionListResponse => (ApduTag.ActionResponse, 3),
            ActionNextResponse => (ApduTag.ActionResponse, 4),
            _ => throw new UnreachableException(),
        };
        writer.U8((int)tag);
        writer.U8(form);
        writer.U8(response.Invoke);
        switch (response)
        {
            case GetResponse get:
                Read(writer, get.Result);
                break;
            case GetBlockResponse block:
                GetBlock(writer, block);
                break;
            case GetListResponse list:
                writer.Results(list.Results);
                break;
            case SetResponse set:
                writer.U8((int)set.Result);
                break;
            case SetBlockResponse block:
                writer.U32(block.Number);
                break;
            case SetLastBlockResponse last:
                Sets(writer, last.Results, last.IsList);
                writer.U32(last.Number);
                break;
            case SetListResponse list:
                Sets(writer, list.Results, true);
                break;
            case ActionResponse action:
                Call(writer, action.Result);
                break;
            case ActionBlockResponse block:
                RequestWriter.Piece(writer, block.Block);
                break;
            case ActionListResponse list:
                writer.Calls(list.Results);
                break;
            case ActionNextResponse next:
                writer.U32(next.Number);
                break;
        }
    }

    /// <summary>Writes a list of results with its count.</summary>
    public static void Results(this WireWriter writer, IReadOnlyList<ReadResult> results)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(results);
        writer.Count(results.Count);
        foreach (var result in results)
            Read(writer, result);
    }

    /// <summary>Writes a list of results with its count.</summary>
    public static void Calls(this WireWriter writer, IReadOnlyList<CallResult> results)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(results);
        writer.Count(results.Count);
        foreach (var result in results)
            Call(writer, result);
    }

    private static void Read(WireWriter writer, ReadResult result)
    {
        writer.U8(result.Error == DataAccessResult.Success ? 0 : 1);
        if (result.Error == DataAccessResult.Success)
            writer.Value(result.Value);
        else
            writer.U8((int)result.Error);
    }

    private static void GetBlock(WireWriter writer, GetBlockResponse response)
    {
        writer.U8(response.Block.IsLast ? 1 : 0);
        writer.U32(response.Block.Number);
        writer.U8(response.Error == DataAccessResult.Success ? 0 : 1);
        if (response.Error == DataAccessResult.Success)
            writer.Counted(response.Block.Octets);
        else
            writer.U8((int)response.Error);
    }

    private static void Sets(WireWriter writer, IReadOnlyList<DataAccessResult> results, bool isList)
    {
        if (isList)
            writer.Count(results.Count);
        foreach (var result in results)
            writer.U8((int)result);
    }

    private static void Call(WireWriter writer, CallResult result)
    {
        writer.U8((int)result.Result);
        writer.U8(result.Returned is null ? 0 : 1);
        if (result.Returned is { } returned)
            Read(writer, returned);
    }
}
