using OpenSts.Dlms.Values;
using OpenSts.Dlms.Wire;

namespace OpenSts.Dlms.Apdu;

/// <summary>Reads responses. Nothing of the answer refers to the octets that were read.</summary>
public static class ResponseReader
{
    /// <summary>Reads a response that fills the octets; null where they are none.</summary>
    public static ServiceResponse? TryRead(ReadOnlySpan<byte> octets)
    {
        var reader = new WireReader(octets);
        var tag = (ApduTag)reader.U8();
        var form = reader.U8();
        var invoke = reader.U8();
        var response = (tag, form) switch
        {
            (ApduTag.GetResponse, 1) => new GetResponse(invoke, Read(ref reader)),
            (ApduTag.GetResponse, 2) => GetBlock(ref reader, invoke),
            (ApduTag.GetResponse, 3) => new GetListResponse(invoke, Reads(ref reader)),
            (ApduTag.SetResponse, 1) => new SetResponse(invoke, (DataAccessResult)reader.U8()),
            (ApduTag.SetResponse, 2) => new SetBlockResponse(invoke, reader.U32()),
            (ApduTag.SetResponse, 3) =>
                new SetLastBlockResponse(invoke, [(DataAccessResult)reader.U8()], false, reader.U32()),
            (ApduTag.SetResponse, 4) => new SetLastBlockResponse(invoke, Sets(ref reader), true, reader.U32()),
            (ApduTag.SetResponse, 5) => new SetListResponse(invoke, Sets(ref reader)),
            (ApduTag.ActionResponse, 1) => new ActionResponse(invoke, Call(ref reader)),
            (ApduTag.ActionResponse, 2) => new ActionBlockResponse(invoke, RequestReader.ReadBlock(ref reader)),
            (ApduTag.ActionResponse, 3) => new ActionListResponse(invoke, Calls(ref reader)),
            (ApduTag.ActionResponse, 4) => new ActionNextResponse(invoke, reader.U32()),
            _ => default(ServiceResponse),
        };
        return reader.IsAtEnd ? response : null;
    }

    /// <summary>
    /// Reads a list of results, as the blocks of a GET with a list hold it; null where the octets are none.
    /// </summary>
    public static IReadOnlyList<ReadResult>? TryReadResults(ReadOnlySpan<byte> octets)
    {
        var reader = new WireReader(octets);
        var results = Reads(ref reader);
        return reader.IsAtEnd ? results : null;
    }

    /// <summary>Reads a list of results, as the blocks of an ACTION hold it; null where the octets are none.</summary>
    public static IReadOnlyList<CallResult>? TryReadCalls(ReadOnlySpan<byte> octets)
    {
        var reader = new WireReader(octets);
        var results = Calls(ref reader);
        return reader.IsAtEnd ? results : null;
    }

    private static ReadResult Read(ref WireReader reader)
    {
        switch (reader.U8())
        {
            case 0:
                return reader.Value();
            case 1:
                return (DataAccessResult)reader.U8();
            default:
                reader.Fail();
                return default;
        }
    }

    private static GetBlockResponse GetBlock(ref WireReader reader, byte invoke)
    {
        var isLast = reader.Flag();
        var number = reader.U32();
        var isError = reader.Flag();
        var error = isError ? (DataAccessResult)reader.U8() : DataAccessResult.Success;
        return new GetBlockResponse(invoke, new Block(isLast, number, isError ? [] : reader.Counted().ToArray()),
            error);
    }

    private static List<ReadResult> Reads(ref WireReader reader)
    {
        var results = new List<ReadResult>();
        for (var count = reader.Length(); count > 0 && !reader.Failed; count--)
            results.Add(Read(ref reader));
        return results;
    }

    private static List<DataAccessResult> Sets(ref WireReader reader)
    {
        var results = new List<DataAccessResult>();
        for (var count = reader.Length(); count > 0 && !reader.Failed; count--)
            results.Add((DataAccessResult)reader.U8());
        return results;
    }

    private static CallResult Call(ref WireReader reader)
    {
        var result = (ActionResult)reader.U8();
        if (!reader.Flag())
            return result;
        var returned = Read(ref reader);
        // Done, but what it returns cannot be had: the caller is told that it has no value.
        return new CallResult(result, returned.Error == DataAccessResult.Success ? returned.Value : null);
    }

    private static List<CallResult> Calls(ref WireReader reader)
    {
        var results = new List<CallResult>();
        for (var count = reader.Length(); count > 0 && !reader.Failed; count--)
            results.Add(Call(ref reader));
        return results;
    }
}
