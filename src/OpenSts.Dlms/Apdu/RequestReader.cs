using OpenSts.Dlms.Values;
using OpenSts.Dlms.Wire;

namespace OpenSts.Dlms.Apdu;

/// <summary>Reads requests. Nothing of the answer refers to the octets that were read.</summary>
public static class RequestReader
{
    /// <summary>Reads a request that fills the octets; null where they are none.</summary>
    public static ServiceRequest? TryRead(ReadOnlySpan<byte> octets)
    {
        var reader = new WireReader(octets);
        var tag = (ApduTag)reader.U8();
        var form = reader.U8();
        var invoke = reader.U8();
        var request = (tag, form) switch
        {
            (ApduTag.GetRequest, 1) => new GetRequest(invoke, Attribute(ref reader)),
            (ApduTag.GetRequest, 2) => new GetNextRequest(invoke, reader.U32()),
            (ApduTag.GetRequest, 3) => new GetListRequest(invoke, Attributes(ref reader)),
            (ApduTag.SetRequest, 1) => new SetRequest(invoke, Attribute(ref reader), reader.Value()),
            (ApduTag.SetRequest, 2) =>
                new SetFirstBlockRequest(invoke, [Attribute(ref reader)], false, ReadBlock(ref reader)),
            (ApduTag.SetRequest, 3) => new SetBlockRequest(invoke, ReadBlock(ref reader)),
            (ApduTag.SetRequest, 4) => new SetListRequest(invoke, Attributes(ref reader), Values(ref reader)),
            (ApduTag.SetRequest, 5) =>
                new SetFirstBlockRequest(invoke, Attributes(ref reader), true, ReadBlock(ref reader)),
            (ApduTag.ActionRequest, 1) =>
                new ActionRequest(invoke, new MethodCall(Member(ref reader), reader.Flag() ? reader.Value() : null)),
            (ApduTag.ActionRequest, 2) => new ActionNextRequest(invoke, reader.U32()),
            (ApduTag.ActionRequest, 3) => Calls(ref reader, invoke),
            (ApduTag.ActionRequest, 4) =>
                new ActionFirstBlockRequest(invoke, [Member(ref reader)], false, ReadBlock(ref reader)),
            (ApduTag.ActionRequest, 5) =>
                new ActionFirstBlockRequest(invoke, Members(ref reader), true, ReadBlock(ref reader)),
            (ApduTag.ActionRequest, 6) => new ActionBlockRequest(invoke, ReadBlock(ref reader)),
            _ => default(ServiceRequest),
        };
        return reader.IsAtEnd ? request : null;
    }

    /// <summary>
    /// Reads a list of values, as the blocks of a SET or ACTION with a list hold it; null where the octets are none.
    /// </summary>
    public static IReadOnlyList<CosemValue>? TryReadValues(ReadOnlySpan<byte> octets)
    {
        var reader = new WireReader(octets);
        var values = Values(ref reader);
        return reader.IsAtEnd ? values : null;
    }

    internal static MemberReference Member(ref WireReader reader)
    {
        var classId = reader.U16();
        var name = reader.Take(LogicalName.Octets);
        var index = unchecked((sbyte)reader.U8());
        return reader.Failed ? default : new MemberReference(classId, LogicalName.FromOctets(name), index);
    }

    internal static Block ReadBlock(ref WireReader reader)
    {
        var isLast = reader.Flag();
        var number = reader.U32();
        return new Block(isLast, number, reader.Counted().ToArray());
    }

    private static AttributeRequest Attribute(ref WireReader reader)
    {
        var attribute = Member(ref reader);
        return new AttributeRequest(attribute, reader.Flag() ? new Selection(reader.U8(), reader.Value()) : null);
    }

    private static List<AttributeRequest> Attributes(ref WireReader reader)
    {
        var attributes = new List<AttributeRequest>();
        for (var count = reader.Length(); count > 0 && !reader.Failed; count--)
            attributes.Add(Attribute(ref reader));
        return attributes;
    }

    private static List<MemberReference> Members(ref WireReader reader)
    {
        var members = new List<MemberReference>();
        for (var count = reader.Length(); count > 0 && !reader.Failed; count--)
            members.Add(Member(ref reader));
        return members;
    }

    private static List<CosemValue> Values(ref WireReader reader)
    {
        var values = new List<CosemValue>();
        for (var count = reader.Length(); count > 0 && !reader.Failed; count--)
            values.Add(reader.Value());
        return values;
    }

    private static ActionListRequest? Calls(ref WireReader reader, byte invoke)
    {
        var methods = Members(ref reader);
        var values = Values(ref reader);
        return methods.Count == values.Count ? new ActionListRequest(invoke,
            [.. methods.Zip(values, (method, value) => new MethodCall(method, value))]) : null;
    }
}
