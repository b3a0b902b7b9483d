using System.Diagnostics;
using OpenSts.Dlms.Values;
using OpenSts.Dlms.Wire;

namespace OpenSts.Dlms.Apdu;

/// <summary>Writes requests.</summary>
public static class RequestWriter
{
    /// <summary>Writes one.</summary>
    public static void Request(this WireWriter writer, ServiceRequest request)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(request);
        var (tag, form) = request switch
        {
            GetRequest => (ApduTag.GetRequest, 1),
            GetNextRequest => (ApduTag.GetRequest, 2),
            GetListRequest => (ApduTag.GetRequest, 3),
            SetRequest => (ApduTag.SetRequest, 1),
            SetFirstBlockRequest set => (ApduTag.SetRequest, set.IsList ? 5 : 2),
            SetBlockRequest => (ApduTag.SetRequest, 3),
            SetListRequest => (ApduTag.SetRequest, 4),
            ActionRequest => (ApduTag.ActionRequest, 1),
            ActionNextRequest => (ApduTag.ActionRequest, 2),
            ActionListRequest => (ApduTag.ActionRequest, 3),
            ActionFirstBlockRequest action => (ApduTag.ActionRequest, action.IsList ? 5 : 4),
            ActionBlockRequest => (ApduTag.ActionRequest, 6),
            _ => throw new UnreachableException(),
        };
        writer.U8((int)tag);
        writer.U8(form);
        writer.U8(request.Invoke);
        switch (request)
        {
            case GetRequest get:
                Attribute(writer, get.Attribute);
                break;
            case GetNextRequest next:
                writer.U32(next.Number);
                break;
            case GetListRequest list:
                Attributes(writer, list.Attributes);
                break;
            case SetRequest set:
                Attribute(writer, set.Attribute);
                writer.Value(set.Value);
                break;
            case SetFirstBlockRequest first:
                if (first.IsList)
                    Attributes(writer, first.Attributes);
                else
                    Attribute(writer, first.Attributes[0]);
                Piece(writer, first.Block);
                break;
            case SetBlockRequest block:
                Piece(writer, block.Block);
                break;
            case SetListRequest list:
                Attributes(writer, list.Attributes);
                Values(writer, list.Values);
                break;
            case ActionRequest action:
                Member(writer, action.Call.Method);
                writer.U8(action.Call.Parameter is null ? 0 : 1);
                if (action.Call.Parameter is { } parameter)
                    writer.Value(parameter);
                break;
            case ActionNextRequest next:
                writer.U32(next.Number);
                break;
            case ActionListRequest list:
                Members(writer, [.. list.Calls.Select(call => call.Method)]);
                Values(writer, [.. list.Calls.Select(call => call.Parameter ?? default)]);
                break;
            case ActionFirstBlockRequest first:
                if (first.IsList)
                    Members(writer, first.Methods);
                else
                    Member(writer, first.Methods[0]);
                Piece(writer, first.Block);
                break;
            case ActionBlockRequest block:
                Piece(writer, block.Block);
                break;
        }
    }

    /// <summary>Writes a list of values with its count.</summary>
    public static void Values(this WireWriter writer, IReadOnlyList<CosemValue> values)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(values);
        writer.Count(values.Count);
        foreach (var value in values)
            writer.Value(value);
    }

    internal static void Piece(WireWriter writer, Block block)
    {
        writer.U8(block.IsLast ? 1 : 0);
        writer.U32(block.Number);
        writer.Counted(block.Octets);
    }

    internal static void Member(WireWriter writer, MemberReference member)
    {
        writer.U16(member.ClassId);
        member.Name.CopyTo(writer.Reserve(LogicalName.Octets));
        writer.U8(member.Index);
    }

    private static void Members(WireWriter writer, IReadOnlyList<MemberReference> members)
    {
        writer.Count(members.Count);
        foreach (var member in members)
            Member(writer, member);
    }

    private static void Attribute(WireWriter writer, AttributeRequest attribute)
    {
        Member(writer, attribute.Attribute);
        writer.U8(attribute.Selection is null ? 0 : 1);
        if (attribute.Selection is not { } selection)
            return;
        writer.U8(selection.Selector);
        writer.Value(selection.Parameters);
    }

    private static void Attributes(WireWriter writer, IReadOnlyList<AttributeRequest> attributes)
    {
        writer.Count(attributes.Count);
        foreach (var attribute in attributes)
            Attribute(writer, attribute);
    }
}
